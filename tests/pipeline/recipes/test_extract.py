"""`extract`: records that a schema describes."""

import pytest
from pydantic import BaseModel

from schemas.errors import SettingsError
from tests.pipeline.recipes.building import FLOWS, built, sample


def test_extract_checks_the_record_and_an_empty_one_is_at_fault() -> None:
    schema = {"type": "object", "properties": {"flow": {"type": ["string", "null"]}}, "required": ["flow"]}
    found = sample("extract", {"record": {"flow": "420"}, "evidence": ["420 litres"]}, json_schema=schema)
    assert '"flow": "420"' in found.answer
    assert FLOWS in found.question
    empty = sample("extract", {"record": {"flow": None}, "evidence": []}, json_schema=schema)
    assert empty.fault == "record_empty"
    with pytest.raises(ValueError, match="5 is not of type"):
        sample("extract", {"record": {"flow": 5}, "evidence": []}, json_schema=schema)


def test_extract_refuses_what_is_no_schema() -> None:
    with pytest.raises(SettingsError, match="not a JSON schema"):
        built("extract", json_schema={"type": "nothing"})


class Part(BaseModel):
    name: str
    hours: int | None = None


class Machine(BaseModel):
    model: str
    parts: list[Part]


def test_extract_takes_a_nested_pydantic_model_and_holds_records_to_it() -> None:
    schema = Machine.model_json_schema()
    record = {"model": "P-7", "parts": [{"name": "filter", "hours": 200}]}
    found = sample("extract", {"record": record, "evidence": ["every 200 hours"]}, json_schema=schema)
    assert '"hours": 200' in found.answer
    with pytest.raises(ValueError, match="'name' is a required property"):
        sample("extract", {"record": record | {"parts": [{"hours": 3}]}, "evidence": []}, json_schema=schema)


@pytest.mark.parametrize("reference", ["#/$defs/Nowhere", "https://example.com/part.json", "#"])
def test_a_schema_that_refers_to_what_is_not_in_it_is_refused(reference: str) -> None:
    schema = {"type": "object", "properties": {"part": {"$ref": reference}}}
    with pytest.raises(SettingsError, match="which is not in it"):
        built("extract", json_schema=schema)
