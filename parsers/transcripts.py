"""A document with the text of pages that a model has read."""

from collections.abc import Mapping

from parsers.draft import Draft
from parsers.markdown import add_markdown
from schemas.documents import Document, OutlineEntry, PageNote, PageQuality


def with_transcripts(document: Document, transcripts: Mapping[int, str], reader: str) -> Document:
    """Return `document` with Markdown transcripts of pages in their places, by the pages' 1-based numbers.

    A note on each says who read it. Nothing else is known of where on the page its blocks stand.
    """
    draft, outline = Draft(), list(document.outline)
    pages = sorted({*transcripts, *(block.page or 0 for block in document.blocks)})
    for page in pages:
        for block in document.blocks:
            if (block.page or 0) == page:
                text = document.block_text(block)
                draft.add(block.kind, text, page=block.page, level=block.level, box=block.box)
        if page in transcripts:
            outline += add_markdown(draft, transcripts[page], page)
    notes = tuple(
        PageNote(note.page, PageQuality.TRANSCRIBED, f"read by {reader}")
        if _is_read(note, transcripts)
        else note
        for note in document.page_notes
    )
    return draft.document(
        document.source,
        metadata=document.metadata,
        figures=document.figures,
        page_notes=notes,
        outline=tuple(sorted(outline, key=_page)),
        page_count=document.page_count,
        page_labels=document.page_labels,
        links=document.links,
    )


def _is_read(note: PageNote, transcripts: Mapping[int, str]) -> bool:
    return note.quality is PageQuality.NO_TEXT_LAYER and note.page in transcripts


def _page(entry: OutlineEntry) -> int:
    return entry.page or 0
