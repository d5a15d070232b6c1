"""Every error Octet raises on purpose; each message is one line that a user can act on.

OctetError
├── RequestError            what was asked cannot be done; says the nearest valid choice
│   ├── ChordError          a chord symbol that cannot be read, with its position
│   ├── UnknownGenre        no such genre is installed
│   └── UnknownGeneration   no such generation is kept, or it is another's
├── NotationError           a row of a groove or harmony table that cannot be read
├── GenreFileError          a genre's files have problems; lists every one with file and line
├── MidiError               bytes that are no Standard MIDI File
├── Overloaded              more is asked at once than can be made; says when to ask again
├── WorkLost                processes ended before the work that they were given was done
├── OutputError             the result could not be written
├── StoreError              what is kept cannot be reached now
│   ├── StoreFull           nothing more can be kept: the disk is full or may not be written
│   └── StoreTaken          another process keeps things there, and only one may
├── ToolMissing             an optional library is not installed; says which extra brings it
├── ProviderError           a model's server gave no usable answer; its kind decides what is done next
├── RejectedReply           a model's answer is not what was asked; the text is advice that the model can use
└── NoModelAnswered         no language model made the harmony; says why
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class OctetError(Exception):
    """The root of all that Octet raises on purpose."""


class RequestError(OctetError):
    """A request that cannot be obeyed. `field` names the request field at fault, "" for none."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ChordError(RequestError):
    """A chord symbol that cannot be read. `position` counts characters from 0."""

    def __init__(self, message: str, text: str = "", position: int = 0, nearest: str = "") -> None:
        super().__init__(message, "chords")
        self.text = text
        self.position = position
        self.nearest = nearest


class UnknownGenre(RequestError):
    """No installed genre has this name."""


class UnknownGeneration(RequestError):
    """No generation of this id is kept for whoever asks."""


class NotationError(OctetError):
    """A row of a groove or harmony table that cannot be read. `text` is the row."""

    def __init__(self, message: str, text: str = "") -> None:
        super().__init__(message)
        self.text = text


class GenreFileError(OctetError):
    """A genre's files have problems; `problems` holds one line each, `file:line: what`."""

    def __init__(self, genre: str, problems: Sequence[str]) -> None:
        super().__init__(f"{genre}: {len(problems)} problem(s) in its files: " + "; ".join(problems[:3]))
        self.genre = genre
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        """It is made again from its problems."""
        return GenreFileError, (self.genre, self.problems)


class MidiError(OctetError):
    """Bytes that cannot be read as a Standard MIDI File."""


class Overloaded(OctetError):
    """More is asked at once than can be made. `retry_after` seconds later it may be asked again."""

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class WorkLost(OctetError):
    """The processes that were given a piece of work ended before it was done."""


class OutputError(OctetError):
    """A file could not be written; says which and why."""


class StoreError(OctetError):
    """What is kept cannot be reached now; says what to do."""


class StoreFull(StoreError):
    """Nothing more can be kept: the disk or its quota is full, or it may only be read."""


class StoreTaken(StoreError):
    """Another process keeps things there, and only one may."""


class ToolMissing(OctetError):
    """A library that is needed here is not installed; the message says how to install it."""


class ProviderError(OctetError):
    """A model's server gave no usable answer. `kind` is a row of `app.llm.faults.REACTIONS`, `retry_after` seconds."""

    def __init__(self, message: str, kind: str = "server", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after


class RejectedReply(OctetError):
    """A model's answer is not what was asked. `checks` are the rows of what was verified, passed and failed."""

    def __init__(self, advice: str, checks: Sequence[Any] = ()) -> None:  # Any: app.llm.types.Check, a layer above
        super().__init__(advice)
        self.checks = tuple(checks)


class NoModelAnswered(OctetError):
    """No language model made the harmony; the rules do instead. Says why.

    `attempts` are the calls that were made, `offer` a paid model that may be asked when allowed, `review` whether a
    person should look at it.
    """

    def __init__(self, reason: str, attempts: Sequence[Any] = (), offer: Any = None, review: bool = False) -> None:
        super().__init__(reason)  # Any: app.llm.types.Attempt and Offer, a layer above
        self.attempts = tuple(attempts)
        self.offer = offer
        self.review = review
