"""Markup that docutils does not know, mostly Sphinx's: read for its text, which docutils would leave out."""

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
from docutils.parsers.rst.directives.images import Figure
from docutils.parsers.rst.directives.tables import CSVTable, ListTable, RSTTable
from docutils.parsers.rst.languages import en

if TYPE_CHECKING:
    from docutils.parsers.rst.states import Inliner

_DIRECTIVE = re.compile(r"^[ \t]*\.\. (?:\|[^|\n]+\| )?([a-zA-Z][\w:+.-]*?) ?::(?:\s|$)", re.M)
_ROLE = re.compile(r":([a-zA-Z][\w:+.-]*):`|`:([a-zA-Z][\w:+.-]*):")
_TARGET = re.compile(r"\s*<[^<>]+>$")
_CODE = frozenset({"code", "code-block", "sourcecode", "testcode", "prompt", "ipython", "productionlist"})
_SILENT = frozenset(
    "toctree index highlight currentmodule py:currentmodule module py:module tabularcolumns sectionauthor "
    "codeauthor literalinclude testsetup testcleanup rst-class role include".split()
)
_SIGNATURES = frozenset(
    "function method classmethod staticmethod attribute property data decorator exception class describe "
    "object option envvar confval event type".split()
)
_ARGUMENT_IS_NO_TEXT = ("auto", "only", "ifconfig", "hlist", "tabs", "grid")
_CHANGES = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
    "deprecated": "Deprecated since version",
}


class _AnyOption(dict[str, Any]):
    """Takes an option of any name as it stands."""

    def __missing__(self, _: str) -> Any:  # noqa: ANN401  # docutils' converters return anything
        return directives.unchanged


class _Foreign(Directive):
    """Reads a directive's argument and content as text, code as code."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOption({"class": directives.unchanged})

    def run(self) -> list[nodes.Node]:
        """Return what a reader would see of it."""
        argument = self.arguments[0] if self.arguments else ""
        if self.name in _CODE:
            return self._code(argument)
        if self.name in _SILENT:
            return []
        shown = nodes.container()
        if not self.name.startswith(_ARGUMENT_IS_NO_TEXT):
            shown += self._said(argument)
        self.state.nested_parse(self.content, self.content_offset, shown)
        return [shown]

    def _said(self, argument: str) -> list[nodes.Node]:
        """Return an argument as paragraphs: one for each signature, or one of prose."""
        if ":" in self.name or self.name in _SIGNATURES:
            return [nodes.paragraph("", "", nodes.Text(line)) for line in argument.splitlines()]
        prose = " ".join(argument.split())
        if self.name in _CHANGES:
            version, _, change = prose.partition(" ")
            prose = f"{_CHANGES[self.name]} {version}{': ' if change else ''}{change}"
        return [nodes.paragraph("", "", *self.state.inline_text(prose, self.lineno)[0])] if prose else []

    def _code(self, argument: str) -> list[nodes.Node]:
        text = "\n".join(self.content) or argument
        return [nodes.literal_block(text, text)] if text else []


_OWN: dict[str, type[Directive]] = {
    "figure": Figure,
    "table": RSTTable,
    "csv-table": CSVTable,
    "list-table": ListTable,
}
_LENIENT = {
    name: type(own.__name__, (own,), {"option_spec": _AnyOption(own.option_spec or {})})
    for name, own in _OWN.items()
}


def accept_foreign(text: str) -> None:
    """Make docutils accept every directive and role that a text uses. Those of its own stay what they are."""
    used = {name.lower() for name in _DIRECTIVE.findall(text)}
    for name in (used - en.directives.keys()) | {"code", "code-block", "sourcecode"}:
        directives.register_directive(name, _Foreign)
    for name, own in _LENIENT.items():
        directives.register_directive(name, own)
    if re.search(r"^[ \t]*\.\. class:: .*\(", text, re.M):  # a class of Python, and no style
        directives.register_directive("class", _Foreign)
    for name in {one or other for one, other in _ROLE.findall(text)} - en.roles.keys():
        roles.register_local_role(name, _text_of_role)  # type: ignore[arg-type]  # its stubs know links only


def _text_of_role(
    role: str,  # noqa: ARG001  # docutils calls it with these
    rawtext: str,
    text: str,
    lineno: int,  # noqa: ARG001
    inliner: "Inliner",  # noqa: ARG001
    options: dict[str, Any] | None = None,  # noqa: ARG001
    content: list[str] | None = None,  # noqa: ARG001
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Return the text that a reader sees: of `title <target>` the title, of `~a.b.c` the last name."""
    shown = _TARGET.sub("", nodes.unescape(text)) or text
    shown = shown[1:].rpartition(".")[2] if shown.startswith("~") else shown.removeprefix("!")
    return [nodes.inline(rawtext, shown)], []
