"""Thinking that models write into their answers."""

import re
from dataclasses import dataclass

_NAMES = "think|thinking|thought|reasoning|reflection"
_WHOLE = re.compile(rf"<({_NAMES})>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_HEADLESS = re.compile(rf"\A(?:(?!<(?:{_NAMES})>).)*?</({_NAMES})>", re.DOTALL | re.IGNORECASE)
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
        thoughts = [final[2]] if final[2] else _SAID_IN_CHANNEL.findall(final[1])
        return Said(_MARK.sub("", content[final.end() :]).strip(), _joined(*thoughts))
    if "<" not in content:
        return Said(content.strip())
    if not _starts_with_data(content):
        headless = _HEADLESS.match(content)
        if headless:
            thought = content[: headless.start(1) - 2]
            rest = split_thinking(content[headless.end() :])
            return Said(rest.text, _joined(thought, rest.thinking))
    thoughts = [match[2] for match in _leading_blocks(content)]
    text = content[_end_of_blocks(content) :]
    endless = _ENDLESS.match(text)
    if endless:
        return Said("", _joined(*thoughts, endless[2]))
    return Said(text.strip(), _joined(*thoughts))


def _starts_with_data(content: str) -> bool:
    """Whether the answer stands first, so that a tag further on is part of its text."""
    return content.lstrip()[:1] in ("{", "[")


def _leading_blocks(content: str) -> list[re.Match[str]]:
    """Return the whole blocks that stand before the answer."""
    blocks: list[re.Match[str]] = []
    position = 0
    while (block := _WHOLE.match(content, _skip_space(content, position))) is not None:
        blocks.append(block)
        position = block.end()
    return blocks


def _end_of_blocks(content: str) -> int:
    blocks = _leading_blocks(content)
    return blocks[-1].end() if blocks else 0


def _skip_space(content: str, position: int) -> int:
    while position < len(content) and content[position].isspace():
        position += 1
    return position


def _joined(*parts: str) -> str:
    return "\n".join(stripped for part in parts if (stripped := part.strip()))
