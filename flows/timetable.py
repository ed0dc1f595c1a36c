"""When a deployment runs, as people say it: a cron line or an interval, in a time zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from flows.loops import run_to_end
from schemas.errors import SettingsError
from schemas.since import length_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect.schedules import Schedule


@dataclass(frozen=True, slots=True)
class Timetable:
    """A cron line or an interval such as `6h`; neither is a deployment that is only run by hand."""

    cron: str | None = None
    interval: str | None = None
    timezone: str = "UTC"

    def check(self) -> None:
        """Find what needs no library to be found.

        Raises:
            SettingsError: both are set, one of them is none, or the time zone is unknown.
        """
        if self.cron is not None and self.interval is not None:
            raise SettingsError("", "--cron and --interval exclude each other")
        if self.interval is not None:
            interval_of(self.interval)
        if self.cron is not None:
            check_cron(self.cron)
        check_timezone(self.timezone)

    def schedules(self) -> "Sequence[Schedule]":
        """Return what Prefect knows it as: one schedule or none."""
        from prefect.schedules import Schedule

        if self.interval is not None:
            return [Schedule(interval=interval_of(self.interval), timezone=self.timezone)]
        if self.cron is None:
            return []
        return [Schedule(cron=self.cron, timezone=self.timezone)]

    def next_run(self) -> datetime | None:
        """Return when a cron line comes up next; None where there is no such line.

        Raises:
            SettingsError: the cron line is none, or names a day that never comes.
        """
        if self.cron is None:
            return None
        from prefect.server.schemas.schedules import CronSchedule

        try:
            schedule = CronSchedule(cron=self.cron, timezone=self.timezone)
        except ValueError as error:
            raise _no_cron(self.cron) from error
        try:
            [date] = run_to_end(schedule.get_dates(1))
        except ValueError as error:
            raise SettingsError("", f"--cron: {self.cron!r} never comes up: there is no such day") from error
        return date

    def __str__(self) -> str:
        if self.interval:
            return f"every {self.interval}"
        return f"{self.cron} ({self.timezone})" if self.cron else "when somebody starts it"


def interval_of(text: str) -> timedelta:
    """Return the length of `90s`, `30m`, `6h`, `1d` or `2w`.

    Raises:
        SettingsError: it is none of these, or nothing at all.
    """
    length = length_of(text)
    if length is None:
        raise SettingsError("", f"--interval wants a number and s, m, h, d or w, as in 6h (got {text!r})")
    return length


def check_cron(line: str) -> None:
    """Make sure that a cron line has five fields, or is one of the short forms such as `@daily`.

    Raises:
        SettingsError: it has not. A sixth field would be seconds: sixty runs where one was meant.
    """
    if len(line.split()) != 5 and not line.startswith("@"):
        raise _no_cron(line)


def _no_cron(line: str) -> SettingsError:
    return SettingsError(
        "", f"--cron wants minute, hour, day, month, weekday, as in '0 2 * * *' (got {line!r})"
    )


def check_timezone(name: str) -> None:
    """Make sure that there is a time zone of this name.

    Raises:
        SettingsError: there is none; the message names the nearest.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f"did you mean '{near[0]}'?" if near else "use a name such as Europe/Berlin"
        raise SettingsError("", f"--timezone: there is no '{name}'; {hint}") from error
