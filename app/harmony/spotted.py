"""Finds techniques in chords that somebody else wrote: where each one that was asked for is to be heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.progression import Progression, Technique

MAJOR: Final = (0, 2, 4, 5, 7, 9, 11)


class Heard(NamedTuple):
    """A chord with its bar; `place` is its root's semitones above the tonic."""

    bar: int
    chord: Chord
    place: int
    bass: int


Chords = Sequence[Heard]
Found = Iterator[tuple[int, str]]  # bar (from 0) and why
Finder = Callable[[Chords], Found]


def spotted(progression: Progression, name: str) -> tuple[Technique, ...] | None:
    """Where a technique is in the progression; None for one that cannot be told from chords."""
    chords = heard(progression)
    if name in IN_KEY:
        found = IN_KEY[name](chords, progression.key)
    elif name in FINDERS:
        found = FINDERS[name](chords)
    else:
        return None
    return tuple(Technique(name, bar, why) for bar, why in found)


def heard_too(progression: Progression, asked: Sequence[str]) -> Progression:
    """The progression with the techniques asked for that no rule had to bring in, since its style has them by itself."""
    for name in asked:
        if any(technique.name == name for technique in progression.techniques):
            continue
        found = spotted(progression, name) or ()
        for technique in found:
            progression = _marked(progression, technique)
        if found:
            notes = tuple(note for note in progression.notes if not note.startswith(f"{name}:"))
            progression = progression._replace(techniques=(*progression.techniques, *dict.fromkeys(found)), notes=notes)
    return progression


def _marked(progression: Progression, technique: Technique) -> Progression:
    """The progression with a technique as the rule of a chord of its bar: of the first that has none, else of the first."""
    spans = list(progression.bars[technique.bar])
    at = next((at for at, span in enumerate(spans) if not span.analysis.rule), 0)
    spans[at] = spans[at]._replace(analysis=spans[at].analysis._replace(rule=technique.name))
    bars = (*progression.bars[: technique.bar], tuple(spans), *progression.bars[technique.bar + 1 :])
    return progression._replace(bars=bars)


def heard(progression: Progression) -> list[Heard]:
    """The chords in order, each once where it goes on."""
    chords: list[Heard] = []
    tonic = progression.key.tonic_pc
    for bar, spans in enumerate(progression.bars):
        for span in spans:
            chord = span.chord
            if chord.root and (not chords or chords[-1].chord != chord):
                chords.append(Heard(bar, chord, (chord.root_pc - tonic) % 12, (chord.bass_pc - tonic) % 12))
    return chords


def _falls(one: Heard, then: Heard) -> bool:
    """Whether the root falls a fifth."""
    return (one.place - then.place) % 12 == 7


def _minor(chord: Chord) -> bool:
    return chord.family in ("min", "hdim")


def _dominant(chord: Chord) -> bool:
    return chord.family == "dom" or (chord.family == "sus" and chord.seventh == 10)


def _two_five(chords: Chords) -> Found:
    for two, five in pairwise(chords):
        if two.place == 2 and five.place == 7 and _minor(two.chord) and five.chord.family in ("dom", "sus", "maj"):
            yield two.bar, "ii V"
    yield from _secondary_two_five(chords)


def _secondary_two_five(chords: Chords) -> Found:
    for two, five in pairwise(chords):
        if _minor(two.chord) and _dominant(five.chord) and (five.place - two.place) % 12 == 5 and two.place != 2:
            yield two.bar, f"ii V of {(five.place + 5) % 12} semitones above I"


def _secondary(chords: Chords) -> Found:
    for one, then in pairwise(chords):
        major = one.chord.third == 4 and one.chord.family in ("dom", "maj", "aug")
        strange = _dominant(one.chord) or one.place not in (0, 5, 7)
        if major and strange and then.place != 0 and _falls(one, then):
            yield one.bar, "V of the chord that follows"


def _altered(chords: Chords) -> Found:
    for one in chords:
        if one.chord.family in ("dom", "aug") and one.chord.alterations:
            yield one.bar, f"with {' '.join(one.chord.alterations)}"


def _tritone(chords: Chords) -> Found:
    for one, then in pairwise(chords):
        if one.chord.family == "dom" and (one.place - then.place) % 12 == 1:
            yield one.bar, "a half step above its goal, in the place of its dominant"


def _backdoor(chords: Chords) -> Found:
    for one, then in pairwise(chords):
        if one.place == 10 and _dominant(one.chord) and then.place in (0, 4):
            yield one.bar, "bVII7 to I in the place of V7"


def _borrowed(chords: Chords, key: Key) -> Found:
    minor = key.is_minor
    for one, then in zip(chords, [*chords[1:], None], strict=True):
        third = one.chord.third
        lowered = one.place in (3, 8, 10) and third == 4
        from_minor = lowered or (one.place in (0, 5, 7) and third == 3) or (one.place == 2 and one.chord.family == "hdim")
        dorian = one.place == 5 and (then is None or then.place != 10)  # IV, or IV7 that is no dominant of bVII
        from_major = third == 4 and (dorian or (one.place in (0, 5) and one.chord.family != "dom"))
        if from_major if minor else from_minor:
            yield one.bar, "of the parallel key"


def _of_family(families: tuple[str, ...], why: str) -> Finder:
    def find(chords: Chords) -> Found:
        for one in chords:
            if one.chord.family in families:
                yield one.bar, why

    return find


def _passing_diminished(chords: Chords) -> Found:
    for one, then in pairwise(chords):
        if one.chord.family == "dim" and ((then.bass - one.bass) % 12 in (1, 11) or (then.place - one.place) % 12 in (1, 11)):
            yield one.bar, "leads on by a half step"


def _common_tone(chords: Chords) -> Found:
    for one, then in pairwise(chords):
        if one.chord.family == "dim" and one.chord.pitch_classes & then.chord.pitch_classes:
            yield one.bar, "shares a note with its goal"


def _extended(chords: Chords) -> Found:
    for one in chords:
        if one.chord.extensions and one.chord.seventh is not None:
            yield one.bar, f"with {' '.join(one.chord.extensions)}"


def _slash(chords: Chords) -> Found:
    for one in chords:
        if one.bass != one.place:
            yield one.bar, "over another bass"


def _mediant(chords: Chords) -> Found:
    for one, then in pairwise(chords):
        if one.chord.third == then.chord.third and (then.place - one.place) % 12 in (3, 4, 8, 9):
            yield then.bar, "a third away, of the same kind"


def _planing(chords: Chords) -> Found:
    for one, two in pairwise(chords):
        if one.chord.shape == two.chord.shape and (two.place - one.place) % 12 in (1, 2, 10, 11):
            yield one.bar, "one shape moves by step"


def _slip(chords: Chords) -> Found:
    for one, two in pairwise(chords):
        if one.chord.family == two.chord.family and (two.place - one.place) % 12 in (1, 11):
            yield one.bar, "slips by a half step"


def _roots(steps: tuple[int, ...], why: str) -> Finder:
    """Roots in a row, as semitones above the tonic."""

    def find(chords: Chords) -> Found:
        for at in range(len(chords) - len(steps) + 1):
            if all(one.place == step for one, step in zip(chords[at:], steps, strict=False)):
                yield chords[at].bar, why

    return find


def _any_of(*finders: Finder) -> Finder:
    def find(chords: Chords) -> Found:
        for finder in finders:
            yield from finder(chords)

    return find


def _bass_line(moves: tuple[int, ...], length: int, why: str) -> Finder:
    """A bass that moves by one of these steps, so many times in a row."""

    def find(chords: Chords) -> Found:
        run = 0
        for one, two in pairwise(chords):
            run = run + 1 if (two.bass - one.bass) % 12 in moves else 0
            if run == length:
                yield one.bar, why

    return find


def _pedal(chords: Chords) -> Found:
    for one, two in pairwise(chords):
        if one.bass == two.bass and one.place != two.place:
            yield one.bar, "the bass stays under other chords"


def _fifths(chords: Chords) -> Found:
    run = 0
    for one, two in pairwise(chords):
        run = run + 1 if (one.place - two.place) % 12 in (7, 6) else 0
        if run == 3:
            yield one.bar, "roots fall in fifths"


def _modulation(chords: Chords, key: Key) -> Found:
    """A dominant and the tonic that it leads to, or a region, of another key."""
    home = key.scale
    for five, one in pairwise(chords):
        if _dominant(five.chord) and _falls(five, one) and one.place and one.chord.family in ("maj", "min"):
            yield one.bar, "a cadence in another key"
    yield from _regions(chords, set(home))


def _regions(chords: Chords, home: set[int]) -> Found:
    """Four chords in a row that are all of one other key, its tonic among them."""
    for at in range(len(chords) - 3):
        four = chords[at : at + 4]
        notes = {(one.place + tone) % 12 for one in four for tone in one.chord.intervals}
        if len(notes - home) < 2:
            continue
        for tonic in range(1, 12):
            scale = {(tonic + step) % 12 for step in MAJOR}
            if notes <= scale and any(one.place in (tonic, (tonic + 9) % 12) for one in four):
                yield four[0].bar, "in another key"
                break


def _last_two(places: tuple[int, ...], why: str) -> Finder:
    def find(chords: Chords) -> Found:
        if len(chords) > 1 and chords[-1].place == 0 and chords[-2].place in places:
            yield chords[-2].bar, why

    return find


def _pairs(first: tuple[int, ...], then: tuple[int, ...], why: str) -> Finder:
    def find(chords: Chords) -> Found:
        for one, two in pairwise(chords):
            if one.place in first and two.place in then:
                yield one.bar, why

    return find


def _half_cadence(chords: Chords) -> Found:
    """The dominant at the end of a phrase of four bars."""
    for one in chords:
        if one.place == 7 and one.bar % 4 == 3:
            yield one.bar, "a phrase ends on V"


def _picardy(chords: Chords, key: Key) -> Found:
    if key.is_minor and chords and chords[-1].place == 0 and chords[-1].chord.third == 4:
        yield chords[-1].bar, "the last chord is major"


def _cliche(chords: Chords) -> Found:
    """One root under at least three of its kinds, as a line inside it moves."""
    for at in range(len(chords) - 2):
        three = chords[at : at + 3]
        if len({one.place for one in three}) == 1 and len({one.chord.shape for one in three}) == 3:
            yield three[0].bar, "a line moves inside one chord"


def _coltrane(chords: Chords) -> Found:
    """Tonics a major third apart, each with its dominant."""
    goals = [(one.bar, one.place) for five, one in pairwise(chords) if _dominant(five.chord) and _falls(five, one)]
    for (bar, first), (_, second) in pairwise(goals):
        if (second - first) % 12 in (4, 8):
            yield bar, "keys a major third apart"


def _sixth(chords: Chords) -> Found:
    for one, two in pairwise(chords):
        if one.place == 8 and one.chord.family == "dom" and two.place in (7, 0):
            yield one.bar, "bVI7 opens to V"


IN_KEY: Final = MappingProxyType({"modal interchange": _borrowed, "modulation": _modulation, "Picardy third": _picardy})
FINDERS: Final[MappingProxyType[str, Finder]] = MappingProxyType(
    {
        "secondary dominant": _secondary,
        "ii-V": _two_five,
        "secondary ii-V": _secondary_two_five,
        "tritone substitution": _tritone,
        "backdoor": _backdoor,
        "passing diminished": _passing_diminished,
        "common-tone diminished": _common_tone,
        "chromatic mediant": _mediant,
        "planing": _planing,
        "line cliche": _any_of(_cliche, _bass_line((11,), 2, "the bass steps down in half steps")),
        "lament bass": _bass_line((11, 10), 3, "the bass steps down to V"),
        "andalusian cadence": _roots((0, 10, 8, 7), "i bVII bVI V"),
        "pedal point": _pedal,
        "Coltrane changes": _coltrane,
        "altered dominant": _altered,
        "suspension": _of_family(("sus",), "suspended"),
        "deceptive cadence": _pairs((7,), (9, 8), "V to vi"),
        "plagal cadence": _any_of(_last_two((5,), "IV to I at the end"), _pairs((5,), (0,), "IV to I")),
        "half cadence": _half_cadence,
        "authentic cadence": _last_two((7,), "V to I at the end"),
        "Neapolitan": _pairs((1,), (7, 0, 2, 11), "bII before the cadence"),
        "augmented sixth": _sixth,
        "circle of fifths": _fifths,
        "turnaround": _any_of(
            _roots((9, 2, 7), "vi ii V"), _roots((9, 2, 1), "vi ii bII"), _roots((3, 8, 1), "bIII bVI bII"),
            _roots((3, 2, 1), "bIII ii bII"), _roots((0, 2, 7), "I ii V"), _roots((0, 5, 7), "I IV V"), _pairs((0,), (7,), "I V"),
        ),
        "quick change": lambda chords: ((one.bar, "IV in bar 2") for one in chords if one.bar == 1 and one.place == 5),
        "slash chord": _slash,
        "walk-up": _any_of(
            _bass_line((1, 2, 3, 4), 2, "the bass goes up"), _bass_line((10, 11), 2, "the bass steps down"),
        ),
        "side-slip": _slip,
        "chromatic approach": _any_of(_slip, _tritone, _passing_diminished),
        "extended chords": _extended,
    }
)  # fmt: skip
