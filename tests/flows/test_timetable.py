"""Timetables, and what is told before any server is asked."""

from datetime import timedelta
from pathlib import Path

import pytest

from flows.deploying import Order, deploy
from flows.ticket import find_ticket
from flows.timetable import Timetable, interval_of
from schemas.errors import RunFolderError, ServerFailed, SettingsError
from schemas.settings import load_settings
from tests.flows.prefect_server import HANDBOOK


@pytest.mark.parametrize(
    ("timetable", "message"),
    [
        (Timetable(cron="0 2 * * *", interval="6h"), "exclude each other"),
        (Timetable(interval="6x"), "as in 6h"),
        (Timetable(interval="0h"), "as in 6h"),
        (Timetable(cron=""), "as in '0 2 * * *' (got '')"),
        (Timetable(cron="0 2 * * * *"), "minute, hour, day, month, weekday"),
        (Timetable(interval=""), "as in 6h"),
        (Timetable(cron="0 2 * * *", timezone="Europe/Berln"), "did you mean 'Europe/Berlin'?"),
        (Timetable(cron="0 2 * * *", timezone="../etc/passwd"), "there is no '../etc/passwd'"),
    ],
)
def test_a_timetable_that_cannot_be_is_told_in_one_line(timetable: Timetable, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        timetable.check()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("cron", "message"), [("61 2 * * *", "--cron wants minute"), ("0 2 30 2 *", "never comes up")]
)
def test_a_line_that_never_comes_up_is_told_before_it_is_waited_for(cron: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Timetable(cron=cron).next_run()


def test_the_next_run_is_told_in_the_time_zone_that_was_named() -> None:
    date = Timetable(cron="30 2 * * *", timezone="Asia/Tokyo").next_run()
    assert date is not None
    assert (date.hour, date.minute, date.utcoffset()) == (2, 30, timedelta(hours=9))
    assert Timetable(interval="6h").next_run() is None


@pytest.mark.parametrize("name", ["", "a/b", "50%"])
def test_a_name_that_prefect_cannot_have_is_told(name: str) -> None:
    with pytest.raises(SettingsError, match="--name wants a name"):
        deploy(Order(name, load_settings({"sources": [str(HANDBOOK)]}), Timetable()))


def test_intervals_are_read_as_people_write_them() -> None:
    assert interval_of("90s") == timedelta(seconds=90)
    assert interval_of("6H") == timedelta(hours=6)
    assert interval_of("2 w") == timedelta(weeks=2)


def test_a_deployment_without_a_server_says_what_to_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    order = Order("nightly", load_settings({"sources": [str(HANDBOOK)]}), Timetable())
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with pytest.raises(ServerFailed, match="prefect server start"):
        deploy(order)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    with pytest.raises(ServerFailed, match="does not answer"):
        deploy(order)


def test_passwords_do_not_travel_in_a_deployment() -> None:
    settings = load_settings({"sources": [str(HANDBOOK)], "parse": {"passwords": ["open sesame"]}})
    with pytest.raises(SettingsError, match=r"parse\.passwords"):
        deploy(Order("nightly", settings, Timetable()))


def test_a_folder_that_waits_for_nobody_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="waits for no answer"):
        find_ticket(str(tmp_path))
