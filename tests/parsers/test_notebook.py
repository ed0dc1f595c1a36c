"""Jupyter notebooks."""

import json
from base64 import b64encode

import pytest

from schemas.documents import BlockKind
from schemas.errors import UnreadableDocument
from tests.parsers.single import PNG_HEAD, parse, shapes


def test_a_notebook_keeps_its_text_its_code_and_what_the_code_gave() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Yields\n", "\n", "Honey of *two* years."]},
        {
            "cell_type": "code",
            "source": "print(41 - 38)",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": ["3\n"]},
                {"output_type": "stream", "name": "stderr", "text": "a warning"},
                {"output_type": "error", "traceback": ["\u001b[31mlong\u001b[0m"]},
                {
                    "output_type": "display_data",
                    "data": {"image/png": b64encode(PNG_HEAD).decode(), "text/plain": "<Figure>"},
                },
                {"output_type": "execute_result", "data": {"text/plain": ["'done'"]}},
            ],
        },
        {"cell_type": "raw", "source": "as it is"},
    ]
    document = parse(json.dumps({"cells": cells, "metadata": {"title": "Bees"}}).encode(), "a.ipynb")
    assert shapes(document) == [
        (BlockKind.HEADING, 1, "Yields"),
        (BlockKind.PARAGRAPH, 0, "Honey of two years."),
        (BlockKind.CODE, 0, "print(41 - 38)"),
        (BlockKind.CODE, 0, "3"),
        (BlockKind.CODE, 0, "'done'"),
        (BlockKind.PARAGRAPH, 0, "as it is"),
    ]
    assert [figure.content for figure in document.figures] == [PNG_HEAD]
    assert document.title == "Bees"
    assert [entry.title for entry in document.outline] == ["Yields"]


def test_notebooks_of_version_three_are_read() -> None:
    sheet = {"cells": [{"cell_type": "heading", "source": "Old"}, {"cell_type": "code", "input": ["x = 1"]}]}
    document = parse(json.dumps({"worksheets": [sheet]}).encode(), "a.ipynb")
    assert document.text == "Old\n\nx = 1"


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"cells": 3}', b'{"worksheets": [1]}', b"1" * 5000])
def test_what_is_no_notebook_ends_with_a_reason(content: bytes) -> None:
    with pytest.raises(UnreadableDocument) as error:
        parse(content, "a.ipynb")
    assert error.value.reason == "damaged"


@pytest.mark.parametrize(
    "cell",
    [
        None,
        {},
        {"cell_type": "code", "outputs": [3, {"data": {"image/png": 5}}, {"data": []}]},
        {"source": {}},
    ],
)
def test_odd_cells_are_passed_over(cell: object) -> None:
    good = {"cell_type": "raw", "source": "fine"}
    assert parse(json.dumps({"cells": [cell, good]}).encode(), "a.ipynb").text == "fine"
