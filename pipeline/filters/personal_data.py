"""Drops samples with personal data or secrets, or leaves them to be masked on their way out."""

from typing import Literal

from pipeline.facts.private import PrivateKind, private_data
from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict

Policy = Literal["drop", "mask", "keep"]


class PersonalDataOptions(Options):
    """What becomes of each kind. A filter changes no sample: `mask` keeps it, and it is masked on export."""

    email: Policy = "drop"
    phone: Policy = "drop"
    card: Policy = "drop"
    iban: Policy = "drop"
    national_id: Policy = "drop"
    secret: Policy = "drop"  # noqa: S105  # a policy, no secret

    def kinds(self, policy: Policy) -> frozenset[PrivateKind]:
        """Return the kinds that this policy is set for."""
        kinds: tuple[PrivateKind, ...] = ("email", "phone", "card", "iban", "national_id", "secret")
        return frozenset(kind for kind in kinds if getattr(self, kind) == policy)


class PersonalData:
    """Reads every turn and the reasoning. Its verdict names kinds, never what was found."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, PersonalDataOptions)
        self._dropped = setup.options.kinds("drop")

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:  # noqa: ARG002
        """Return `personal_data` or `secret`, else a keep that names the kinds it saw."""
        turns = (*sample.messages, *filter(None, (sample.chosen, sample.rejected)))
        texts = (*(turn.content for turn in turns), sample.reasoning or "")
        kinds = sorted({item.kind for text in texts for item in private_data(text)})
        dropped = [kind for kind in kinds if kind in self._dropped]
        reason = "" if not dropped else "secret" if "secret" in dropped else "personal_data"
        return Verdict("personal_data", not reason, reason, detail=", ".join(dropped or kinds))


filters.add("personal_data", FilterEntry(PersonalData, "no personal data, no secrets", PersonalDataOptions))
