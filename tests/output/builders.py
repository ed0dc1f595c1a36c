"""Samples as recipes make them, for tests of what is written of them."""

from dataclasses import replace

from output.card_making import CardFacts
from output.provenance import SourceFacts
from schemas.requests import Image, Message, ToolCall
from schemas.samples import Evidence, Judged, Origin, Sample, Scored, Selected, Split, Verdict

SOURCES = {"d1": SourceFacts("docs/handbook.pdf", "Handbook")}
CARD = CardFacts("demo", versions={"tunesmith": "0.1.0"})
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8


def exchange(question: str = "What is a ferry?", answer: str = "A boat that carries people.") -> Sample:
    quote = "A ferry is a boat that carries people."
    return Sample(
        recipe="qa",
        kind="definition",
        messages=(Message("user", question), Message("assistant", answer)),
        origin=Origin("r1", "extractive", ("d1:0-100",)),
        evidence=(Evidence("d1", 10, 10 + len(quote), quote, 3), Evidence("d1", 90, 95, "boats", None)),
    )


def reasoned() -> Sample:
    return replace(exchange("How many boats?", "5"), recipe="cot", reasoning="Two and three make 5.")


def conversation() -> Sample:
    more = (Message("user", "And a canoe?"), Message("assistant", "A small one."))
    return replace(exchange(), recipe="chat", messages=exchange().messages + more)


def preferred() -> Sample:
    return replace(
        exchange(),
        recipe="preference",
        messages=(Message("user", "What is a ferry?"),),
        chosen=Message("assistant", "A boat that carries people."),
        rejected=Message("assistant", "A bird."),
    )


def chosen_by_score() -> Sample:
    scores = (
        Scored("c1", "sim", Verdict("judge", True, "", 0.75, "1 of 1 claims supported, 0 contradicted")),
        Scored("c2", "sim", Verdict("judge", False, "judge_unsupported", 0.0)),
    )
    return replace(preferred(), kind="candidate", scored=scores)


def tool_user() -> Sample:
    call = ToolCall("c1", "timetable", '{"harbour": "North"}')
    turns = (
        Message("user", "When does it leave?"),
        Message("assistant", "", tool_calls=(call,)),
        Message("tool", "08:30", tool_call_id="c1"),
        Message("assistant", "At 08:30."),
    )
    tool = '{"type":"function","function":{"name":"timetable","parameters":{}}}'
    return replace(exchange(), recipe="tools", messages=turns, tools=(tool,))


def pictured() -> Sample:
    turn = Message("user", "What is shown?", images=(Image("image/png", PNG),))
    return replace(exchange(), recipe="vision", messages=(turn, Message("assistant", "A ferry.")))


def selected(sample: Sample, split: Split = Split.TRAIN) -> Selected:
    verdicts = (Verdict("length", keep=True), Verdict("judge", keep=True, score=0.9))
    return Selected(Judged(sample, verdicts), split, cluster=sample.id)


def numbered(count: int) -> list[Selected]:
    """Samples of which every tenth goes to validation, and every tenth after it to test."""
    splits = {8: Split.VALIDATION, 9: Split.TEST}
    return [
        selected(exchange(f"Question {n}?", f"Answer {n}."), splits.get(n % 10, Split.TRAIN))
        for n in range(count)
    ]
