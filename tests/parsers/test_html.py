import re

import pytest

from parsers.encoding import decode
from schemas.documents import BlockKind, PageQuality
from tests.parsers.labelled_pages import labelled_pages
from tests.parsers.overlap import f1
from tests.parsers.single import parse, shapes, texts

# Floors for 180 pages of our own making (seed 7, 30 articles, 6 kinds of page).
LEAST_F1 = 0.965
LEAST_HEADINGS = 0.95
LEAST_TABLES = 0.95


def test_main_content_headings_and_tables_stay_above_their_floors() -> None:
    scores, headings, tables = [], [0, 0], [0, 0]
    for page in labelled_pages(seed=7, articles=30):
        document = parse(page.html.encode(), "page.html")
        scores.append(f1(document.text, page.text))
        found = texts(document, BlockKind.HEADING)
        headings[0] += sum(heading in found for heading in page.headings)
        headings[1] += len(page.headings)
        tables[0] += min(len(texts(document, BlockKind.TABLE)), page.tables)
        tables[1] += page.tables
    assert sum(scores) / len(scores) >= LEAST_F1
    assert headings[0] / headings[1] >= LEAST_HEADINGS
    assert tables[0] / tables[1] >= LEAST_TABLES


def test_metadata_comes_from_the_head() -> None:
    page = """<html lang="de-AT"><head><title>Bienen | Das Magazin</title>
    <link rel="canonical" href="https://example.org/bees"><meta name="author" content="Ann Imker">
    <meta property="article:published_time" content="2026-03-01T10:00:00Z"></head>
    <body><h1>Bienen</h1><p>Ein Volk braucht im Winter zwanzig Kilogramm Honig.</p></body></html>"""
    document = parse(page.encode(), "a.html")
    assert document.metadata.title == "Bienen"
    assert document.metadata.author == "Ann Imker"
    assert document.metadata.created == "2026-03-01T10:00:00Z"
    assert document.metadata.canonical_url == "https://example.org/bees"
    assert document.language == "de"


def test_structure_is_kept() -> None:
    page = """<body><main><h1>Title</h1><p>One<br>two&shy;fold   words.</p>
    <ol start=3><li>three<ul><li>deep</li></ul></li><li><p>four</p><p>still four</p></li></ol>
    <dl><dt>Term</dt><dd>Its meaning.</dd></dl>
    <pre><code>if x:\n    y()</code></pre>
    <table><caption>Yields</caption><tr><th colspan=2>Both</th></tr><tr><td rowspan=2>a</td><td>1|2</td></tr>
    <tr><td>3</td></tr></table>
    <figure><img src="x.png"><figcaption>A hive.</figcaption></figure>
    <p id=fn1 class=footnote>1 A note.</p></main></body>"""
    assert shapes(parse(page.encode(), "a.html")) == [
        (BlockKind.HEADING, 1, "Title"),
        (BlockKind.PARAGRAPH, 0, "One\ntwofold words."),
        (BlockKind.LIST_ITEM, 0, "3. three"),
        (BlockKind.LIST_ITEM, 1, "- deep"),
        (BlockKind.LIST_ITEM, 0, "4. four"),
        (BlockKind.LIST_ITEM, 0, "still four"),
        (BlockKind.LIST_ITEM, 0, "Term"),
        (BlockKind.LIST_ITEM, 0, ": Its meaning."),
        (BlockKind.CODE, 0, "if x:\n    y()"),
        (BlockKind.CAPTION, 0, "Yields"),
        (BlockKind.TABLE, 0, "| Both |  |\n| --- | --- |\n| a | 1\\|2 |\n|  | 3 |"),
        (BlockKind.CAPTION, 0, "A hive."),
        (BlockKind.FOOTNOTE, 0, "1 A note."),
    ]


def test_a_picture_has_the_caption_of_its_figure() -> None:
    picture = f"data:image/png;base64,{'iVBORw0KGgo' * 200}="
    page = f"""<body><p>Words before it.</p><figure><img alt="bars" src="{picture}">
    <figcaption>A  <b>hive</b>.</figcaption></figure></body>"""
    document = parse(page.encode(), "a.html")
    assert [(figure.caption, figure.alt) for figure in document.figures] == [("A hive.", "bars")]
    assert "A hive." in texts(document, BlockKind.CAPTION)


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "shift_jis"])
def test_the_declared_encoding_is_used(encoding: str) -> None:
    words = "日本語の文章です。" if encoding == "shift_jis" else "Größe und Übermaß, café."
    page = f"<html><head><meta charset={encoding}></head><body><p>{words}</p></body></html>"
    assert parse(page.encode(encoding), "a.html").text == words


def test_a_page_that_mainly_leads_elsewhere_is_noted() -> None:
    links = "".join(f"<li><a href=/{n}>The story of hive number {n}</a></li>" for n in range(20))
    front = f"<html><body><h1>Stories</h1><p>All that we have.</p><ul>{links}</ul></body></html>"
    (note,) = parse(front.encode(), "a.html").page_notes
    assert note.quality is PageQuality.BOILERPLATE
    article = (
        f"<html><body><nav><ul>{links}</ul></nav><p>{'Bees dance to show the way. ' * 60}</p></body></html>"
    )
    assert not parse(article.encode(), "a.html").page_notes


BODY = "".join(
    f"<p>In month {n} the keeper weighs each hive, and writes the loss of stores down.</p>" for n in range(9)
)


def test_a_lead_in_beside_the_text_is_kept_once_and_after_the_title() -> None:
    lead = "A hive that weighs too little in March will not live until the willows flower."
    page = f"""<body><article><header><div class="pageHead"><h1>Weighing hives</h1></div></header>
    <div class="articleIntro"><p>{lead}</p></div><div class="body">{BODY}</div></article></body>"""
    text = parse(page.encode(), "a.html").text
    assert text.index("Weighing hives") < text.index(lead) < text.index("In month 0")
    assert text.count(lead) == 1
    assert text.count("Weighing hives") == 1


def test_a_linked_summary_of_another_page_is_no_lead_in() -> None:
    link = "<a href=/b>How a beekeeper in the next valley lost all of her hives to mites</a>"
    other = f'<div class="summary"><p>{link}</p></div>'
    text = parse(f"<body><h1>Hives</h1>{other}<div>{BODY}</div></body>".encode(), "a.html").text
    assert "mites" not in text


@pytest.mark.parametrize(
    "names",
    [
        "class='field field--label-hidden'",
        "class='elementor-widget elementor-widget-text-editor'",
        "class='part part--ads'",
    ],
)
def test_names_of_a_builders_boxes_and_of_states_do_not_cost_text(names: str) -> None:
    said = "Two frames of honey in the upper box are enough until the middle of April."
    page = f"<body><main><h1>Stores</h1>{BODY}<div {names}><p>{said}</p></div></main></body>"
    assert said in parse(page.encode(), "a.html").text


def test_a_builders_menu_is_still_left_out() -> None:
    menu = "<div class='elementor-widget elementor-widget-nav-menu'>Hives Honey Wax</div>"
    assert "Wax" not in parse(f"<body><h1>Stores</h1>{menu}<div>{BODY}</div></body>".encode(), "a.html").text


def test_a_headings_id_is_made_of_its_words_and_says_nothing_of_its_kind() -> None:
    page = f"<body><h1>Bees</h1>{BODY}<h2 id=what-bees-like>What bees like</h2>{BODY}</body>"
    assert "What bees like" in texts(parse(page.encode(), "a.html"), BlockKind.HEADING)


@pytest.mark.parametrize(
    "extra",
    [
        "<a class='site-teaser' href=/b><h3>Unwanted</h3></a>",
        "<div class=author-box><p>Unwanted</p></div>",
        "<div class=entryfooter><p>Unwanted</p></div>",
        "<span class=off-screen>Unwanted</span>",
    ],
)
def test_teasers_author_boxes_and_text_for_screen_readers_are_left_out(extra: str) -> None:
    assert "Unwanted" not in parse(f"<body><h1>Bees</h1>{BODY}{extra}</body>".encode(), "a.html").text


@pytest.mark.parametrize("title", ["Lesen Sie auch:", "À lire aussi", "相关阅读", "関連記事"])
def test_titles_of_related_links_are_left_out_in_other_languages(title: str) -> None:
    assert title not in parse(f"<body><h1>Bees</h1>{BODY}<h3>{title}</h3></body>".encode(), "a.html").text


@pytest.mark.parametrize("name", ["comments", "comment-list", "related_posts", "sidebar"])
def test_threads_and_sidebars_longer_than_the_article_are_left_out(name: str) -> None:
    thread = f"<p>{'Mine were lost in May, when nobody had looked for weeks. ' * 25}</p>"
    page = f"<body><div><h1>Bees</h1>{BODY}</div><div id={name}>{thread}</div></body>"
    text = parse(page.encode(), "a.html").text
    assert "In month 8" in text
    assert "Mine were lost" not in text


def test_a_thread_that_is_nearly_all_of_a_page_is_its_content() -> None:
    thread = f"<p>{'Mine were lost in May, when nobody had looked for weeks. ' * 25}</p>"
    page = f"<body><h1>Bees</h1><p>Whose were lost?</p><div id=comments>{thread}</div></body>"
    assert "Mine were lost" in parse(page.encode(), "a.html").text


def test_a_logo_in_the_navigation_is_not_the_title() -> None:
    page = f"<body><nav><div><h1>The Daily Hive</h1></div></nav><div>{BODY}</div></body>"
    assert "Daily Hive" not in parse(page.encode(), "a.html").text


def test_text_that_fits_no_encoding_is_noted() -> None:
    garbled = b"\xef\xbb\xbf" + "Größe, Übermaß und Königinnen. ".encode("cp1252") * 20
    (note,) = parse(garbled, "a.txt").page_notes
    assert note.quality is PageQuality.GARBLED


@pytest.mark.parametrize(
    "extra",
    [
        "<figure><table><tr><td><a href=/b>Unwanted: a hive in an hour</a></td></tr></table></figure>",
        "<p><strong>Read more:</strong> <a href=/b>Unwanted hives of the valley</a></p>",
        f"<p><b>เรื่องที่เกี่ยวข้อง</b><br><a href=/b>Unwanted {'bees ' * 20}</a></p>",
        "<figure><img src=a.png><figcaption>Photo: Unwanted / Agency</figcaption></figure>",
        "<figure><img src=a.png><figcaption>© Unwanted Pictures</figcaption></figure>",
    ],
)
def test_links_in_frames_of_their_own_and_mere_credits_are_left_out(extra: str) -> None:
    page = f"<body><main><h1>Stores</h1>{BODY}{extra}{BODY}</main></body>"
    assert "Unwanted" not in parse(page.encode(), "a.html").text


@pytest.mark.parametrize(
    "kept",
    [
        "<p>As <a href=/b>the beekeepers of the valley found</a>, mites came early that year.</p>",
        "<figure><img src=a.png><figcaption>Picture of a hive under snow</figcaption></figure>",
        "<figure><a href=/b><img src=a.png><figcaption>Bees on a willow</figcaption></a></figure>",
        "<figure><img src=a.png><figcaption>A hive in snow. Photo: Agency</figcaption></figure>",
    ],
)
def test_links_in_a_sentence_and_captions_that_say_something_are_kept(kept: str) -> None:
    page = f"<body><main><h1>Stores</h1>{BODY}{kept}{BODY}</main></body>"
    words = " ".join(re.sub(r"<[^>]*>", "", kept).split())
    assert words in parse(page.encode(), "a.html").text


def test_a_caption_that_several_pictures_share_stands_once() -> None:
    figure = "<figure><img src=a.png><figcaption>Weighing the hives</figcaption></figure>"
    document = parse(f"<body><main><h1>Hives</h1>{figure}{BODY}{figure}</main></body>".encode(), "a.html")
    assert texts(document, BlockKind.CAPTION) == ["Weighing the hives"]


def test_an_articles_own_name_goes_before_a_word_of_furniture() -> None:
    side = "<div class=inner><p>A course on bees for those who have an hour a week and a garden.</p></div>"
    page = f"<body><div class=article_content id=content_print>{BODY}</div>{side * 8}</body>"
    assert "In month 0" in parse(page.encode(), "a.html").text


def test_first_paragraphs_in_a_box_of_their_own_are_part_of_the_text() -> None:
    first = "<p>The hives were weighed each week from March to October, on a scale for potatoes.</p>"
    page = f"<body><div><div class=firstPar>{first}{first}</div><div class=body>{BODY}</div></div></body>"
    assert "a scale for potatoes" in parse(page.encode(), "a.html").text


SECTION = "<h2>{0}</h2><div class=sectionbody>{1}</div>"


def test_short_sections_beside_a_long_one_are_kept() -> None:
    parts = [SECTION.format("Name", "<p>hive - weigh a hive</p>"), SECTION.format("Options", BODY * 4)]
    page = "".join(f"<div class=sect{n}>{part}</div>" for n, part in enumerate(parts))
    found = texts(
        parse(f"<body><h1>hive(1)</h1><div id=content>{page}</div></body>".encode(), "a.html"),
        BlockKind.HEADING,
    )
    assert found == ["hive(1)", "Name", "Options"]


def test_paragraphs_beside_the_box_that_holds_the_rest_are_kept() -> None:
    first = "<p>The scale stands on four bricks, and is read each Sunday at noon.</p>"
    page = f"<body><div class=story><h1>Stores</h1>{first * 4}<div class=rest>{BODY * 3}</div></div></body>"
    assert "on four bricks" in parse(page.encode(), "a.html").text


def test_the_declaration_above_a_functions_description_is_kept() -> None:
    code = "<div class=decl><pre><code>fn <a href=/w>weigh</a>(hive: <a href=/h>Hive</a>)</code></pre></div>"
    page = (
        f"<body><main><h1>weigh</h1>{code}<details open><summary>More</summary>{BODY}</details></main></body>"
    )
    assert texts(parse(page.encode(), "a.html"), BlockKind.CODE) == ["fn weigh(hive: Hive)"]


@pytest.mark.parametrize(
    "layout", ["<ul><li>{0}</li><li>{1}</li></ul>", "<table><tr><td>{0}</td><td>{1}</td></tr></table>"]
)
def test_columns_made_of_a_list_or_a_table_are_told_from_content(layout: str) -> None:
    side = "<div>Most read</div><div>A swarm in the mayor's car</div><div>Honey at nine euros</div>"
    page = f"<body>{layout.format(f'<h1>Stores</h1>{BODY}', side)}</body>"
    text = parse(page.encode(), "a.html").text
    assert "In month 8" in text
    assert "mayor" not in text


def test_a_word_of_a_sentence_that_opens_a_note_is_part_of_it() -> None:
    said = "<p>The keeper is <a class=popup href=#>rather elderly</a>, and is tired.</p>"
    page = f"<body><h1>Bees</h1>{BODY}{said}</body>"
    assert "is rather elderly, and" in parse(page.encode(), "a.html").text


def test_headings_that_lead_back_to_a_table_of_contents_are_kept() -> None:
    heading = "<h2><a class=toc-backref href=#id1>Wintering</a></h2>"
    assert "Wintering" in texts(
        parse(f"<body><h1>Bees</h1>{heading}{BODY}</body>".encode(), "a.html"), BlockKind.HEADING
    )


def test_a_sections_id_that_is_made_of_its_heading_says_nothing_of_its_kind() -> None:
    kept = f"<section id=cookies><h2>Cookies</h2>{BODY}</section>"
    beside = f"<section id=sessions><h2>Sessions</h2>{BODY}</section>"
    left_out = "<section id=related><h2>Related</h2><p>A swarm was seen in the mayor's car.</p></section>"
    document = parse(f"<body><main><h1>API</h1>{beside}{kept}{left_out}</main></body>".encode(), "a.html")
    assert texts(document, BlockKind.HEADING) == ["API", "Sessions", "Cookies"]


def test_the_title_is_the_one_nearest_to_the_text() -> None:
    article = f"<article><div><h1>Stores</h1></div><div>{BODY}</div></article>"
    page = f"<body><div><h1>The Apiary</h1></div>{article}</body>"
    assert texts(parse(page.encode(), "a.html"), BlockKind.HEADING) == ["Stores"]


def test_a_list_of_links_stays_where_a_sentence_leads_up_to_it() -> None:
    links = "".join(f"<li><a href=/{n}>Scale number {n}</a></li>" for n in range(4))
    page = "<body><main><h1>Scales</h1>{0}<p>{1}</p><ul>{2}</ul>{0}</main></body>"
    assert "Scale number 3" in parse(page.format(BODY, "These were tried:", links).encode(), "a.html").text
    assert (
        "Scale number 3" not in parse(page.format(BODY, "These were tried.", links).encode(), "a.html").text
    )


def test_a_page_of_nothing_but_links_keeps_them() -> None:
    links = "".join(f"<li><a href=/{n}>Chapter {n} of the manual</a></li>" for n in range(9))
    assert "Chapter 8" in parse(f"<body><h1>Manual</h1><ul>{links}</ul></body>".encode(), "a.html").text


@pytest.mark.parametrize(
    "paging",
    [
        "<p>Next: <a rel=next href=b>Wax</a>, Previous: <a rel=prev href=a>Honey</a></p>",
        "<table><tr><td><a href=a>Prev</a></td><th>Part two</th><td><a href=b>Next</a></td></tr></table>",
    ],
)
def test_ways_to_the_page_before_and_behind_are_left_out(paging: str) -> None:
    text = parse(f"<body><div class=a>{paging}<h1>Stores</h1>{BODY}</div></body>".encode(), "a.html").text
    assert "rev" not in text
    assert text.startswith("Stores")


def test_a_page_of_which_all_is_named_furniture_is_read() -> None:
    said = "<p>Mine were lost in May, when nobody had looked for weeks, and all of the honey was gone.</p>"
    posts = "".join(f"<div class=comment><b>Keeper {n}</b>{said}</div>" for n in range(20))
    assert "Mine were lost" in parse(f"<body><h1>Losses</h1>{posts}</body>".encode(), "a.html").text


def test_an_encoding_whose_name_is_damaged_is_passed_over() -> None:
    assert decode("Café au lait, garçon, s'il vous plaît!".encode("latin1"), "iso-\0008859-1").startswith(
        "Caf"
    )


def test_boxes_of_links_at_an_articles_end_are_left_out() -> None:
    box = "<table class='navbox collapsible'><tr><th>More</th><td>Hives Wax Honey</td></tr></table>"
    page = f"<body><main><h1>Bees<span class=mw-editsection>[edit]</span></h1>{BODY}{box}</main></body>"
    document = parse(page.encode(), "a.html")
    assert texts(document, BlockKind.HEADING) == ["Bees"]
    assert "Hives Wax" not in document.text


def test_cells_of_a_notebook_are_kept_with_their_code() -> None:
    prose, code = (
        "<div class='cell text'>{0}</div>",
        "<div class='cell code'><i class=jp-InputPrompt>In [1]:</i><pre>x</pre>{0}</div>",
    )
    table = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    page = f"<body><main>{prose.format('<h1>Hives</h1>' + BODY)}{code.format(table)}</main></body>"
    document = parse(page.encode(), "a.html")
    assert texts(document, BlockKind.CODE) == ["x"]
    assert "In [1]" not in document.text
    assert len(texts(document, BlockKind.TABLE)) == 1
