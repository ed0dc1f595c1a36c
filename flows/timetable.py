"""When a deployment runs, as people say it: a cron line or an interval, in a time zone."""

from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

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
            SettingsError: both are set, the interval is none, or the time zone is unknown.
        """
        if self.cron and self.interval:
            raise SettingsError("", "--cron and --interval exclude each other")
        if self.interval:
            interval_of(self.interval)
        check_timezone(self.timezone)

    def schedules(self) -> "Sequence[Schedule]":
        """Return what Prefect knows it as: one schedule or none.

        Raises:
            SettingsError: the cron line is none.
        """
        from prefect.schedules import Schedule

        if self.interval:
            return [Schedule(interval=interval_of(self.interval), timezone=self.timezone)]
        if not self.cron:
            return []
        try:
            return [Schedule(cron=self.cron, timezone=self.timezone)]
        except ValueError as error:
            raise SettingsError(
                "", f"--cron wants minute, hour, day, month, weekday, as in '0 2 * * *' (got {self.cron!r})"
            ) from error

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
