"""Nashville numbers: read in a key into chords, and written from chords."""

from __future__ import annotations

from app.errors import ChordError
from app.theory.chord import Chord
from app.theory.chord_reader import Unreadable, read_suffix
from app.theory.chord_spelling import suffix_of
from app.theory.key import Key, plain_name
from app.theory.numeral import degree_name
from app.theory.numeral_reader import DEGREE_FIFTHS, SIGNS
from app.theory.pitch import fifths, name_at_fifths


def from_nashville(number: str, key: Key) -> Chord:
    """The chord of a Nashville number in a key: `1`, `6m7`, `6-`, `b7`, `5/7`, `4maj7`. Raises ChordError."""
    text = number.translate(SIGNS)
    rest = text.lstrip("b#")
    head, _, bass = rest[1:].partition("/")
    if not rest[:1] or rest[0] not in "1234567" or (bass and bass.lstrip("b#") not in tuple("1234567")):
        raise _not_a_number(number, len(text) - len(rest))
    try:
        chord = Chord(_degree(text[: len(text) - len(rest)] + rest[0], key), read_suffix(head))
    except Unreadable as stopped:
        raise _not_a_number(number, len(text) - len(rest) + 1 + stopped.position) from None
    return chord.with_bass(_degree(bass, key)) if bass else chord


def _not_a_number(text: str, position: int) -> ChordError:
    return ChordError(f'Nashville number "{text[:40]}": cannot be read; write it like 1, 6m7, b7 or 5/7', text, position)


def _degree(degree: str, key: Key) -> str:
    steps = DEGREE_FIFTHS[int(degree[-1]) - 1] + 7 * (degree.count("#") - degree.count("b"))
    return plain_name(name_at_fifths(fifths(key.tonic) + steps))


def nashville_of(chord: Chord, key: Key) -> str:
    """The Nashville number of a chord: `2m7`, `b7`, `5/7`."""
    if not chord.root:
        return "N.C."
    bass = f"/{degree_name(chord.bass, key)}" if chord.bass else ""
    return degree_name(chord.root, key) + suffix_of(chord.shape) + bass
