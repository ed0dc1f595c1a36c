"""What an endpoint's errors mean: the kind, whether trying again helps, and what to tell the user."""

import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from socket import gaierror
from typing import Any

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
    `said` is what the model said where an endpoint turned its answer down as not fitting the schema.
    """

    reason: FailureReason
    detail: str
    retry_after_s: float | None = None
    advice: str = ""
    unsupported: str = ""
    status: int = 0
    said: str = ""

    @property
    def transient(self) -> bool:
        """Whether the same request may well succeed later."""
        return (self.reason in _TRANSIENT or bool(self.unsupported)) and not self.advice

    @property
    def alive(self) -> bool:
        """Whether the endpoint is there, if only to say no."""
        return self.reason is FailureReason.RATE_LIMIT or bool(self.unsupported) or not self.transient


# As OpenAI, vLLM (older ones: the second line), SGLang, llama.cpp, LM Studio, Groq and Together say it.
_TOO_LONG = re.compile(
    r"context.{0,20}(length|window|size)|maximum.{0,20}(tokens|context)|too many tokens|prompt is too long"
    r"|maximum model length|max_tokens must be at least 1, got -"
    r"|input.{0,20}too (long|large)|reduce the length|max_new_tokens` must be <=",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"content.?(filter|policy|management)|moderation|flagged|safety|harm", re.IGNORECASE)
_TOO_LARGE = re.compile(r"request too large", re.IGNORECASE)  # for the tokens of a whole minute
_FLEX_IS_FULL = 498  # Groq's, where `service_tier` is flex
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
    said = _json(body)
    trouble = _by_status(status, _message(status, said), headers)
    return replace(trouble, status=status, said=_turned_down(said))


def trouble_in_body(said: Mapping[str, Any]) -> Trouble:
    """Return what an error in a successful response means: what its own code says, else that it passes."""
    error = said.get("error")
    code = error.get("code") if isinstance(error, Mapping) else None
    if isinstance(code, int) and 400 <= code < 600:
        return trouble_in_status(code, orjson.dumps(said), {})
    return trouble_in_status(502, orjson.dumps(said), {})


def _by_status(status: int, message: str, headers: Mapping[str, str]) -> Trouble:
    if status == 401 or (status == 403 and not _REFUSED.search(message)):
        return Trouble(FailureReason.AUTHENTICATION, message, advice="check the key in {key_variable}")
    if status == 402 or (status == 429 and _NO_QUOTA.search(message)):
        return Trouble(FailureReason.AUTHENTICATION, message, advice="add credit, or use another provider")
    if status == 407:
        advice = "the proxy wants a name and a password, as in HTTPS_PROXY=http://name:password@host"
        return Trouble(FailureReason.CONNECTION, message, advice=advice)
    if status in (404, 405):
        return _not_found(message)
    if status == 429 and _TOO_LARGE.search(message):
        return Trouble(FailureReason.CONTEXT_TOO_LONG, message)
    if status == 429:
        return Trouble(FailureReason.RATE_LIMIT, message, retry_after_s(headers))
    if status in (408, 504, 524):
        return Trouble(FailureReason.TIMEOUT, message)
    if status >= 500 and _TOO_LONG.search(message):
        return Trouble(FailureReason.CONTEXT_TOO_LONG, message)  # llama.cpp before September 2025
    if status >= 500 or status == _FLEX_IS_FULL:
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
    if insecure := [cause for cause in causes if isinstance(cause, ssl.SSLError)]:
        return _insecure(insecure[-1])
    names = {type(cause).__name__ for cause in causes}
    if "ClientHttpProxyError" in names:
        return _by_proxy(causes)
    if "ClientProxyConnectionError" in names:
        return Trouble(FailureReason.CONNECTION, f"the proxy does not answer: {_line(str(causes[-1]))}")
    if any("bad status line" in str(cause).lower() for cause in causes):
        return Trouble(FailureReason.CONNECTION, "it does not speak HTTP/1.1; this may be a port of gRPC")
    if names & {"ServerTimeoutError", "SocketTimeoutError", "TimeoutError", "ReadTimeout"}:
        return Trouble(FailureReason.TIMEOUT, "no answer in time")
    if any(isinstance(cause, gaierror) for cause in causes):
        return Trouble(FailureReason.CONNECTION, "there is no such host")
    return Trouble(FailureReason.CONNECTION, _line(str(causes[-1])) or type(causes[-1]).__name__)


def _insecure(error: ssl.SSLError) -> Trouble:
    """Return why there is no secure connection, and what can be done about it."""
    if error.reason == "WRONG_VERSION_NUMBER":
        return Trouble(FailureReason.CONNECTION, "it speaks no TLS", advice="try it with http://")
    why = getattr(error, "verify_message", "") or error.reason or str(error)
    advice = "check the address, or the certificate (SSL_CERT_FILE names your own)"
    return Trouble(FailureReason.CONNECTION, f"TLS failed: {why}", advice=advice)


def _by_proxy(causes: Iterable[BaseException]) -> Trouble:
    """Return what a proxy says that lets no connection through. Its address may hold a password."""
    status = next(int(found) for cause in causes if (found := getattr(cause, "status", 0)))
    advice = "" if status >= 500 else "check HTTPS_PROXY; NO_PROXY names hosts that are reached without one"
    return Trouble(FailureReason.CONNECTION, f"the proxy refuses it with HTTP {status}", advice=advice)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what led to it, outermost first."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _json(body: bytes) -> object:
    """Return the JSON of an error's body, or its text, of a web page only what it calls itself."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        said = body.decode("utf-8", "replace")
        return _title_of(said) if said.lstrip()[:1] == "<" else said


def _message(status: int, said: object) -> str:
    """Return the server's own words in one short line, OpenRouter's with those of the provider behind it."""
    behind = ""
    while isinstance(said, Mapping):
        raw = _inside(said, "metadata").get("raw")
        behind = f" {raw}" if raw else behind
        said = said.get("error") or said.get("message") or said.get("detail") or str(dict(said))
    return _line(f"HTTP {status} {said}{behind}")


def _turned_down(said: object) -> str:
    """Return the answer of a model that did not fit the schema, which Groq sends with a 400."""
    told = _inside(said, "error").get("failed_generation") if isinstance(said, Mapping) else None
    return told if isinstance(told, str) else ""


def _inside(said: Mapping[Any, Any], name: str) -> Mapping[Any, Any]:
    inner = said.get(name)
    return inner if isinstance(inner, Mapping) else {}


def _title_of(page: str) -> str:
    """Return what a web page says of itself."""
    title = re.search(r"<title[^>]*>(.*?)</title>", page, re.IGNORECASE | re.DOTALL)
    return f"with a web page{f', {title[1].strip()}' if title else ''}"


def _line(words: str) -> str:
    """Return `words` as one short line."""
    line = " ".join(words.split())
    return line if len(line) <= 300 else f"{line[:297]}..."
