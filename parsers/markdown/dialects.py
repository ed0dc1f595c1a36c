"""What dialects of Markdown add: as CommonMark where it can be said so, else as text that keeps its form."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")
# MkDocs: `!!! note "Title"`, `??? tip`, `=== "Tab"`, with what belongs to it indented below
_BLOCK = re.compile(
    r"(?P<indent>[ ]*)(?:(?:!!!|\?\?\?\+?)[ ]+(?P<kind>[\w-]+)[\w -]*|===[!+]?)"
    r"(?:[ ]+\"(?P<title>[^\"]*)\")?[ ]*"
)
# Docusaurus, VitePress and Pandoc: `:::tip Title` to `:::`
_CONTAINER = re.compile(
    r"[ ]*:{3,}[ ]*(?:\{?\.?(?P<kind>[\w-]+)[^\[\s}]*\}?)?[ ]*\[?(?P<title>[^\]{}]*)\]?[^\]]*"
)
_KINDS = frozenset(
    "note tip info warning danger caution important success failure error hint details seealso".split()
)
_NOTE = re.compile(r"[ ]{0,3}\[\^[^\]\s]+\]:")
_MODULE = re.compile(r"(?:import|export)\s")
_MATH = re.compile(
    r"\$\$.{1,2000}?\$\$|\$(?![\s$])(?:\\.|[^$\\\n]){1,500}?(?<!\s)\$(?!\d)"
    r"|\\\((?P<inline>.{1,500}?)\\\)|\\\[(?P<display>.{1,2000}?)\\\]",
    re.S,
)
_MATHEMATICAL = re.compile(r"[\\^_={}<>+]")  # else a bracket that is no link's
_WIKI = re.compile(
    r"(?P<shown>!)?\[\[(?P<page>[^\s\[\]|\\][^\[\]\n|\\]*)(?:\\?\|(?P<label>[^\[\]\n]+))?\]\](?!\()"
)
# MyST: {ref}`the words <target>`, {meth}`~package.Class.method` (its last name alone), {doc}`!as it stands`
_ROLE = re.compile(r"\{(?P<role>[a-z][\w:+.-]*)\}(?P<ticks>`+)(?P<words>[^`\n]+)(?P=ticks)(?!`)")
_AS_WRITTEN = frozenset("math code literal samp kbd file command sub sup".split())
_TARGET = re.compile(r"\s*<[^<>]*>$")
_SIGNS = re.compile(r"^[ ]*(?:!!!|\?\?\?|===|:::|\[\^)", re.M)
_STEP = 4
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|pdf|mp4)\s*$", re.I)


def reader() -> "Callable[[str], list[Token]]":
    """Return what reads CommonMark with tables, formulas and links of wikis."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    markdown.inline.ruler.before("escape", "formula", _formula)
    markdown.inline.ruler.before("link", "wiki", _wiki_link)
    markdown.inline.ruler.before("backticks", "role", _role)
    return markdown.parse


def _formula(state: "StateInline", silent: bool) -> bool:
    """Take a formula as it stands: nothing in it is markup."""
    if state.src[state.pos] not in "$\\" or not (found := _MATH.match(state.src, state.pos, state.posMax)):
        return False
    inner = found["inline"] or found["display"]
    if inner and not _MATHEMATICAL.search(inner):
        return False
    return _take(state, silent, found.group(), found.end())


def _wiki_link(state: "StateInline", silent: bool) -> bool:
    """Take a wiki's link as its label or page, and nothing for a picture."""
    if state.src[state.pos] not in "![" or not (found := _WIKI.match(state.src, state.pos, state.posMax)):
        return False
    picture = found["shown"] and _PICTURE.search(found["page"])
    return _take(state, silent, "" if picture else found["label"] or found["page"], found.end())


def _role(state: "StateInline", silent: bool) -> bool:
    """Take a role's words as the page shows them; mathematics and code stand as they are written."""
    if state.src[state.pos] != "{" or not (found := _ROLE.match(state.src, state.pos, state.posMax)):
        return False
    words = found["words"].strip()
    named = _TARGET.sub("", words)
    last_name = words.rpartition(".")[2] if words.startswith("~") else named.removeprefix("!")
    return _take(state, silent, words if found["role"] in _AS_WRITTEN else last_name, found.end())


def _take(state: "StateInline", silent: bool, text: str, end: int) -> bool:
    if not silent:
        state.push("text", "", 0).content = text
    state.pos = end
    return True


def commonmark(text: str) -> str:
    """Return Markdown with the blocks of its dialects as titles and paragraphs."""
    if not _SIGNS.search(text):
        return text
    return "\n".join(_plain(text.split("\n")))


def _plain(lines: list[str]) -> Iterator[str]:
    index, fence = 0, ""
    while index < len(lines):
        line = lines[index]
        index += 1
        before, fence = fence, _fence_after(line, fence)
        if before or fence:
            yield line
        elif (block := _BLOCK.fullmatch(line)) and (block["kind"] or block["title"]):
            indent = block["indent"]
            end = _end_of_block(lines, index, len(indent) + _STEP)
            yield from _titled(indent, block["title"] or block["kind"].capitalize())
            inner = [part[len(indent) + _STEP :] for part in lines[index:end]]
            yield from (indent + part for part in _plain(inner))
            index = end
        elif line.lstrip().startswith(":::") and (block := _CONTAINER.fullmatch(line)):
            kind = block["kind"] or ""
            yield from _titled("", block["title"].strip() or (kind.capitalize() if kind in _KINDS else ""))
        else:
            yield _NOTE.sub(lambda mark: f"\n\\{mark.group().lstrip()}", line) if "[^" in line else line


def _titled(indent: str, title: str) -> tuple[str, str, str]:
    """Return the lines of a paragraph of its own."""
    return "", indent + title, ""


def _fence_after(line: str, fence: str) -> str:
    """Return the fence of the code that goes on behind a line; `fence` is that of the code before it."""
    if fence:
        return "" if line.strip().startswith(fence) and not line.strip().strip(fence[0]) else fence
    opened = _FENCE.match(line)
    return opened["fence"] if opened else ""


def _end_of_block(lines: list[str], start: int, indent: int) -> int:
    """Return where the lines end that are blank or indented."""
    end = start
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith(" " * indent)):
        end += 1
    return end


def without_modules(text: str) -> str:
    """Return MDX without what it imports and exports, outside of code."""
    kept, fence, dropping = list[str](), "", False
    for line in text.split("\n"):
        before, fence = fence, _fence_after(line, fence)
        dropping = not before and not fence and bool(line.strip()) and (dropping or bool(_MODULE.match(line)))
        if not dropping:
            kept.append(line)
    return "\n".join(kept)
