"""What dialects of Markdown add to CommonMark."""

import pytest

from schemas.documents import BlockKind
from tests.parsers.single import parse, shapes, texts

P, H, LI, NOTE = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.FOOTNOTE
CODE, TABLE = BlockKind.CODE, BlockKind.TABLE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('!!! note "Careful"\n    Wear a veil.\n\n    - always\n\nThen go.', [P, P, LI, P]),
        ('=== "Linux"\n\n    ```\n    !!! not a note\n    ```\n\n=== "macOS"\n\n    Text.', [P, CODE, P, P]),
        (":::tip[Good]\nFeed them.\n:::", [P, P]),
        ("::: {.warning}\nBees sting.\n:::", [P, P]),
        ("> [!WARNING]\n> Bees sting.", [P, P]),
        ("```{note} Careful\nWear a *veil*.\n```", [P, P]),
        ("```\n:::tip\n[^1]: x\n```", [CODE]),
    ],
)
def test_admonitions_and_tabs_are_text_with_their_titles(text: str, found: list[BlockKind]) -> None:
    document = parse(text.encode(), "a.md")
    assert [kind for kind, _, _ in shapes(document)] == found
    assert "veil*" not in document.text


def test_notes_are_footnotes_under_the_marks_in_the_text() -> None:
    text = (
        "Bees sleep.[^1] So.[^why]\n\n[^1]: http://example.org/\n[^why]: At night.\n\n    It is dark.\n\nEnd."
    )
    assert shapes(parse(text.encode(), "a.md")) == [
        (P, 0, "Bees sleep.[1] So.[why]"),
        (NOTE, 0, "[1] http://example.org/"),
        (NOTE, 0, "[why] At night."),
        (NOTE, 0, "It is dark."),
        (P, 0, "End."),
    ]


def test_html_in_markdown_keeps_headings_tables_and_lists() -> None:
    text = """<h1 align="center">Bees</h1>

<details>
<summary>More</summary>

Inner *text*.

</details>

<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>
"""
    document = parse(text.encode(), "a.md")
    assert shapes(document) == [
        (H, 1, "Bees"),
        (P, 0, "More"),
        (P, 0, "Inner text."),
        (TABLE, 0, "| A | B |\n| --- | --- |\n| 1 | 2 |"),
    ]
    assert [entry.title for entry in document.outline] == ["Bees"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("So $a*b*c_{i}$ and $$x \\\\ y$$.", "So $a*b*c_{i}$ and $$x \\\\ y$$."),
        ("So \\(a_1*b*c\\).", "So \\(a_1*b*c\\)."),
        ("It is \\[sic\\], for $5 and *$6*.", "It is [sic], for $5 and $6."),
        ("See [[Varroa mite|mites]], [[Nosema]] and ![[hive.png]].", "See mites, Nosema and ."),
        ("Run `[[ -f x ]]` or [[1]](u).", "Run [[ -f x ]] or [1]."),
        ("The {class}`Context` of {ref}`the guide <guide>`.", "The Context of the guide."),
        ("Call {py:meth}`~click.Context.invoke` with {math}`x < 2`.", "Call invoke with x < 2."),
        ("A set {a} `b`, and {not a role}`c`.", "A set {a} b, and {not a role}c."),
    ],
)
def test_formulas_stand_as_they_are_and_links_of_wikis_as_their_words(text: str, shown: str) -> None:
    assert parse(text.encode(), "a.md").text == shown


def test_attributes_of_a_heading_are_left_out() -> None:
    document = parse(b"# Hives {#hives .wide}\n\n## Sets {1, 2}", "a.md")
    assert texts(document, H) == ["Hives", "Sets {1, 2}"]


def test_mdx_loses_its_modules_and_keeps_its_code() -> None:
    text = (
        'import Tabs from "@theme/Tabs";\n\nexport const a = {\n  b: 1,\n};\n\n# Hives\n\n<Tabs>\n\nText.\n\n'
        '</Tabs>\n\n```js\nimport x from "y";\n```\n'
    )
    document = parse(text.encode(), "a.mdx")
    assert shapes(document) == [(H, 1, "Hives"), (P, 0, "Text."), (CODE, 0, 'import x from "y";')]


def test_front_matter_may_be_toml() -> None:
    document = parse(b'+++\ntitle = "Bees"\ndate = 2024-05-01\n+++\nText.', "a.md")
    assert (document.title, document.metadata.created, document.text) == ("Bees", "2024-05-01", "Text.")
