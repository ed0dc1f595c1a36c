"""Every error that a user can meet. Each says what, which, and what to do."""

from collections.abc import Iterable
from difflib import get_close_matches


def one_line(error: BaseException) -> str:
    """Return what a library's error says, in one line."""
    return " ".join(str(error).split())


class TunesmithError(Exception):
    """The root of all errors that are told in one line. `exit_code` is the command's."""

    exit_code = 1


class SettingsError(TunesmithError):
    """A setting cannot be used."""

    exit_code = 2

    def __init__(self, key: str, problem: str) -> None:
        self.key = key
        super().__init__(f"setting '{key}': {problem}" if key else problem)


class UnknownName(TunesmithError):
    """A name that nothing is registered under."""

    exit_code = 2

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(sorted(known))
        near = get_close_matches(name, self.known, n=1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        super().__init__(f"no {kind} is called '{name}'{hint}; there are: {', '.join(self.known)}")


class SourceNotFound(TunesmithError):
    """A path, glob or address that leads to no document."""

    exit_code = 2

    def __init__(self, uri: str, problem: str) -> None:
        self.uri = uri
        super().__init__(f"{uri}: {problem}")


class UnreadableDocument(TunesmithError):
    """A source that no document can be made from. `reason` is the ledger's word."""

    def __init__(self, uri: str, reason: str, detail: str = "") -> None:
        self.uri, self.reason, self.detail = uri, reason, detail
        super().__init__(f"{uri}: {detail or reason.replace('_', ' ')}")

    def __reduce__(self) -> tuple[type["UnreadableDocument"], tuple[str, str, str]]:
        return UnreadableDocument, (self.uri, self.reason, self.detail)


class UnreadableRow(TunesmithError):
    """A row of a dataset that no sample can be made from."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


class NeedsModel(TunesmithError):
    """A recipe or filter that no rule can stand in for."""

    exit_code = 2

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"{what} needs a language model, and the extractive engine is none; "
            "pass --model provider/model (see: tunesmith list providers)"
        )


class EndpointError(TunesmithError):
    """An endpoint that cannot be used at all, so that the run stops."""

    exit_code = 3

    def __init__(self, endpoint: str, problem: str, advice: str) -> None:
        self.endpoint, self.problem, self.advice = endpoint, problem, advice
        super().__init__(f"{endpoint}: {problem}; {advice}")


class RunLocked(TunesmithError):
    """Another process works on the same run folder."""

    exit_code = 4

    def __init__(self, folder: str) -> None:
        self.folder = folder
        super().__init__(f"{folder} is in use by another run; wait for it, or choose another --out")


class RunFolderError(TunesmithError):
    """A run folder that cannot be written, or is not one."""

    exit_code = 4

    def __init__(self, folder: str, problem: str) -> None:
        self.folder, self.problem = folder, problem
        super().__init__(f"{folder}: {problem}")


class ServerFailed(TunesmithError):
    """Prefect's server could not be started, or cannot be reached."""

    exit_code = 6

    def __init__(self, problem: str, advice: str = "--direct runs without Prefect") -> None:
        self.problem, self.advice = problem, advice
        super().__init__(f"Prefect's server {problem}; {advice}")


class PartitionFailed(TunesmithError):
    """A partition of a run that no worker could make."""

    exit_code = 9

    def __init__(self, partition: str, problem: str) -> None:
        self.partition, self.problem = partition, problem
        super().__init__(f"{partition}: {problem}")


class NothingLeft(TunesmithError):
    """A run that ended without a single row. `advice` says what to change."""

    exit_code = 5

    def __init__(self, what: str, advice: str) -> None:
        self.what, self.advice = what, advice
        super().__init__(f"{what}; {advice}")


class DocumentsFailed(TunesmithError):
    """A run that made its dataset without some of its sources, where its settings allow no such thing."""

    exit_code = 7

    def __init__(self, which: str) -> None:
        self.which = which
        super().__init__(f"{which}; the dataset was written without them (setting 'fail_on')")


class NotPublished(TunesmithError):
    """A dataset that a person did not approve. It stays in the run's folder."""

    exit_code = 8

    def __init__(self, folder: str, why: str) -> None:
        self.folder, self.why = folder, why
        super().__init__(f"{folder}: the dataset is not published; {why}")


class LedgerMismatch(TunesmithError):
    """Items went in that did not come out: a fault of the program, never of its input."""

    exit_code = 70

    def __init__(self, stage: str, entered: int, ended: int) -> None:
        self.stage, self.entered, self.ended = stage, entered, ended
        super().__init__(f"ledger of {stage}: {entered} went in, {ended} ended; please report this")


class TimedOut(TunesmithError):
    """A run that took longer than its settings allow. What is done is kept."""

    exit_code = 124  # as timeout(1) has it

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"stopped after {seconds:g} s (setting 'timeout_s'); "
            "what is done is kept, and the same command goes on from there"
        )


class Interrupted(TunesmithError):
    """Somebody asked the run to stop. What is done is kept."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("stopped; what is done is kept, and the same command goes on from there")
