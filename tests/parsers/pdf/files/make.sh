#!/bin/sh
# Makes the PDFs of this folder from their sources. Needs pdflatex, LibreOffice and Chromium; the tests need none of them.
set -eu
cd "$(dirname "$0")"
for name in one_column two_columns drawn; do
    pdflatex -interaction=batchmode $name.tex >/dev/null
    pdflatex -interaction=batchmode $name.tex >/dev/null
done
chromium --headless --no-sandbox --no-pdf-header-footer --print-to-pdf=page.pdf page.html 2>/dev/null
chromium --headless --no-sandbox --no-pdf-header-footer --print-to-pdf=scripts_browser.pdf scripts.html 2>/dev/null
chromium --headless --no-sandbox --no-pdf-header-footer --print-to-pdf=hindi_browser.pdf hindi.html 2>/dev/null
soffice --headless --infilter="HTML (StarWriter)" --convert-to odt:writer8 scripts.html >/dev/null
soffice --headless --convert-to pdf:writer_pdf_Export scripts.odt >/dev/null
rm -f ./*.aux ./*.log ./*.out scripts.odt
cd ../../../.. && python -m tests.parsers.pdf.articles.make
