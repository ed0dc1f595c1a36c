"""What an endpoint's errors mean: the kind, whether trying again helps, and what to tell the user."""

import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from socket import gaierror

import orjson

from pipeline.llms.wire.headers import retry_after_s
from schemas.requests import FailureReason

_TRANSIENT = frozenset(
    (
        FailureReason.RATE_LIMIT,
        FailureReason.OVERLOAD,
        FailureReason.TIMEOUT,
        FailureReason.CONNECTION,
    )
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a request got no reply. `advice` is for the user where the run must stop, else empty.

    `unsupported` names the parameter that the endpoint does not take. `status` is HTTP's, 0 without one.
    """

    reason: FailureReason
    detail: str
    retry_after_s: float | None = None
    advice: str = ""
    unsupported: str = ""
    status: int = 0

    @property
    def transient(self) -> bool:
        """Whether the same request may well succeed later."""
        return (self.reason in _TRANSIENT or bool(self.unsupported)) and not self.advice

    @property
    def alive(self) -> bool:
        """Whether the endpoint is there, if only to say no."""
        return self.reason is FailureReason.RATE_LIMIT or bool(self.unsupported) or not self.transient


_TOO_LONG = re.compile(
    r"context.{0,20}(length|window|size)|maximum.{0,20}(tokens|context)|too many tokens|prompt is too long"
    r"|input.{0,20}too (long|large)|reduce the length",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"content.?(filter|policy|management)|moderation|flagged|safety|harm", re.IGNORECASE)
_TOO_LARGE = re.compile(r"request too large", re.IGNORECASE)  # for the tokens of a whole minute
_NO_QUOTA = re.compile(r"insufficient.?(quota|credit|balance|funds)|billing|payment", re.IGNORECASE)
_FORMAT = re.compile(r"response_format|json_schema|json_object|guided|grammar|schema", re.IGNORECASE)
_MAX_TOKENS = re.compile(r"max_completion_tokens|max_tokens", re.IGNORECASE)
_SAMPLING = re.compile(r"\b(temperature|top_p|seed)\b", re.IGNORECASE)
_NOT_TAKEN = re.compile(
    r"not (support|permitted|allowed|available)|un(supported|recogni[sz]ed|known|expected)|extra",
    re.IGNORECASE,
)
_UNSUPPORTED = re.compile(
    r"not (supported|permitted|allowed|available)|un(supported|recognized|known|expected)|extra|invalid",
    re.IGNORECASE,
)


def trouble_in_status(status: int, body: bytes, headers: Mapping[str, str]) -> Trouble:
    """Return what an HTTP status and its message mean."""
    message = _message(status, body)
    return replace(_by_status(status, message, headers), status=status)


def _by_status(status: int, message: str, headers: Mapping[str, str]) -> Trouble:
    if status == 401 or (status == 403 and not _REFUSED.search(message)):
        return Trouble(FailureReason.AUTHENTICATION, message, advice="check the key in {key_variable}")
    if status == 402 or (status == 429 and _NO_QUOTA.search(message)):
        return Trouble(FailureReason.AUTHENTICATION, message, advice="add credit, or use another provider")
    if status in (404, 405):
        return _not_found(message)
    if status == 429 and _TOO_LARGE.search(message):
        return Trouble(FailureReason.CONTEXT_TOO_LONG, message)
    if status == 429:
        return Trouble(FailureReason.RATE_LIMIT, message, retry_after_s(headers))
    if status in (408, 504, 524):
        return Trouble(FailureReason.TIMEOUT, message)
    if status >= 500:
        return Trouble(FailureReason.OVERLOAD, message, retry_after_s(headers))
    return _bad_request(status, message)


def _not_found(message: str) -> Trouble:
    if re.search(r"model", message, re.IGNORECASE):
        return Trouble(FailureReason.NO_SUCH_MODEL, message, advice="check the model's name")
    return Trouble(FailureReason.BAD_REQUEST, message, advice="check the base URL; it often ends in /v1")


def _bad_request(status: int, message: str) -> Trouble:
    if re.search(r"model\b.{0,80}(not exist|not found|unknown|invalid)", message, re.IGNORECASE):
        return Trouble(FailureReason.NO_SUCH_MODEL, message, advice="check the model's name")
    if status == 413 or _TOO_LONG.search(message):
        return Trouble(FailureReason.CONTEXT_TOO_LONG, message)
    if _FORMAT.search(message):
        return Trouble(FailureReason.BAD_REQUEST, message, unsupported="response_format")
    if (found := _MAX_TOKENS.search(message)) and _UNSUPPORTED.search(message):
        return Trouble(FailureReason.BAD_REQUEST, message, unsupported=found[0].lower())
    if (found := _SAMPLING.search(message)) and _NOT_TAKEN.search(message):
        return Trouble(FailureReason.BAD_REQUEST, message, unsupported=found[0].lower())
    if _REFUSED.search(message):
        return Trouble(FailureReason.REFUSED, message)
    return Trouble(FailureReason.BAD_REQUEST, message)


def trouble_in_connection(error: BaseException) -> Trouble:
    """Return what a broken, refused, insecure or silent connection means."""
    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            advice = "check the address, or the certificate (SSL_CERT_FILE names your own)"
            return Trouble(FailureReason.CONNECTION, f"TLS failed: {cause}", advice=advice)
    names = {type(cause).__name__ for cause in causes}
    if names & {"ServerTimeoutError", "SocketTimeoutError", "TimeoutError", "ReadTimeout"}:
        return Trouble(FailureReason.TIMEOUT, "no answer in time")
    if any(isinstance(cause, gaierror) for cause in causes):
        return Trouble(FailureReason.CONNECTION, "there is no such host")
    return Trouble(FailureReason.CONNECTION, _line(str(causes[-1])) or type(causes[-1]).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what led to it, outermost first."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _message(status: int, body: bytes) -> str:
    """Return the server's own words in one short line."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = body.decode("utf-8", "replace")
        if said.lstrip()[:1] == "<":
            said = _title_of(said)
    while isinstance(said, Mapping):
        said = said.get("error") or said.get("message") or said.get("detail") or str(dict(said))
    return _line(f"HTTP {status} {said}")


def _title_of(page: str) -> str:
    """Return what a web page says of itself."""
    title = re.search(r"<title[^>]*>(.*?)</title>", page, re.IGNORECASE | re.DOTALL)
    return f"with a web page{f', {title[1].strip()}' if title else ''}"


def _line(words: str) -> str:
    """Return `words` as one short line."""
    line = " ".join(words.split())
    return line if len(line) <= 300 else f"{line[:297]}..."
