"""Notes in, bytes out: the table of formats, the MIDI writer, reader and lint; a library is imported in its own module only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol


class Finished(Protocol):
    """What a format renders: a finished piece."""

    @property
    def midi(self) -> bytes:
        """Its Standard MIDI File."""
        ...


class Format(NamedTuple):
    """One way to hand over a piece."""

    extension: str
    media_type: str
    render: Callable[[Finished], bytes]


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "midi": Format("mid", "audio/midi", lambda piece: piece.midi),
    }
)
