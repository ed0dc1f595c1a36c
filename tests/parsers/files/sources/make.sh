#!/bin/sh
# Makes the files one folder up with LibreOffice, pandoc, python-pptx and Chromium. Run in this folder; CI uses the committed results.
set -eu
convert() { soffice --headless --convert-to "$1" --outdir "$3" "$2" >/dev/null; }
convert odt:writer8 handbook.html /tmp/handbook
convert docx:"MS Word 2007 XML" /tmp/handbook/handbook.odt ..
convert xlsx:"Calc MS Excel 2007 XML" yields.csv ..
cp /tmp/handbook/handbook.odt ..
convert ods yields.csv ..
convert pptx:"Impress MS PowerPoint 2007 XML" slides.fodp ..
pandoc --toc seasons.md -o ../seasons.epub
pandoc -s --toc seasons.md -o ../seasons.html
python make_slides.py ../lecture.pptx   # needs python-pptx
convert odp ../lecture.pptx ..
python save_page.py feeding.html ../feeding.mhtml   # needs Chromium
