"""The kinds of fault a model's server can have, and what is done about each: one row a kind."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Reaction(NamedTuple):
    """What a fault of one kind leads to. Seconds; `pause` bounds the random wait before the one retry, None for no retry."""

    pause: tuple[float, float] | None = None
    counts: bool = False  # towards the breaker
    off_s: float = 0.0  # the model is left alone at once, for this long (or what Retry-After says)
    billed: bool = True  # may have cost what was set aside for it


REACTIONS: Final[Mapping[str, Reaction]] = MappingProxyType(
    {
        "unreachable": Reaction(pause=(0.0, 0.5), counts=True, billed=False),  # refused, no such name, TLS
        "timeout": Reaction(counts=True),
        "server": Reaction(pause=(0.25, 1.0), counts=True),  # 5xx, cut off, an error inside a 200; and all that is unknown
        "overload": Reaction(pause=(0.25, 1.0), counts=True, billed=False),  # 503, queue full
        "rate": Reaction(pause=(0.25, 1.0), off_s=10.0, billed=False),  # 429
        "quota": Reaction(off_s=300.0, billed=False),  # no credit
        "auth": Reaction(off_s=300.0, billed=False),  # the key was refused
        "model": Reaction(off_s=60.0, billed=False),  # no such model, or another one answered
        "request": Reaction(billed=False),  # refused as malformed or too long: ours to mend
        "protocol": Reaction(counts=True),  # not what the server's own protocol says
        "content": Reaction(),  # an answer that is none: cut at the token cap, refused, empty, running on
        "too_large": Reaction(counts=True),
        "policy": Reaction(off_s=300.0, billed=False),  # a redirect, an address that is not allowed
        "busy": Reaction(billed=False),  # our own queue is full
        "overspent": Reaction(billed=False),  # our own budget does not reach
        "loading": Reaction(billed=False),  # not in memory yet; the loading goes on
        "missing": Reaction(off_s=300.0, billed=False),  # the library of this provider is not installed
    }
)
LONGEST_OFF_S: Final = 120.0  # a server's own Retry-After is believed no further
AFTER_STATUS: Final[Mapping[int, str]] = MappingProxyType({
    400: "request", 401: "auth", 402: "quota", 403: "auth", 404: "model", 408: "timeout", 413: "request", 422: "request",
    429: "rate", 499: "server", 503: "overload", 504: "timeout",
})  # fmt: skip
QUOTA_WORDS: Final = ("insufficient_quota", "billing", "credit", "exceeded your current quota", "spend limit")


def reaction(kind: str) -> Reaction:
    """The row of a kind; an unknown kind is a sick server."""
    return REACTIONS.get(kind, REACTIONS["server"])


def kind_of_status(status: int, text: str = "") -> str:
    """The kind of fault that an HTTP status means; `text` tells an empty purse from a busy hour."""
    if 300 <= status < 400:
        return "policy"
    if status == 429 and any(word in text.lower() for word in QUOTA_WORDS):
        return "quota"
    return AFTER_STATUS.get(status, "server" if status >= 500 else "request")


def retry_after(value: object, wall: float) -> float | None:
    """The seconds a Retry-After header asks for: a number, or a date against `wall` (seconds since 1970); None for junk."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _until(value, wall)
    return min(seconds, LONGEST_OFF_S) if seconds >= 0 else None  # NaN is refused too


def _until(date: str, wall: float) -> float:
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - wall)
    except (ValueError, OverflowError):
        return -1.0
