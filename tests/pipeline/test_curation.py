import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.curation import Curation
from pipeline.filters.judge import ClaimVerdict, Judgement
from schemas.errors import NeedsModel, SettingsError, UnknownName
from schemas.settings import load_settings
from tests.pipeline.curated import PUMP, passage_of, replying, sample_of

GOOD = Judgement(
    claims=[ClaimVerdict(claim=1, verdict="supported", quote="420 litres per minute")],
    relevant=5,
    clear=5,
    useful=4,
    difficulty=1,
)
QUESTION = "How much does the P-100 pump move per minute?"


def test_a_supported_answer_passes_every_filter() -> None:
    passage = passage_of(PUMP)
    curation = Curation(load_settings(), language_model=False)
    judged = curation.judge(sample_of(QUESTION, "420 litres per minute", passage), (passage,))
    assert judged.keep
    assert judged.sample.answer == "420 litres per minute"
    assert not curation.asks_model


def test_filters_stop_at_the_first_drop() -> None:
    passage = passage_of(PUMP)
    sample = sample_of(QUESTION, "It moves 990 litres", passage, quotes=("moves 990 litres",))
    judged = Curation(load_settings(), language_model=False).judge(sample, (passage,))
    assert judged.reason == "evidence_not_found"
    assert sum(not verdict.keep for verdict in judged.verdicts) == 1


def test_the_judge_is_asked_only_about_what_is_alive() -> None:
    passage = passage_of(PUMP)
    curation = Curation(load_settings({"model": "vllm/llama"}), language_model=True)
    good = curation.judge(sample_of(QUESTION, "420 litres per minute", passage), (passage,))
    bad = curation.judge(sample_of(QUESTION, "990 litres per minute", passage), (passage,))
    assert curation.asks_model
    assert asyncio.run(curation.judge_with(good, (passage,), replying(GOOD))).verdicts[-1].filter == "judge"
    assert asyncio.run(curation.judge_with(bad, (passage,), replying(GOOD))) == bad


def test_an_unknown_filter_names_those_that_are() -> None:
    with pytest.raises(UnknownName, match="did you mean 'length'"):
        Curation(load_settings({"filters": ["lenght"]}), language_model=False)


def test_a_filter_that_needs_a_model_is_refused_without_one() -> None:
    with pytest.raises(NeedsModel):
        Curation(load_settings({"filters": ["judge"]}), language_model=False)


def test_a_wrong_option_is_named_with_its_place() -> None:
    with pytest.raises(SettingsError, match=r"filters\.length\.max_answr.*max_answer"):
        Curation(load_settings({"filters": [{"length": {"max_answr": 5}}]}), language_model=False)


def test_the_fingerprint_follows_what_decides_verdicts() -> None:
    def fingerprint(**values: object) -> str:
        return Curation(load_settings(values), language_model=True).fingerprint

    assert fingerprint() == fingerprint(out="elsewhere")
    assert fingerprint() != fingerprint(judge={"min_score": 0.9})
    assert fingerprint() != fingerprint(filters=["length"])


def test_personal_data_is_masked_on_its_way_out_and_quotes_stay_verbatim() -> None:
    passage = passage_of("Ask Maria at maria.lopez@pumps-lyon.fr about the pump.")
    sample = sample_of("Whom do I ask about the pump?", "maria.lopez@pumps-lyon.fr", passage)
    settings = load_settings({"filters": [{"personal_data": {"email": "mask"}}]})
    curation = Curation(settings, language_model=False)
    judged = curation.judge(sample, (passage,))
    released = curation.released(judged.sample)
    assert judged.keep
    assert judged.sample == sample
    assert released.answer == "[email]"
    assert [span.quote for span in released.evidence] == ["Ask Maria at", "about the pump."]
    assert all(passage.document.text[s.start : s.end] == s.quote for s in released.evidence)


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_rule_changes_or_loses_a_sample(question: str, answer: str) -> None:
    passage = passage_of(PUMP)
    sample = sample_of(question, answer, passage)
    curation = Curation(load_settings(), language_model=False)
    judged = curation.judge(sample, (passage,))
    assert judged.sample == sample
    assert judged == curation.judge(sample, (passage,))
    assert judged.keep == (judged.reason == "")
