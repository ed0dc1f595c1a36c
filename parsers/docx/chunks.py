"""Chunks of other formats in a Word file (ECMA-376 part 1, 17.17.2), which converters of web pages write."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from parsers.draft import Draft
from parsers.encoding import decode
from parsers.html.blocks import Walk
from parsers.html.tree import html_tree
from parsers.mail import web_archive_page
from parsers.ooxml.package import Package, Relation
from parsers.text import add_plain_text
from schemas.documents import OutlineEntry

_PAGES = frozenset({".html", ".htm", ".xhtml", ".mht", ".mhtml"})
_ARCHIVES = frozenset({".mht", ".mhtml"})


@dataclass(frozen=True, slots=True)
class Chunks:
    """Finds a part's foreign chunks through its relations."""

    package: Package
    relations: Mapping[str, Relation]

    def add(self, draft: Draft, outline: list[OutlineEntry], relation_id: str) -> None:
        """Append what a chunk of HTML or text holds. Others, which are Word's own formats, are left out."""
        relation = self.relations.get(relation_id)
        content = None if relation is None or relation.external else self.package.read(relation.target)
        if relation is None or content is None:
            return
        suffix = PurePosixPath(relation.target).suffix.lower()
        if suffix in _PAGES:
            page = web_archive_page(content) if suffix in _ARCHIVES else content
            tree = html_tree(page) if page else None
            if tree is not None:
                Walk(draft, outline=outline).add(next(tree.iter("body"), tree))
        elif suffix == ".txt":
            add_plain_text(draft, decode(content))
