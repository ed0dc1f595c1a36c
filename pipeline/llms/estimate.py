"""What requests will take, before any is sent."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel

from pipeline.judging.rewards import Rewards
from pipeline.tokens import TokenEstimate
from schemas.answers import QuestionAnswers, ReasonedAnswers
from schemas.contracts import ModelCard
from schemas.requests import Request, Usage, schema_json

_ITEM_TOKENS: Mapping[type[BaseModel], int] = {QuestionAnswers: 85, ReasonedAnswers: 112}
_OTHER_ITEM_TOKENS = 60
_PAGE_TOKENS = 600  # of a printed page that is transcribed
_SCHEMA_SHARE = 0.25  # an answer's keys and marks, as a share of its schema
_BYTES_PER_TOKEN = 4


def estimate(requests: Iterable[Request], card: ModelCard, tokens: TokenEstimate | None = None) -> Usage:
    """Return the tokens and the cost of `requests`.

    Of a prefix group, the shared messages count as cached from the second request on. Follow-up requests
    and retries are not known yet, so they are not in it.
    """
    estimates = Estimates(card, tokens)
    for request in requests:
        estimates.add(request)
    return sum(estimates.by_recipe.values(), start=Usage())


class Estimates:
    """What requests are expected to take, by recipe, added up one by one."""

    def __init__(self, card: ModelCard, tokens: TokenEstimate | None = None) -> None:
        self.by_recipe: dict[str, Usage] = {}
        self._card, self._tokens = card, tokens or TokenEstimate()
        self._shared_by_group: dict[str, int] = {}

    def add(self, request: Request) -> None:
        """Take in one more request."""
        prompt = self._tokens.count_messages(request.messages)
        cached = self._cached(request) if request.prefix_group else 0
        usage = _priced(prompt, cached, _completion_tokens(request), self._card)
        self.by_recipe[request.recipe] = self.by_recipe.get(request.recipe, Usage()) + usage

    def _cached(self, request: Request) -> int:
        """Return what the server remembers of a request's group, and note what it will."""
        assert request.prefix_group is not None
        shared = self._tokens.count_messages(request.messages[:-1])
        cached = min(self._shared_by_group.get(request.prefix_group, 0), shared)
        self._shared_by_group[request.prefix_group] = shared
        return cached


def _completion_tokens(request: Request) -> int:
    if request.answer_tokens is not None:
        return min(request.answer_tokens, request.sampling.max_output_tokens or request.answer_tokens)
    schema = request.answer_schema
    if schema is not None and issubclass(schema, Rewards):
        return 0  # a reward model writes nothing
    if schema is None:
        return _PAGE_TOKENS if request.messages[-1].images else _OTHER_ITEM_TOKENS * request.count
    per_item = _ITEM_TOKENS.get(schema, _OTHER_ITEM_TOKENS)
    around = len(schema_json(schema)) / _BYTES_PER_TOKEN * _SCHEMA_SHARE if schema not in _ITEM_TOKENS else 8
    expected = round(per_item * request.count + around)
    return min(expected, request.sampling.max_output_tokens or expected)


def _priced(prompt: int, cached: int, completion: int, card: ModelCard) -> Usage:
    price = card.price
    cost = (prompt - cached) * price.prompt + cached * price.cached + completion * price.completion
    return Usage(prompt, cached, completion, cost / 1e6, 1)
