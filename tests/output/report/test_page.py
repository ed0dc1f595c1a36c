import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from output.report import Extras, ReportFacts, collect, write_report
from output.report.facts import Calibration, CalibrationPoint, PlantedFault
from schemas.documents import PageNote, PageQuality
from schemas.ledger import End, Outcome, Stage, Tally
from schemas.requests import Image
from tests.output.report.runs import KEPT, Decision, document, judged, manifest, sample

HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'\u2028alert(2)\u2029",
    "\u202egnp.exe\u202c \u2067rtl",
    "{{ 7 * 7 }}{% for x in y %}",
    "<!-- --><svg onload=alert(1)>&lt;",
    "broken \x00\x1b[2J",
    "javascript:alert(1)",
)
VOID = {"meta", "input", "br", "link", "img"}


class Outline(HTMLParser):
    """Every element and attribute of a page, and whether elements close in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def close(self) -> None:
        super().close()
        assert not self._open


def outline(page: str) -> Outline:
    parsed = Outline()
    parsed.feed(page)
    parsed.close()
    return parsed


def facts_saying(words: str) -> ReportFacts:
    """Return facts in which every text that comes from outside says `words`."""
    text = f"A ferry is {words} a boat. " * 3
    ferry = document(text, f"docs/{words}.pdf", title=words, blind=2)
    speaking = PageNote(3, PageQuality.ADDRESSES_MODEL, words)
    ferry = replace(ferry, page_notes=(*ferry.page_notes, speaking))
    kept = judged(sample(ferry, f"ferry is {words}", words, reasoning=words, kind=words, recipe=words))
    lost = judged(sample(ferry, "a boat.", words + "?"), 0.3, words)
    decisions = {kept.sample.id: KEPT, lost.sample.id: Decision(End.DROPPED, words)}
    outcome = Outcome(Stage.SOURCES, words, End.FAILED, words, words)
    point = CalibrationPoint(0.5, 0.9, 0.8)
    faults = (PlantedFault("", 3, 0, 0, 0), PlantedFault(words, 3, 1, 2, 2))
    calibration = Calibration(words, 0.9, 0.8, 0.5, faults, (words,), (point,))
    told = manifest([kept, lost], decisions, [outcome], words)
    return collect([kept, lost], decisions, [ferry], told, len, Extras((outcome,), calibration))


def written(facts: ReportFacts, folder: Path) -> str:
    write_report(facts, folder / "report.html")
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_page_holds_itself_together(tmp_path: Path) -> None:
    page = written(facts_saying("plain"), tmp_path)
    parsed = outline(page)
    addresses = [value for _, name, value in parsed.attributes if name in {"href", "src", "action", "srcset"}]

    assert all(address.startswith("#") for address in addresses)
    assert "url(" not in page
    assert "@import" not in page
    ids = [value for _, name, value in parsed.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in addresses} <= set(ids)
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_only_the_page_s_own_script_may_run(tmp_path: Path) -> None:
    page = written(facts_saying("plain"), tmp_path)
    [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    assert f"script-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("words", HOSTILE)
def test_text_from_outside_can_do_nothing(words: str, tmp_path: Path) -> None:
    harmless = outline(written(facts_saying(re.sub(r"\S", "x", words)), tmp_path))
    parsed = outline(written(facts_saying(words), tmp_path))

    assert parsed.tags == harmless.tags
    assert [each[:2] for each in parsed.attributes] == [each[:2] for each in harmless.attributes]
    assert parsed.tags.count("script") == 1
    assert not [name for _, name, _ in parsed.attributes if name.startswith("on")]


def test_pictures_are_shown_where_they_are_small_and_of_a_kind_that_runs_nothing(tmp_path: Path) -> None:
    ferry = document("A ferry is a boat.")
    plain = sample(ferry, "a boat.")
    images = (
        Image("image/png", b"small"),
        Image("image/jpeg", b"x" * 300_001),
        Image("image/svg+xml", b"<svg onload=alert(1)>"),
    )
    each = judged(replace(plain, messages=(replace(plain.messages[0], images=images), plain.messages[1])))
    decisions = {each.sample.id: KEPT}
    facts = collect([each], decisions, [ferry], manifest([each], decisions), len)
    parsed = outline(written(facts, tmp_path))

    shown = [value for tag, name, value in parsed.attributes if (tag, name) == ("img", "src")]
    assert shown == [images[0].data_url]
    assert any("2 pictures, too large or of another kind" in text for text in parsed.text)


def test_text_from_outside_is_shown_as_it_is(tmp_path: Path) -> None:
    parsed = outline(written(facts_saying(HOSTILE[1]), tmp_path))

    assert any(f"ferry is {HOSTILE[1]}" in text for text in parsed.text)


def test_a_lone_surrogate_does_not_stop_the_report(tmp_path: Path) -> None:
    page = written(replace(facts_saying("plain"), name="\ud800 broken"), tmp_path)

    assert "\ufffd broken" in page


def test_what_is_seen_is_said_in_words_too(tmp_path: Path) -> None:
    facts = facts_saying("plain")
    tally = Tally(10, 6, {"too_long": 3}, {"timeout": 1})
    page = written(replace(facts, ledger={Stage.REQUESTS: tally}), tmp_path)
    images = [value for tag, name, value in outline(page).attributes if (tag, name) == ("svg", "aria-label")]

    assert any("Requests: 10 (lost: 3 too long, 1 timeout)" in label for label in images)
    assert any(label.startswith("Evidence in each tenth of the documents: ") for label in images)
    assert page.count('role="img"') == len(images)
    assert '<td>too long</td><td class="n">3</td>' in page


def test_a_run_that_made_nothing_still_has_a_report(tmp_path: Path) -> None:
    empty = collect([], {}, [], manifest([], {}), len)
    page = written(replace(empty, ledger={}, spending=()), tmp_path)

    assert "The dataset has no rows." in page
    assert "Nothing was lost." in page
    outline(page)


def test_a_stage_that_lost_everything_is_drawn(tmp_path: Path) -> None:
    reasons = {f"reason_{number}": number + 1 for number in range(30)}
    tally = Tally(sum(reasons.values()), 0, reasons, {})
    page = written(replace(facts_saying("plain"), ledger={Stage.SAMPLES: tally}), tmp_path)

    assert "25 other reasons" in page
    assert "nan" not in page.lower().replace("finance", "")


def test_samples_that_were_not_compared_by_meaning_are_told(tmp_path: Path) -> None:
    facts = facts_saying("plain")
    missing = {"context_too_long": 2, "refused": 1}
    page = written(replace(facts, without_vector=missing), tmp_path)
    told = " ".join("".join(outline(page).text).split())

    assert "3 samples have no vector, and were compared with the others by their words alone" in told
    assert "2 context too long, 1 refused." in told
    assert "no vector" not in written(facts, tmp_path)


def test_rows_that_were_asked_for_and_are_lacking_are_told(tmp_path: Path) -> None:
    facts = facts_saying("plain")
    page = written(replace(facts, shortfall="cot: no row: <b>nothing</b> fits"), tmp_path)
    told = " ".join("".join(outline(page).text).split())

    assert "Asked for and not there: cot: no row: <b>nothing</b> fits." in told
    assert "Asked for and not there" not in written(facts, tmp_path)


def test_a_test_of_rules_alone_says_nothing_of_a_judge(tmp_path: Path) -> None:
    alone = Calibration("rules alone", 1.0, 0.8, None, (PlantedFault("off_topic", 5, 4, 0, 4),))
    page = written(replace(facts_saying("plain"), calibration=alone), tmp_path)

    assert "How far the filters can be trusted" in page
    assert "by the judge" not in page
    assert "by the judge" in written(facts_saying("plain"), tmp_path)


def test_a_bias_is_told_in_a_sentence(tmp_path: Path) -> None:
    facts = facts_saying("plain")
    assert facts.calibration is not None
    biased = replace(facts.calibration, warnings=("prefers_length",))
    page = written(replace(facts, calibration=biased), tmp_path)

    assert "It prefers long answers" in page


def test_stages_that_nothing_entered_do_not_empty_the_picture(tmp_path: Path) -> None:
    ledger = {
        Stage.SOURCES: Tally(1, 1, {}, {}),
        Stage.REQUESTS: Tally(0, 0, {}, {}),
        Stage.SAMPLES: Tally(4, 4, {}, {}),
    }
    page = written(replace(facts_saying("plain"), ledger=ledger), tmp_path)
    [picture] = re.findall(r'<svg class="flow".*?</svg>', page, re.DOTALL)

    assert re.findall(r'class="stage"[^>]*>([^<]+)<', picture) == ["Sources", "Samples", "Dataset rows"]
    assert len(set(re.findall(r'class="column"[^>]* height="([\d.]+)"', picture))) == 1


def test_a_kind_of_any_length_does_not_widen_the_page(tmp_path: Path) -> None:
    page = written(facts_saying("x" * 500), tmp_path)
    tags = re.findall(r'<span class="tag">(.*?)</span>', page, re.DOTALL)

    assert all(len(tag) < 600 for tag in tags)  # the recipe's name, which is ours, and a kind of 60
    assert "x" * 59 + "…" in page
