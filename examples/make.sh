#!/bin/sh
# Rebuild the handbook from sources/. Needs pdflatex, pdftoppm, soffice and ImageMagick (convert).
# The committed files are what this made; HTML and Markdown are their own sources.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1739836800 FORCE_SOURCE_DATE=1  # 18 February 2025, so that PDFs come out the same

cp "$here"/sources/* "$work"
cd "$work"

latex() { pdflatex -interaction=batchmode -halt-on-error "$1" >/dev/null; }

latex petrel.tex
pdftoppm -r 170 -png -singlefile petrel.pdf petrel
latex service-report.tex
latex service-report.tex  # once more for the references
cp service-report.pdf "$here/handbook/service-report-2024.pdf"

soffice --headless "-env:UserInstallation=file://$work/office" --convert-to docx crew-manual.fodt >/dev/null 2>&1
cp crew-manual.docx "$here/handbook/crew-manual.docx"

# A sheet that lay in a drawer, under a scanner's lamp: grey paper, a slight turn, speckles, no text layer.
latex notice-1988.tex
pdftoppm -r 150 -gray -png -singlefile notice-1988.pdf page
convert page.png -background '#e4e4e0' -rotate 0.8 +repage -gravity center -crop 874x1240+0+0 +repage \
    -seed 1988 -attenuate 0.25 +noise Gaussian -blur 0x0.6 -level 0%,94% -colorspace Gray -quality 42 page.jpg
cat >scan.tex <<'END'
\documentclass{article}\usepackage{graphicx}
\usepackage[papersize={148mm,210mm},margin=0mm]{geometry}
\pagestyle{empty}\setlength{\parindent}{0pt}\setlength{\topskip}{0pt}
\begin{document}\vbox to 0pt{\includegraphics[width=148mm,height=210mm]{page.jpg}\vss}\end{document}
END
latex scan.tex
cp scan.pdf "$here/handbook/notice-1988-scan.pdf"
