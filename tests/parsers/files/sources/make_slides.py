"""Makes `lecture.pptx` with python-pptx: `python make_slides.py ../lecture.pptx`."""

import sys

from pptx import Presentation
from pptx.util import Inches

show = Presentation()
show.core_properties.title, show.core_properties.author = "Swarm control", "Ann Keeper"

opening = show.slides.add_slide(show.slide_layouts[0])
opening.shapes.title.text = "Swarm control"
opening.placeholders[1].text = "A lecture for beginners"
opening.notes_slide.notes_text_frame.text = "Welcome everybody.\nAsk who has seen a swarm."

# The title comes last in the file, as when somebody adds it after the rest.
signs = show.slides.add_slide(show.slide_layouts[1])
signs.shapes.title.text = "Signs of a swarm"
body = signs.placeholders[1].text_frame
body.text = "Queen cells at the edge of the comb"
deeper = body.add_paragraph()
deeper.text, deeper.level = "eight or more", 1
tree = signs.shapes._spTree
tree.append(signs.shapes.title._element)

table = show.slides.add_slide(show.slide_layouts[5])
table.shapes.title.text = "Swarms by month"
grid = table.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
for row, cells in enumerate([("Month", "Swarms"), ("May", "7"), ("June", "4")]):
    for column, text in enumerate(cells):
        grid.cell(row, column).text = text
table.shapes.add_textbox(Inches(1), Inches(5), Inches(6), Inches(1)).text_frame.text = "Counted in 2025."
table.notes_slide.notes_text_frame.text = "June was cold."

show.save(sys.argv[1])
