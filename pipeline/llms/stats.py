"""What a gateway tells of itself while it works."""

from dataclasses import dataclass, field

from schemas.requests import Usage


@dataclass(frozen=True, slots=True)
class GatewayStats:
    """A snapshot for a live display.

    `queued` were taken from their source and wait; `sent` counts attempts; `cached` requests were answered
    from the journal. `limit` is how many requests may be in flight now. `paused` says why nothing is sent,
    empty while something is. `usage` is what was paid since the gateway opened.
    """

    queued: int = 0
    in_flight: int = 0
    done: int = 0
    failed: int = 0
    cached: int = 0
    sent: int = 0
    requests_per_s: float = 0.0
    limit: int = 0
    paused: str = ""
    usage: Usage = field(default_factory=Usage)
