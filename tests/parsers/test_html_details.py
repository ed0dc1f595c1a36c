"""What a reader sees of a web page's small parts: formulas, notes, code, tabs, hidden text."""

import pytest

from schemas.documents import BlockKind
from schemas.errors import UnreadableDocument
from tests.parsers.single import parse, shapes, texts

FILLER = "<p>The keeper weighs each hive, and writes the loss of stores down, month by month.</p>" * 5
MATHML = (
    "<math><semantics><mrow><mi>E</mi><mo>=</mo><msup><mi>c</mi><mn>2</mn></msup></mrow>"
    '<annotation encoding="application/x-tex">{\\displaystyle E=c^{2}}</annotation></semantics></math>'
)


def _shown(html: str) -> list[str]:
    """Return the blocks that a piece of a page becomes, in the middle of a text."""
    page = f"<body><main><h1>Bees</h1>{FILLER}<hr>{html}<hr>{FILLER}</main></body>"
    found = [text for _, _, text in shapes(parse(page.encode(), "a.html"))]
    return [text for text in found if text != "Bees" and not text.startswith("The keeper weighs")]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            f"<span class=katex><span class=katex-mathml>{MATHML}</span>"
            "<span class=katex-html aria-hidden=true>E=c2</span></span>",
            "E=c^{2}",
        ),
        (
            "<span class=MathJax_Preview>E=c2</span><span class=MathJax><nobr aria-hidden=true>E=c2</nobr>"
            "</span><script type='math/tex'>E = c^2</script>",
            "E = c^2",
        ),
        (
            "<mjx-container><mjx-math aria-hidden=true>E</mjx-math><mjx-assistive-mml><math><mi>E</mi>"
            "<mo>=</mo><mfrac><mn>1</mn><mi>c</mi></mfrac></math></mjx-assistive-mml></mjx-container>",
            "E=1/c",
        ),
        (
            f'<span class=mwe-math-element><span style="display: none;">{MATHML}</span>'
            '<img class=mwe-math-fallback-image-inline aria-hidden=true alt="E=c^{2}"></span>',
            "E=c^{2}",
        ),
        ("<math alttext='x^2'><msup><mi>x</mi><mn>2</mn></msup></math>", "x^2"),
        ("<math><msqrt><mi>x</mi><mo>+</mo><msub><mi>y</mi><mn>12</mn></msub></msqrt></math>", "√(x+y_12)"),
        ("<img class=math src=m.png alt='\\sqrt{2}'>", "\\sqrt{2}"),
    ],
)
def test_a_formula_is_in_the_text_once(html: str, shown: str) -> None:
    assert _shown(f"<p>Say {html} for short.</p>") == [f"Say {shown} for short."]
    cell = f"<table><tr><th>Law</th><th>By</th></tr><tr><td>{html}</td><td>Him</td></tr></table>"
    assert f"| {shown} | Him |" in _shown(cell)[0]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("10<sup>3</sup> m<sup>2</sup>, 10<sup>-6</sup>, the 1<sup>st</sup>", "10³ m², 10⁻⁶, the 1st"),
        ("asleep.<sup><a href='#n1'>1</a></sup>", "asleep.[1]"),
        ("asleep.<a href='#n1'><sup>1</sup></a>", "asleep.[1]"),
        ("asleep.<sup><a href='#f' data-footnote-ref>2</a></sup>", "asleep.[2]"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>を読む", "漢を読む"),
        ("honey&shy;comb, wax&#8203;moth", "honeycomb, waxmoth"),
        ("for <del>8</del> <ins>9</ins> euros", "for 9 euros"),
    ],
)
def test_a_line_reads_as_it_is_shown(html: str, shown: str) -> None:
    assert _shown(f"<p>{html}</p>") == [shown]


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<pre><code><div class=line>a = 1</div><div class=line>b = 2</div></code></pre>", "a = 1\nb = 2"),
        ("<pre><span>a = 1</span><br><span>  b = 2</span></pre>", "a = 1\n  b = 2"),
        (
            "<table><tr><td class=blob-num data-line-number=1><td class=blob-code>a = 1"
            "<tr><td class=blob-num data-line-number=2><td class=blob-code>  b = 2</table>",
            "a = 1\n  b = 2",
        ),
        (
            "<table><tr><td class=linenos><pre>1\n2</pre><td class=code><pre>a = 1\nb = 2</pre></table>",
            "a = 1\nb = 2",
        ),
        ("<pre class='line-numbers language-py'><code>a = 1</code></pre>", "a = 1"),
        (
            "<div class='language-py line-numbers-mode'><pre>a = 1</pre>"
            "<div class=line-numbers-wrapper><span class=line-number>1</span><br></div></div>",
            "a = 1",
        ),
        ("<div><button>Copy</button><pre><i class=lineno>1</i>a = 1\n</pre></div>", "a = 1"),
    ],
)
def test_code_keeps_its_lines_and_loses_their_numbers(html: str, code: str) -> None:
    document = parse(f"<body><main><h1>Bees</h1>{FILLER}{html}</main></body>".encode(), "a.html")
    assert texts(document, BlockKind.CODE) == [code]


@pytest.mark.parametrize(
    "html",
    [
        "<div role=tabpanel hidden><p>Shown</p></div>",
        "<div class='tab-pane' style='display:none'><p>Shown</p></div>",
        "<div hidden=until-found><p>Shown</p></div>",
        "<details><summary>Shown</summary></details>",
        "<blockquote><footer>Shown</footer></blockquote>",
    ],
)
def test_what_a_click_or_a_search_brings_up_is_kept(html: str) -> None:
    assert _shown(html) == ["Shown"]


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden>Unseen</p>",
        "<p style='visibility: hidden'>Unseen</p>",
        "<aside class=note hidden><p>Unseen</p></aside>",
        "<template><p>Unseen</p></template>",
        "<noscript><p>Unseen</p></noscript>",
        "<div id=CybotCookiebotDialog><p>Unseen</p></div>",
    ],
)
def test_what_nobody_sees_is_left_out(html: str) -> None:
    assert not _shown(html)


def test_lines_left_free_part_paragraphs() -> None:
    assert _shown("<div>One.<br>Two.<br><br>Three.</div>") == ["One.\nTwo.", "Three."]


def test_a_list_of_sources_is_notes_without_the_ways_back() -> None:
    notes = "<ol class=references><li><span class=mw-cite-backlink><b>^</b></span> Smith 2004.</li></ol>"
    page = f"<body><main><h1>Bees</h1>{FILLER}{notes}</main></body>"
    assert texts(parse(page.encode(), "a.html"), BlockKind.FOOTNOTE) == ["[1] Smith 2004."]


def test_a_heading_keeps_a_sharp_that_belongs_to_a_name() -> None:
    assert _shown("<h2>Bees in C#</h2><h2>Wax <a href='#w'>#</a></h2>") == ["Bees in C#", "Wax"]


def test_a_short_sentence_that_begins_as_a_title_of_links_does_is_kept() -> None:
    assert _shown("<p>More on that in chapter four.</p>") == ["More on that in chapter four."]


ARTICLE_BODY = (
    "Mites came in spring.\\nThe keeper lost four of nine hives to them. " + "None was treated. " * 20
)
APP = "<div id=root></div><script src=main.js></script>"


def test_a_page_that_scripts_fill_gives_the_article_in_its_data() -> None:
    data = f'{{"@type": "NewsArticle", "headline": "Mites", "articleBody": "{ARTICLE_BODY}"}}'
    page = f"<head><script type=application/ld+json>{data}</script></head><body>{APP}</body>"
    found = texts(parse(page.encode(), "a.html"), BlockKind.PARAGRAPH)
    assert found[0] == "Mites came in spring."
    assert found[1].startswith("The keeper lost four")


@pytest.mark.parametrize(
    "shell",
    [
        APP,
        "<noscript>Please enable JavaScript.</noscript><p>Loading</p><script src=main.js></script>",
        "<p>Loading</p><script id=__NEXT_DATA__ type=application/json>{}</script>",
    ],
)
def test_a_page_that_only_a_browser_can_show_is_told_so(shell: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        parse(f"<html><body>{shell}</body></html>".encode(), "a.html")
    assert caught.value.reason == "needs_browser"
    assert "save the page" in str(caught.value)


@pytest.mark.parametrize(
    ("words", "script"),
    [
        ("Closed on Monday.", "<script src=count.js></script>"),
        ("中国铁路总公司通过官方微博发布辟谣消息称网传信息不实", "<script id=__NEXT_DATA__>{}</script>"),
    ],
)
def test_a_short_page_with_scripts_of_its_own_is_read(words: str, script: str) -> None:
    page = f"<html><body><p>{words}</p>{script}</body></html>"
    assert parse(page.encode(), "a.html").text == words


@pytest.mark.parametrize(
    ("declared", "written", "words"),
    [
        ("iso-8859-1", "cp1252", "\u201cHonig\u201d für 9 €"),
        ("gb2312", "gb18030", "朱镕基在北京"),
        ("shift_jis", "cp932", "①㈱の髙橋です"),
        ("euc-kr", "cp949", "똠방각하의 벌"),
    ],
)
def test_an_encoding_is_read_as_the_larger_one_that_browsers_take_it_for(
    declared: str, written: str, words: str
) -> None:
    page = f"<head><meta charset={declared}></head><body><p>{words}</p></body>"
    assert parse(page.encode(written), "a.html").text == words


def test_an_archives_banner_is_left_out() -> None:
    banner = "<div id=wm-ipp-base><p>The machine has captured this page twelve times since 2003.</p></div>"
    appeal = "<div id=donato><p>Give us money, for we need it.</p></div>"
    page = f"<body>{banner}{appeal}<h1>Bees</h1>{FILLER}</body>"
    assert parse(page.encode(), "a.html").text.startswith("Bees")


def test_authors_dates_and_language_come_from_where_pages_state_them() -> None:
    page = b"""<head><meta name=citation_author content="Imker, Ann">
    <meta name=citation_author content="Bee, B."><meta http-equiv=content-language content=fr-CA>
    <meta http-equiv=last-modified content="Tue, 04 May 2021 10:00:00 GMT">
    <meta name=dc.date.issued content=2021-05-01></head><body><p>Un mot.</p></body>"""
    document = parse(page, "a.html")
    assert document.metadata.author == "Imker, Ann; Bee, B."
    assert document.metadata.created == "2021-05-01"
    assert document.metadata.modified == "2021-05-04T10:00:00+00:00"
    assert document.language == "fr"


def test_an_author_may_be_named_elsewhere_in_a_pages_data() -> None:
    data = """{"@graph": [{"@type": "Person", "@id": "#a", "name": "Ann"},
    {"@type": "Article", "headline": "Bees", "author": {"@id": "#a"}}]}"""
    page = f"<head><script type=application/ld+json>{data}</script></head><body><p>Words.</p></body>"
    assert parse(page.encode(), "a.html").metadata.author == "Ann"


def test_a_picture_that_is_loaded_late_is_found() -> None:
    picture = f"data:image/png;base64,{'iVBORw0KGgo' * 200}="
    blank = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
    page = f"<body><p>Words.</p><img src='{blank}' data-src='{picture}' alt=hive></body>"
    assert [figure.alt for figure in parse(page.encode(), "a.html").figures] == ["hive"]


def test_a_formula_of_a_thousand_levels_costs_no_text() -> None:
    deep = f"<math>{'<mrow>' * 1500}<mi>x</mi>{'</mrow>' * 1500}</math>"
    assert "The keeper weighs" in parse(f"<body>{FILLER}<p>{deep}</p></body>".encode(), "a.html").text
