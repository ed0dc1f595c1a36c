"""What was found out about a model at an endpoint."""

from dataclasses import dataclass, replace

from pipeline.llms.doctor.targets import Target
from pipeline.llms.wire.body import Structured
from pipeline.llms.wire.trouble import Trouble
from schemas.requests import FailureReason

_RUNS = "see that the server runs and that the base URL is right"


@dataclass(frozen=True, slots=True)
class Findings:
    """What works. None is not known. `problem` and `advice` say what stops a run, empty where nothing does.

    `uses` is what the run asks the model for. `structured` are the ways in which it answered in JSON, the
    best first. `counts` and `counts_cached` say whether replies tell their tokens, and which of them were
    cached, `batches` whether there is a batch API, `left` what is left of its limits. `gives` is what a model
    that does not chat gave. `notes` are no faults, but good to know. Nothing here is secret.
    """

    endpoint: str
    model: str
    uses: tuple[str, ...] = ()
    kind: str = "chat"
    weight: float = 1.0
    reachable: bool | None = None
    key_accepted: bool | None = None
    model_known: bool | None = None
    structured: tuple[Structured, ...] = ()
    images: bool | None = None
    window: int | None = None
    counts: bool | None = None
    counts_cached: bool | None = None
    batches: bool | None = None
    left: str = ""
    gives: str = ""
    problem: str = ""
    advice: str = ""
    notes: tuple[str, ...] = ()


def begun(target: Target) -> Findings:
    """Return findings of a target that nothing is known of."""
    endpoint = target.endpoint
    return Findings(endpoint.base_url, target.settings.model_name, target.uses, target.kind, endpoint.weight)


def answering(found: Findings) -> Findings:
    """Return findings of an endpoint that has answered."""
    return replace(found, reachable=True, key_accepted=True, model_known=True)


def unusable(found: Findings, trouble: Trouble, target: Target) -> Findings:
    """Return findings of an endpoint that did not."""
    reason = trouble.reason
    unasked = reason is FailureReason.AUTHENTICATION and not trouble.status
    return replace(
        found,
        reachable=None if unasked else trouble.status > 0 or reason is not FailureReason.CONNECTION,
        key_accepted=False if reason is FailureReason.AUTHENTICATION else None,
        model_known=False if reason is FailureReason.NO_SUCH_MODEL else None,
        problem=trouble.detail,
        advice=trouble.advice.format(key_variable=target.endpoint.key_variable) or _RUNS,
    )
