import pytest

from tests.pipeline.extractive.asking import pairs

ITEMS = "\n\n- the crew list\n- the insurance certificate\n"
STEPS = "\n\n1. Ask for permission.\n2. Single up the lines.\n3. Let go the last line.\n"


@pytest.mark.parametrize(
    ("lead", "asks"),
    [
        ("A permit application must include:", "what must a permit application include"),
        ("The following papers are required on board:", "which papers are required on board"),
        ("The permit covers the following items:", "which items does the permit cover"),
        (
            "A vessel must meet two requirements, which the office set:",
            "which requirements must a vessel meet",
        ),
    ],
)
def test_a_list_answers_the_sentence_that_introduces_it(lead: str, asks: str) -> None:
    items = [item for item in pairs(f"# Harbour Handbook\n\n{lead}{ITEMS}") if item.kind == "list"]
    assert [item.answer for item in items] == ["- the crew list\n- the insurance certificate"]
    assert asks in items[0].question.lower()
    assert items[0].evidence == [lead, "- the crew list", "- the insurance certificate"]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("## Casting off" + STEPS, "what are the steps for casting off"),
        ("## How to leave the quay" + STEPS, "what are the steps to leave the quay"),
        ("To leave the quay:" + STEPS, "what are the steps to leave the quay"),
        ("## Departure" + STEPS, 'what procedure is set out under "departure"'),
    ],
)
def test_numbered_steps_are_a_procedure_in_order(text: str, asks: str) -> None:
    items = {item.kind: item for item in pairs(f"# Harbour Handbook\n\n{text}")}
    assert asks in items["procedure"].question.lower()
    assert items["procedure"].answer.startswith("1. Ask for permission.\n2. Single up")
    assert items["procedure_step"].answer in ("Single up the lines.", "Let go the last line.")


def test_a_list_that_nothing_introduces_and_no_plural_heading_names_is_left_alone() -> None:
    assert pairs(f"# Harbour Handbook\n\n## Arrival{ITEMS}") == []


@pytest.mark.parametrize("heading", ["What a decision does", "Why pumps"])
def test_a_heading_that_asks_names_no_things_of_a_list(heading: str) -> None:
    assert not pairs(f"# Harbour Handbook\n\n## {heading}{ITEMS}")
    assert pairs(f"# Harbour Handbook\n\n## Required papers{ITEMS}")


def test_lines_with_a_key_are_values_and_in_a_glossary_definitions() -> None:
    lines = "\n\n- Radio channel: VHF 12\n- Opening hours: 06:00 to 22:00\n"
    values = pairs(f"# Harbour Handbook\n\n## Contact{lines}")
    assert {(item.kind, item.answer) for item in values} == {
        ("key_value", "VHF 12"),
        ("key_value", "06:00 to 22:00"),
    }
    assert all('under "Contact"' in item.question for item in values)
    terms = "\n\n- Watch: the hours for which a crew is on duty\n- Hot work: any work that makes sparks\n"
    meanings = pairs(f"# Harbour Handbook\n\n## Glossary{terms}")
    assert {item.kind for item in meanings} == {"definition"}


def test_one_line_with_a_colon_among_prose_is_no_value() -> None:
    assert pairs("# Harbour Handbook\n\n## Contact\n\n- Remember: be kind\n- Bring a pen\n") == []


@pytest.mark.parametrize("nothing", ["None", "n/a", "see the second annex", "HARBOUR_PORT_*"])
def test_a_line_whose_value_says_nothing_or_points_elsewhere_is_no_value(nothing: str) -> None:
    lines = f"\n\n- Radio channel: {nothing}\n- Opening hours: {nothing}\n"
    assert pairs(f"# Harbour Handbook\n\n## Contact{lines}") == []
