"""Thinking that models write into their answers."""

import re
from dataclasses import dataclass
from typing import NamedTuple

_NAMES = "think|thinking|thought|reasoning|reflection"
_WHOLE = re.compile(rf"<({_NAMES})>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_HEADLESS = re.compile(rf"(?:(?!<(?:{_NAMES})>).)*?</({_NAMES})>", re.DOTALL | re.IGNORECASE)
# gpt-oss speaks in channels, of which the last is the answer; some servers leave the marks' words alone.
_FINAL = re.compile(
    r"\A(?:<\|start\|>assistant)?((?:<\|channel\|>.*)?)<\|channel\|>final.*?<\|message\|>"
    r"|\Aanalysis(.*)assistantfinal",
    re.DOTALL,
)
_SAID_IN_CHANNEL = re.compile(r"<\|message\|>(.*?)<\|", re.DOTALL)
_MARK = re.compile(r"<\|(?:end|return|call)\|>")
_ENDLESS = re.compile(rf"\A\s*<({_NAMES})>(.*)\Z", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said, its thinking apart."""

    text: str
    thinking: str = ""


def split_thinking(content: str) -> Said:
    """Return the answer and the thinking in `content`.

    A block without its end is all thinking; one without its beginning, as servers leave it that put the
    opening tag into the prompt, ends at its closing tag.
    """
    if final := _FINAL.match(content):
        channels = [final[2]] if final[2] else _SAID_IN_CHANNEL.findall(final[1])
        return Said(_MARK.sub("", content[final.end() :]).strip(), _joined(*channels))
    if "<" not in content:
        return Said(content.strip())
    thoughts: list[str] = []
    position, tagged = 0, False
    while (thought := _thought(content, position, tagged=tagged)) is not None:
        thoughts.append(thought.words)
        position, tagged = thought.end, thought.tagged
    text = content[position:]
    endless = _ENDLESS.match(text)
    if endless:
        return Said("", _joined(*thoughts, endless[2]))
    return Said(text.strip(), _joined(*thoughts))


class _Thought(NamedTuple):
    words: str
    end: int
    tagged: bool


def _thought(content: str, position: int, *, tagged: bool) -> _Thought | None:
    """Return the thought that stands at `position` before the answer, with its opening tag or without.

    Where the answer stands first, or a thought that was `tagged`, a tag further on is part of its text.
    """
    start = _skip_space(content, position)
    if whole := _WHOLE.match(content, start):
        return _Thought(whole[2], whole.end(), tagged=True)
    if tagged or content[start : start + 1] in ("{", "["):
        return None
    headless = _HEADLESS.match(content, start)
    if headless is None:
        return None
    return _Thought(content[start : headless.start(1) - 2], headless.end(), tagged=False)


def _skip_space(content: str, position: int) -> int:
    while position < len(content) and content[position].isspace():
        position += 1
    return position


def _joined(*parts: str) -> str:
    return "\n".join(stripped for part in parts if (stripped := part.strip()))
