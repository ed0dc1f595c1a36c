# ruff: noqa: E501  # pages are easier to read with their long lines whole
"""Web pages of our own making whose main content is known: the same articles in six kinds of page."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_WORDS = (
    "the hive keeper checks each frame for brood and honey before winter because colonies need "
    "stores of sugar water bees gather pollen from clover lime heather while drones leave in autumn "
    "when nights grow cold and a queen lays fewer eggs so that workers cluster around her to keep "
    "warm until spring returns with willow "
).split()
_SITE = (
    "Privacy Home About Contact Shop Journal Archive Events Members Press Careers Help Store Forum "
).split()


@dataclass(frozen=True)
class Page:
    """A page with what a reader came for: its text, headings and number of tables."""

    kind: str
    html: str
    text: str
    headings: tuple[str, ...]
    tables: int


@dataclass(frozen=True)
class _Article:
    title: str
    body: str
    text: str
    headings: tuple[str, ...]
    tables: int


def labelled_pages(seed: int, articles: int) -> Iterator[Page]:
    """Yield each article in every kind of page."""
    chance = random.Random(seed)
    for _ in range(articles):
        article = _article(chance)
        for kind, layout in _LAYOUTS.items():
            html = layout(article, chance)
            yield Page(kind, html, article.text, article.headings, article.tables)


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(7, 22))).capitalize() + "."


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(chance.randint(1, 6)))


def _article(chance: random.Random) -> _Article:
    html, texts, headings, tables = [], [], [], 0
    title = " ".join(chance.choices(_WORDS, k=5)).title()
    for section in range(chance.randint(2, 5)):
        if section:
            heading = " ".join(chance.choices(_WORDS, k=3)).capitalize()
            headings.append(heading)
            texts.append(heading)
            html.append(f'<h2 id="s{section}">{heading}</h2>')
        for _ in range(chance.randint(1, 4)):
            text = _paragraph(chance)
            texts.append(text)
            html.append(
                f"<p>{text.replace('honey', '<a href=/h>honey</a>').replace('queen', '<em>queen</em>')}</p>"
            )
        if chance.random() < 0.4:
            items = [_sentence(chance) for _ in range(3)]
            texts += items
            html.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>")
        if chance.random() < 0.4:
            tables += 1
            cells = [str(chance.randint(1, 99)) for _ in range(3)]
            texts += ["Year Yield", *(f"{2020 + row} {cell}" for row, cell in enumerate(cells))]
            rows = "".join(f"<tr><td>{2020 + row}</td><td>{cell}</td></tr>" for row, cell in enumerate(cells))
            html.append(f"<table><tr><th>Year</th><th>Yield</th></tr>{rows}</table>")
    return _Article(title, "\n".join(html), "\n".join([title, *texts]), (title, *headings), tables)


def _links(chance: random.Random, count: int) -> str:
    return "".join(f'<li><a href="/{word}">{word}</a></li>' for word in chance.choices(_SITE, k=count))


def _teasers(chance: random.Random) -> str:
    return "".join(
        f'<div class="card"><a href="/x"><h3>{_sentence(chance)}</h3></a><p>{_sentence(chance)}</p></div>'
        for _ in range(4)
    )


COOKIES = (
    '<div id="cookie-banner" class="consent"><p>We use cookies to give you the best experience on our site and to '
    "show you offers. Read our policy, and choose what you accept.</p><button>Accept all</button></div>"
)


def _semantic(article: _Article, chance: random.Random) -> str:
    return (
        f"<html lang=en><head><title>{article.title} | The Apiary</title></head><body>{COOKIES}"
        f"<header><nav><ul>{_links(chance, 8)}</ul></nav></header><main><article><h1>{article.title}</h1>"
        f"{article.body}<aside class=related><h3>Related stories</h3>{_teasers(chance)}</aside></article></main>"
        f"<footer><p>© 2026 The Apiary. All rights reserved by the publisher of these pages.</p></footer></body></html>"
    )


def _div_soup(article: _Article, chance: random.Random) -> str:
    return (
        f"<html><body><div class=wrap><div class=top-menu><ul>{_links(chance, 10)}</ul></div><div class=cols>"
        f'<div class="col-8"><h1>{article.title}</h1><div class=byline>By Ann Keeper</div>'
        f'<div class=share-bar><a href=#>Share</a> <a href=#>Tweet</a></div><div class="post-text">{article.body}</div>'
        f"<div class=comments><h3>3 comments</h3><p>{_paragraph(chance)}</p><p>{_sentence(chance)}</p></div></div>"
        f'<div class="col-4 sidebar">{_teasers(chance)}</div></div><div class=foot-links>{_links(chance, 6)}</div>'
        f"</div>{COOKIES}</body></html>"
    )


def _nameless(article: _Article, chance: random.Random) -> str:
    """Return a page whose names say nothing, as style frameworks make them."""
    return (
        f"<html><body><div class=a1x><ul>{_links(chance, 9)}</ul></div><div class=b7q><div class=c2><h1>{article.title}</h1>"
        f"<div class=d9>{article.body}</div></div><div class=e3>{_teasers(chance)}</div></div>"
        f"<div class=f5><ul>{_links(chance, 7)}</ul></div></body></html>"
    )


def _table_layout(article: _Article, chance: random.Random) -> str:
    return (
        f"<html><body><table width=100%><tr><td colspan=2><ul>{_links(chance, 6)}</ul></td></tr><tr>"
        f"<td width=20%><ul>{_links(chance, 9)}</ul></td><td><h1>{article.title}</h1>{article.body}</td></tr></table>"
        "</body></html>"
    )


def _documentation(article: _Article, chance: random.Random) -> str:
    toc = "".join(f"<li><a href=#s{index}>{name}</a></li>" for index, name in enumerate(article.headings))
    body = article.body.replace("</h2>", '<a class="headerlink" href="#x">¶</a></h2>')
    return (
        f"<html><body><div class=sphinxsidebar><ul>{_links(chance, 12)}</ul></div><div class=document><div class=body "
        f'role=main><section><h1>{article.title}<a class="headerlink" href="#t">¶</a></h1>'
        f"<nav class=contents><ul>{toc}</ul></nav>{body}</section></div></div><div class=related role=navigation>"
        f"<a href=/p>previous</a><a href=/n>next</a></div></body></html>"
    )


def _blog(article: _Article, chance: random.Random) -> str:
    return (
        f"<html><body class=no-sidebar><div id=page><div id=masthead><a href=/>The Apiary</a></div><div id=primary>"
        f"<div class='post hentry'><h1 class=entry-title>{article.title}</h1><div class=entry-meta>Posted on May 3</div>"
        f"<div class=ad-slot>Advertisement</div><div class=entry-content>{article.body}"
        f"<div class=sharedaddy><h3>Share this:</h3><ul>{_links(chance, 4)}</ul></div></div><div class=tags>"
        f"<ul>{_links(chance, 5)}</ul></div></div><h3>You may also like</h3><ul>{_links(chance, 5)}</ul></div>"
        f"<div id=newsletter-signup><p>{_sentence(chance)}</p></div></div></body></html>"
    )


_LAYOUTS: dict[str, Callable[[_Article, random.Random], str]] = {
    "semantic": _semantic,
    "div soup": _div_soup,
    "nameless": _nameless,
    "table layout": _table_layout,
    "documentation": _documentation,
    "blog": _blog,
}
