"""What a format cannot hold, in words. Each returns None where the sample fits."""

from output.chats import traits_of
from schemas.samples import Sample
from schemas.settings import OutputSettings

_AS_IS = OutputSettings()


def not_a_chat(sample: Sample) -> str | None:
    """Say why a sample is no chat that ends with the assistant's turn."""
    if sample.chosen is not None or sample.rejected is not None:
        return "a pair of a chosen and a rejected answer"
    if not sample.messages or sample.messages[-1].role != "assistant":
        return "a chat that does not end with the assistant"
    return None


def not_plain_chat(sample: Sample) -> str | None:
    """Say why a sample is no chat of text alone."""
    return not_a_chat(sample) or has_images(sample) or has_tools(sample)


def not_one_exchange(sample: Sample) -> str | None:
    """Say why a sample is not one question and one answer in text."""
    spoken = [turn.role for turn in sample.messages if turn.role != "system"]
    several = None if spoken == ["user", "assistant"] else "anything but one question and one answer"
    return not_plain_chat(sample) or several or late_system(sample)


def not_a_preference(sample: Sample) -> str | None:
    """Say why a sample is no pair of a chosen and a rejected answer."""
    if sample.chosen is None or sample.rejected is None:
        return "a chat without a chosen and a rejected answer"
    return None


def has_images(sample: Sample) -> str | None:
    """Say that a sample has images."""
    return "images" if sample.pictures else None


def has_tools(sample: Sample) -> str | None:
    """Say that a sample calls tools."""
    return "calls of tools" if traits_of(sample, _AS_IS).tools else None


def late_system(sample: Sample) -> str | None:
    """Say that a system turn stands elsewhere than first."""
    late = any(turn.role == "system" for turn in sample.messages[1:])
    return "a system turn in the middle" if late else None
