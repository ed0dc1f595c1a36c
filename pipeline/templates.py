"""The user's own templates: Jinja2 in a sandbox that also refuses what would fill the memory or never end."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from schemas.errors import SettingsError

if TYPE_CHECKING:
    from jinja2 import Environment

_MOST_STEPS = 1000  # of a range
_MOST_EXPONENT = 100
# What pads to any width, or reaches what does.
_WIDENING = frozenset({"attr", "center", "format", "indent", "wordwrap"})
_WIDENING_METHODS = frozenset({"center", "expandtabs", "format", "format_map", "ljust", "rjust", "zfill"})


class TemplateFault(ValueError):
    """A template that cannot be filled in with the values given, and why, in one line."""


class Templates:
    """The compiled templates of a kind, by the names of their settings below `where`.

    Raises:
        SettingsError: a template is written wrong; the message says where.
    """

    def __init__(self, where: str, sources: Mapping[str, str]) -> None:
        from jinja2 import TemplateSyntaxError

        self._compiled = {}
        for name, source in sources.items():
            try:
                self._compiled[name] = _environment().from_string(source)
            except TemplateSyntaxError as error:
                raise SettingsError(f"{where}.{name}", f"line {error.lineno}: {error.message}") from error

    def render(self, name: str, values: Mapping[str, JsonValue]) -> str:
        """Return a template filled in.

        Raises:
            TemplateFault: it names what is not there, does what the sandbox forbids, or fails.
        """
        from jinja2 import TemplateError

        try:
            return self._compiled[name].render(values).strip()
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise TemplateFault(" ".join(str(error).split())) from error


def names_in(source: str) -> frozenset[str]:
    """Return the names that a template takes its values from."""
    from jinja2 import meta

    return frozenset(meta.find_undeclared_variables(_environment().parse(source)))


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Bounded(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"*", "**", "%"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
            numbers = isinstance(left, int | float) and isinstance(right, int | float)
            if not numbers or (operator == "**" and abs(right) > _MOST_EXPONENT):
                raise SecurityError(f"'{operator}' is for small numbers alone")
            return super().call_binop(context, operator, left, right)

        def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401
            if attribute in _WIDENING_METHODS and isinstance(obj, str):
                return self.unsafe_undefined(obj, attribute)
            return super().getattr(obj, attribute)

        def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401
            is_method = isinstance(obj, str) and isinstance(argument, str)
            return self.getattr(obj, argument) if is_method else super().getitem(obj, argument)

    environment = Bounded(undefined=StrictUndefined, autoescape=False)
    environment.filters = {name: fill for name, fill in environment.filters.items() if name not in _WIDENING}
    environment.globals = {"range": _short_range}
    return environment


def _short_range(*bounds: int) -> range:
    steps = range(*bounds)
    if len(steps) > _MOST_STEPS:
        raise TemplateFault(f"range is for at most {_MOST_STEPS:,} steps")
    return steps
