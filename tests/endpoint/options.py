"""How a simulated endpoint behaves."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of requests, 0 to 1, that go wrong in each way. Which ones is decided by `Options.seed`."""

    http_500: float = 0.0
    http_503: float = 0.0
    dropped: float = 0.0
    stalled: float = 0.0
    truncated_body: float = 0.0
    malformed: float = 0.0
    wrong_schema: float = 0.0
    empty: float = 0.0
    refused: float = 0.0
    cut_off: float = 0.0
    hostile_text: float = 0.0


@dataclass(frozen=True, slots=True)
class Options:
    """An inference engine's size and speed. A speed of 0 is without limit; times are in seconds.

    Each answer takes `fixed_s` more, give or take the share `spread`, evenly drawn.
    `burst_every_s` turns all requests away with 429 for `burst_s` each time. `refuses` names parameters that
    the server answers with 400, as one that is `blind` does pictures. `window` is the context window in
    tokens. Rewards are served beside /v1, as vLLM does, or below it. `manner` names the server whose ways of
    speaking are taken on, as in `manners.py`; none has OpenAI's.
    """

    slots: int = 32
    prefill_tokens_per_s: float = 0.0
    decode_tokens_per_s: float = 0.0
    fixed_s: float = 0.0
    spread: float = 0.0
    answer_tokens: int | None = None
    prefix_blocks: int = 200_000
    window: int | None = None
    model: str | None = None
    key: str | None = None
    requests_per_minute: int | None = None
    burst_every_s: float = 0.0
    burst_s: float = 0.5
    refuses: tuple[str, ...] = ()
    blind: bool = False
    prose_only: bool = False
    without_batches: bool = False
    rewards_below_v1: bool = False
    manner: str = ""
    seed: int = 0
    faults: Faults = field(default_factory=Faults)
