"""From what SDKs raise to the kinds of fault, by status and class name; no SDK is imported for it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from app.errors import ProviderError
from app.llm.faults import kind_of_status, retry_after

AFTER_CLASS: Final[Mapping[str, str]] = MappingProxyType({  # the first name found along the causes and bases decides
    "ConnectTimeout": "unreachable", "ConnectError": "unreachable", "ConnectionRefusedError": "unreachable",
    "gaierror": "unreachable", "NewConnectionError": "unreachable", "NameResolutionError": "unreachable",
    "ServiceUnavailable": "overload", "ResourceExhausted": "rate", "Unauthenticated": "auth",
    "ConnectionResetError": "server", "BrokenPipeError": "server", "RemoteProtocolError": "server", "ReadError": "server",
    "WriteError": "server", "ChunkedEncodingError": "server", "IncompleteRead": "server", "ProtocolError": "server",
    "TooManyRedirects": "policy", "ReadTimeout": "timeout", "WriteTimeout": "timeout", "PoolTimeout": "timeout",
    "TimeoutError": "timeout", "Timeout": "timeout", "JSONDecodeError": "protocol", "UnicodeDecodeError": "protocol",
    "RecursionError": "protocol",
    "ValidationError": "protocol", "APIResponseValidationError": "protocol", "DecodingError": "protocol",
    "UnknownApiResponseError": "protocol", "ParseError": "protocol",
})  # fmt: skip
SAYS: Final[Mapping[str, str]] = MappingProxyType({
    "unreachable": "its server cannot be reached", "timeout": "it did not answer in time", "server": "its server failed",
    "overload": "its server is overloaded", "rate": "its server was asked too often", "quota": "no credit is left there",
    "auth": "its server refused the key", "model": "its server has no such model", "request": "its server refused the request",
    "protocol": "its server answered with something else", "policy": "its server redirects elsewhere",
})  # fmt: skip


def fault_of(error: BaseException, advice: Mapping[str, str] = MappingProxyType({})) -> ProviderError:
    """The fault that `error` means; `advice` may say more of a kind. Nothing that the server wrote is passed on."""
    for cause in _causes(error):
        if isinstance(cause, ProviderError):
            return cause
    kind, status = _kind(error)
    said = advice.get(kind) or SAYS.get(kind, SAYS["server"])
    return ProviderError(f"{said} ({status})" if status > 0 else said, kind, _retry_after(error))


def text_of(error: BaseException) -> str:
    """What the server wrote, for deciding only: it may hold anything, a key too."""
    said = getattr(error, "body", None) or getattr(error, "details", None) or getattr(error, "error", None) or error
    return str(said)[:4000].lower()


def status_of(error: BaseException) -> int:
    """The HTTP status behind an error, 0 for none."""
    for name in ("status_code", "code"):
        value = getattr(error, name, None)
        value = getattr(value, "value", value)  # google.api_core keeps an enumeration member
        if isinstance(value, int) and 100 <= value < 600:
            return value
    return 0


def _kind(error: BaseException) -> tuple[str, int]:
    for cause in _causes(error):
        status = status_of(cause)
        if status >= 300:
            return kind_of_status(status, text_of(cause)), status
    for cause in _causes(error):
        for base in type(cause).__mro__:
            if base.__name__ in AFTER_CLASS:
                return AFTER_CLASS[base.__name__], 0
    return "unreachable" if isinstance(error, ConnectionError | OSError) else "server", 0


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen and len(seen) < 10:
        seen.append(cause)
        yield cause
        cause = cause.__cause__ or cause.__context__


def _retry_after(error: BaseException) -> float | None:
    headers: Any = getattr(getattr(error, "response", None), "headers", None)
    value = headers.get("retry-after") if headers is not None else None
    return retry_after(value, time.time()) if value is not None else _retry_info(getattr(error, "details", None))


def _retry_info(details: object) -> float | None:
    """Google's RetryInfo inside an error's body: `{"error": {"details": [{"retryDelay": "2s"}]}}`."""
    body: Any = details.get("error", details) if isinstance(details, dict) else {}
    rows = body.get("details") if isinstance(body, dict) else None
    for row in rows if isinstance(rows, list) else ():
        delay = row.get("retryDelay") if isinstance(row, dict) else None
        if isinstance(delay, str):
            return retry_after(delay.removesuffix("s"), time.time())
    return None


def same_model(asked: str, answered: str) -> bool:
    """Whether a server's name for the model that answered can be the one asked: tags, dates, folders and case aside."""
    ours, theirs = _plain(asked), _plain(answered)
    return not ours or not theirs or ours.startswith(theirs) or theirs.startswith(ours)


def _plain(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].lower().removesuffix(":latest").removesuffix(".gguf")


def expect_model(asked: str, answered: str) -> None:
    """Raises ProviderError `model` when another model answered."""
    if not same_model(asked, answered):
        raise ProviderError(f"its server answered with another model than {asked}", "model")
