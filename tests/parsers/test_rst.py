"""reStructuredText: docutils' own markup, Sphinx's, and what may not be opened."""

import pytest

from schemas.documents import BlockKind
from tests.parsers.single import parse, shapes, texts

HEADING, PARAGRAPH, ITEM, TABLE = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE,
)


def test_the_markup_of_docutils_becomes_blocks() -> None:
    source = """
Keeping bees
============

:Author: Ann Bo
:Date: 2024-05-01
:Status: draft

.. contents::

A *short* line with ``code``, a |word| and a note [1]_.

Equipment
---------

b) two
c) three

   * deep

     More words.

smoker : tool
    Makes smoke.

-v, --verbose  say more

.. note:: Take care.

+-----+-------+
| a   | b     |
+=====+=======+
| merged      |
+-----+-------+
| c   | d     |
|     +-------+
|     | e     |
+-----+-------+

.. figure:: hive.png
   :unknown: option

   The caption.

| one line
|   and another

>>> 1 + 1
2

.. [1] In the shade.

.. |word| replace:: substituted
"""
    document = parse(source.encode(), "bees.rst")
    assert (document.metadata.title, document.metadata.author) == ("Keeping bees", "Ann Bo")
    assert document.metadata.created == "2024-05-01"
    assert [(entry.title, entry.level) for entry in document.outline] == [
        ("Keeping bees", 1),
        ("Equipment", 2),
    ]
    assert shapes(document) == [
        (HEADING, 1, "Keeping bees"),
        (ITEM, 0, "- Author: Ann Bo"),
        (ITEM, 0, "- Date: 2024-05-01"),
        (ITEM, 0, "- Status: draft"),
        (PARAGRAPH, 0, "A short line with code, a substituted and a note [1]."),
        (HEADING, 2, "Equipment"),
        (ITEM, 0, "b) two"),
        (ITEM, 0, "c) three"),
        (ITEM, 1, "- deep"),
        (ITEM, 1, "More words."),
        (ITEM, 0, "- smoker (tool): Makes smoke."),
        (ITEM, 0, "- -v, --verbose: say more"),
        (PARAGRAPH, 0, "Take care."),
        (TABLE, 0, "| a | b |\n| --- | --- |\n| merged |  |\n| c | d |\n|  | e |"),
        (BlockKind.CAPTION, 0, "The caption."),
        (PARAGRAPH, 0, "one line\nand another"),
        (BlockKind.CODE, 0, ">>> 1 + 1\n2"),
        (BlockKind.FOOTNOTE, 0, "[1] In the shade."),
    ]


def test_the_markup_of_sphinx_keeps_its_text() -> None:
    source = """
Hives
=====

See :ref:`the yields <yields>`, :class:`~bees.Hive` and :func:`!open_hive`.

.. toctree::
   :maxdepth: 2

   other

.. versionchanged:: 3.2
   The hive is larger.

.. function:: open_hive(name, *, smoke=True)
              close_hive()

   Opens it.

   :param name: its name

.. code-block:: python
   :linenos:
   :emphasize-lines: 1

   if x:
       y()

.. autoclass:: bees.Hive
   :members:

   .. attribute:: weight

      How heavy it is.

.. list-table:: Yields
   :header-rows: 1
   :class: wide

   * - Year
     - kg
   * - 2020
     - 12
"""
    assert shapes(parse(source.encode(), "hives.rst"))[1:] == [
        (PARAGRAPH, 0, "See the yields, Hive and open_hive."),
        (PARAGRAPH, 0, "Changed in version 3.2: The hive is larger."),
        (PARAGRAPH, 0, "open_hive(name, *, smoke=True)"),
        (PARAGRAPH, 0, "close_hive()"),
        (PARAGRAPH, 0, "Opens it."),
        (ITEM, 0, "- param name: its name"),
        (BlockKind.CODE, 0, "if x:\n    y()"),
        (PARAGRAPH, 0, "weight"),
        (PARAGRAPH, 0, "How heavy it is."),
        (BlockKind.CAPTION, 0, "Yields"),
        (TABLE, 0, "| Year | kg |\n| --- | --- |\n| 2020 | 12 |"),
    ]


@pytest.mark.parametrize(
    "markup",
    [
        ".. include:: /etc/passwd",
        ".. literalinclude:: /etc/passwd",
        ".. raw:: html\n   :file: /etc/passwd",
        ".. csv-table:: users\n   :file: /etc/passwd",
        ".. image:: file:///etc/passwd",
    ],
)
def test_nothing_that_a_file_names_is_opened(markup: str) -> None:
    document = parse(f"Before it.\n\n{markup}\n\nBehind it.\n".encode(), "a.rst")
    assert texts(document, PARAGRAPH) == ["Before it.", "Behind it."]
    assert "root:" not in document.text


def test_a_cell_that_reaches_down_at_the_end_of_a_row_ends_where_it_ends() -> None:
    source = """
+---+---+
| a | b |
+---+   |
| c |   |
+---+---+
| d | e |
+---+---+
| f | g |
+---+---+
"""
    [table] = texts(parse(source.encode(), "a.rst"), TABLE)
    assert table.splitlines() == ["| a | b |", "| --- | --- |", "| c |  |", "| d | e |", "| f | g |"]


def test_broken_markup_keeps_its_words() -> None:
    source = "Title\n==\n\nAn *open emphasis and a `role:`x` here.\n\n.. note:\n\n   Not a note.\n\n===\n"
    source += "\n.. change:: 4\n   :by: Ann\n   :by: Bo\n\n   A better smoker.\n"
    document = parse(source.encode(), "a.rst")
    for words in ("Title", "open emphasis", "here.", "A better smoker."):
        assert words in document.text
