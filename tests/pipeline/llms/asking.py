"""Requests and settings for the gateway's tests."""

from collections.abc import Iterable, Iterator
from typing import Any

from schemas.answers import QuestionAnswers
from schemas.requests import Completion, Message, Request, Sampling
from schemas.settings import Settings, load_settings

SOURCE = (
    "The harbour master opens the northern lock at six in the morning on working days. "
    "Vessels longer than forty metres must announce themselves a day ahead by radio. "
    "A pilot is obligatory for tankers whenever the wind is stronger than seven Beaufort. "
    "The fee for a night at the quay is eighteen euros per metre of length."
)
MODEL = "simulated"


def settings_for(base_url: str, **llm: Any) -> Settings:
    """Return settings for the simulated endpoint. `llm` are settings of that section."""
    budget = llm.pop("budget", {})
    return load_settings({"model": f"openai/{MODEL}", "base_url": base_url, "llm": llm, "budget": budget})


def question(number: int, *, recipe: str = "qa", group: str | None = None, source: str = SOURCE) -> Request:
    """Return a request for question and answer pairs, another for each number."""
    shown = Message("user", f"<material-1>\n{source}\n</material-1>")
    task = Message("user", f"Write 2 question and answer pairs, draft {number}.")
    sampling = Sampling(MODEL, temperature=0.0, max_output_tokens=2000)
    return Request(recipe, (shown, task), sampling, QuestionAnswers, prefix_group=group, count=2)


def questions(count: int) -> Iterator[Request]:
    """Yield so many different requests."""
    return (question(number) for number in range(count))


class Collected:
    """A handle that keeps completions by request, and asks nothing more."""

    def __init__(self) -> None:
        self.by_id: dict[str, Completion] = {}
        self.calls = 0

    def __call__(self, request: Request, completion: Completion) -> Iterable[Request]:
        self.calls += 1
        self.by_id[request.id] = completion
        return ()
