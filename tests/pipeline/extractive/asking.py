"""Ask the extractive engine about documents written in Markdown, or about one of the examples."""

import asyncio
import hashlib
from pathlib import Path

from parsers.markdown import parse_markdown
from pipeline.llms.extractive.engine import Extractive
from schemas.answers import QuestionAnswer, QuestionAnswers, ReasonedAnswer, ReasonedAnswers
from schemas.contracts import ParseOptions
from schemas.documents import Document, Passage, Source
from schemas.registry import parsers
from schemas.requests import Message, Reply, Request, Sampling


def read(markdown: str, title: str = "Harbour Handbook") -> Document:
    """Return a document as the Markdown parser gives it."""
    content = markdown.encode()
    source = Source(f"{title}.md", "text/markdown", hashlib.sha256(content).hexdigest(), len(content), title)
    return parse_markdown(content, source, ParseOptions())


def example(path: Path) -> Document:
    """Return one of the example documents as its parser gives it."""
    content = path.read_bytes()
    entry = next(entry for _, entry in parsers.items() if path.suffix in entry.suffixes)
    digest = hashlib.sha256(content).hexdigest()
    source = Source(str(path), entry.media_types[0], digest, len(content), path.stem)
    return entry.parse(content, source, ParseOptions())


def whole(document: Document) -> Passage:
    """Return all of a document as one passage."""
    return Passage(document, 0, len(document.text))


def pairs(
    document: Document | str, count: int = 1000, passage: Passage | None = None
) -> list[QuestionAnswer]:
    """Return what the engine answers to `qa` about a whole document, or about one of its passages."""
    document = read(document) if isinstance(document, str) else document
    answer = ask("qa", QuestionAnswers, passage or whole(document), count).answer
    assert isinstance(answer, QuestionAnswers)
    return answer.items


def reasoned(
    document: Document | str, count: int = 1000, passage: Passage | None = None
) -> list[ReasonedAnswer]:
    """Return what the engine answers to `cot` about a whole document, or about one of its passages."""
    document = read(document) if isinstance(document, str) else document
    answer = ask("cot", ReasonedAnswers, passage or whole(document), count).answer
    assert isinstance(answer, ReasonedAnswers)
    return answer.items


def ask(
    recipe: str, schema: type[QuestionAnswers] | type[ReasonedAnswers], passage: Passage, count: int
) -> Reply:
    """Return the engine's reply to one request."""
    messages = (Message("user", f"{recipe} about {passage.id}"),)
    request = Request(recipe, messages, Sampling("extractive"), schema, (passage,), count=count)
    return complete(request)


def complete(request: Request) -> Reply:
    """Return the engine's reply to any request that it can fill."""
    reply = asyncio.run(Extractive().complete(request))
    assert isinstance(reply, Reply)
    assert reply.request_id == request.id
    return reply
