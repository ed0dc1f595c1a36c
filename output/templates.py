"""Templates of users and tokenizers, in a sandbox: they come from elsewhere and may be hostile."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import orjson

from output.turns import Turns
from schemas.contracts import Traits
from schemas.errors import SettingsError
from schemas.requests import Message

if TYPE_CHECKING:
    from jinja2 import Template

_TRAITS = Traits(tools=True)


class ChatTemplate:
    """Renders chats to the text that a model is trained on, as `apply_chat_template` of transformers does."""

    def __init__(self, address: str) -> None:
        self._address = address
        source, self._tokens = _read_template(Path(address))
        self._template = compiled(source, "output.chat_template")

    def text(
        self, turns: tuple[Message, ...], tools: tuple[str, ...] = (), *, generation_prompt: bool = False
    ) -> str:
        """Return the rendered chat. A `generation_prompt` ends where the assistant is to speak.

        Raises:
            SettingsError: the template refuses the chat.
        """
        values = {
            "messages": [_turn(row) for row in Turns(_TRAITS).rows(turns)],
            "tools": [orjson.loads(tool) for tool in tools] or None,
            "add_generation_prompt": generation_prompt,
            **self._tokens,
        }
        return rendered(self._template, values, "output.chat_template")


def _turn(row: Mapping[str, object]) -> dict[str, object]:
    """Return a turn without the keys that it does not use: templates ask which are there."""
    return {key: value for key, value in row.items() if value is not None}


def _read_template(path: Path) -> tuple[str, dict[str, str]]:
    """Return a template and its special tokens, from a file, or a tokenizer's folder or configuration."""
    folder = path if path.is_dir() else path.parent
    config = folder / "tokenizer_config.json" if path.is_dir() else path
    try:
        if not path.is_dir() and path.suffix != ".json":
            return path.read_text(encoding="utf-8"), {}
        said = orjson.loads(config.read_bytes())
        beside = folder / "chat_template.jinja"
        template = beside.read_text(encoding="utf-8") if beside.is_file() else said["chat_template"]
    except (OSError, orjson.JSONDecodeError, KeyError) as error:
        problem = f"no chat template can be read from '{path}'; give a template file or a tokenizer's folder"
        raise SettingsError("output.chat_template", problem) from error
    tokens = {name: said[name] for name in ("bos_token", "eos_token", "pad_token") if said.get(name)}
    return str(template), {
        name: token["content"] if isinstance(token, dict) else token for name, token in tokens.items()
    }


@lru_cache(maxsize=64)
def compiled(source: str, key: str) -> "Template":
    """Return a template. `key` is the setting under which it stands.

    Raises:
        SettingsError: it is no template.
    """
    from jinja2 import TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = _tojson
    environment.globals["raise_exception"] = _refuse
    try:
        return environment.from_string(source)
    except TemplateSyntaxError as error:
        raise SettingsError(key, f"line {error.lineno} of the template: {error.message}") from error


def rendered(template: "Template", values: Mapping[str, Any], key: str) -> str:
    """Return the template's text for `values`.

    Raises:
        SettingsError: the template fails, or does what the sandbox forbids.
    """
    from jinja2 import TemplateError

    try:
        return template.render(values)
    except (TemplateError, TypeError, ValueError, OverflowError) as error:
        raise SettingsError(key, f"the template fails: {error}") from error


def _tojson(value: object, indent: int | None = None) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0).decode()


def _refuse(message: str) -> NoReturn:
    from jinja2 import TemplateError

    raise TemplateError(message)
