"""How many sources may fail before a run that made its dataset counts as a failure."""

from schemas.errors import DocumentsFailed
from schemas.ledger import Stage, Tally
from schemas.manifest import Manifest


def check_sources(manifest: Manifest) -> None:
    """Refuse a finished run in which more sources failed than its settings allow.

    Raises:
        DocumentsFailed: `fail_on` is `any`, and a source failed.
    """
    sources = manifest.ledger[Stage.SOURCES.value]
    if manifest.settings.fail_on == "any" and sources.failed:
        raise DocumentsFailed(failed_text(sources))


def failed_text(sources: Tally) -> str:
    """Return how many sources failed, of how many, and why."""
    reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in sources.failed.items())
    return f"{sum(sources.failed.values()):,} of {sources.entered:,} sources could not be used ({reasons})"
