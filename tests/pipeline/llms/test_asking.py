"""What a judge costs, and where it is asked, where it is another model than the one that writes."""

import pytest

from pipeline.llms.endpoints import asking, card_of, endpoints_of
from schemas.registry import providers
from schemas.settings import PriceSettings, Settings, load_settings

_LLM = {"price": {"prompt": 3, "completion": 9}, "endpoints": [{"base_url": "http://one/v1"}]}


def settings(**changes: object) -> Settings:
    return load_settings({"model": "vllm/writer", "llm": _LLM, **changes})


@pytest.mark.parametrize(
    ("model", "own", "prompt"),
    [
        ("vllm/writer", None, 3.0),
        ("vllm/judge", PriceSettings(prompt=1), 1.0),
        ("openai/gpt-4.1-mini", None, 0.4),
        ("openai/gpt-4.1-mini", PriceSettings(prompt=1), 1.0),
        ("vllm/judge", None, 3.0),
    ],
)
def test_a_judge_costs_its_own_price_or_its_presets(
    model: str, own: PriceSettings | None, prompt: float
) -> None:
    judging = asking(settings(), model, None, own)
    assert card_of(judging, providers.get(judging.provider)).price.prompt == prompt


def test_endpoints_that_share_the_writing_serve_judges_of_the_same_provider_only() -> None:
    def where(model: str, base_url: str | None = None) -> list[str]:
        judging = asking(settings(), model, base_url, None)
        return [each.base_url for each in endpoints_of(judging, providers.get(judging.provider))]

    assert where("vllm/judge") == ["http://one/v1"]
    assert where("openai/gpt-4.1-mini") == ["https://api.openai.com/v1"]
    assert where("vllm/judge", "http://two/v1") == ["http://two/v1"]


def test_the_same_model_at_the_same_place_is_no_other() -> None:
    same = settings()
    assert asking(same, same.model, None, None) is same
