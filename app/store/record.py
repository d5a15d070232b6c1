"""A generation as it is kept: plain values, and the names that generations have."""

from __future__ import annotations

import os
import re
import time
import uuid
import zlib
from typing import Final, NamedTuple

MIDI: Final = b"MThd"  # how the file begins
ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Record(NamedTuple):
    """A generation whole. Texts that say JSON are ASCII."""

    id: str
    created: int  # microseconds since 1970, to show and to sort by
    genre: str
    application: str
    seed: int
    method: str  # a model's label, or "rule-based"
    version: str  # of Octet
    key: str
    tempo: float
    time_signature: str
    num_bars: int
    how: str  # generate | arrange | regenerate | vary
    parent: str  # the id of the generation that this one was made from, "" for none
    changed: str  # JSON: what was made anew in it
    request: str  # JSON: the Ask, without what was not said
    result: bytes  # JSON, `packed`: the GenerationResult, without the file in it
    progression: str  # JSON: {"genre", "key", "bars": [[[symbol, beats], …], …]}
    cost_usd: float | None  # None: not known
    file: bytes  # the MIDI file, `packed`

    @property
    def result_text(self) -> str:
        """The result's JSON."""
        return zlib.decompress(self.result).decode()

    @property
    def midi(self) -> bytes:
        """The MIDI file."""
        return unpacked(self.file)


class Summary(NamedTuple):
    """What a list says of a generation."""

    id: str
    created: int
    genre: str
    application: str
    seed: int
    method: str
    key: str
    tempo: float
    time_signature: str
    num_bars: int
    how: str
    parent: str


def packed(content: bytes) -> bytes:
    """A fifth of a text, half of a MIDI file, quickly: less to write through to the disk."""
    return zlib.compress(content, 1)


def unpacked(file: bytes) -> bytes:
    """What was packed; a MIDI file that was kept as it is, is given as it is."""
    return file if file.startswith(MIDI) else zlib.decompress(file)


def new_id() -> str:
    """A UUID of version 7 (RFC 9562): sorts by the millisecond it was made in, cannot be guessed."""
    stamp = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big")
    number = (stamp & (1 << 48) - 1) << 80 | 0x7 << 76 | (chance >> 62 & 0xFFF) << 64 | 0b10 << 62 | chance & (1 << 62) - 1
    return str(uuid.UUID(int=number))


def is_id(text: str) -> bool:
    """Whether a generation could be called so."""
    return ID.fullmatch(text) is not None


def microseconds() -> int:
    """The wall clock."""
    return time.time_ns() // 1000
