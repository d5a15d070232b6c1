"""Voices a whole piece's chords so that hands move least: candidates by policy, chosen by dynamic programming."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from operator import add
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.beside import beside
from app.arrange.changes import Changes
from app.arrange.listening import highest
from app.arrange.notation import tokens_of
from app.arrange.plan import Plan
from app.arrange.style import PartStyle
from app.arrange.voicing_forms import Form, forms
from app.theory.chord import Chord
from app.theory.key import Key

Voicing = tuple[int, ...]  # MIDI pitches from below
MOST: Final = 8  # candidates a chord
LIMIT: Final = 48  # C3: below it no thirds or seconds, and no chord's third or seventh
HAND: Final = 62  # a part that reaches above this plays chords above LIMIT
LEFT_HAND: Final = 43  # a part that reaches below this adds the bass in octaves where the policy has it
LEFT_HAND_REACH: Final = 50  # a part that reaches below this can play the bass itself
LOW_POLICIES: Final = frozenset({"gospel", "power", "shell"})
HEIGHT: Final = MappingProxyType({"shell": 0.3, "power": 0.25, "rootless": 0.44, "quartal": 0.38})  # where in its register
BASSES: Final = frozenset({"bass", "cello"})
TOP_WEIGHT, CENTRE_WEIGHT, FORM_WEIGHT, MUD = 0.35, 0.12, 0.5, 6.0
LEAP: Final = 4  # a voice that moves by more costs more


class Candidates:
    """What a chord may be voiced as and what each voicing costs by itself, the cheapest first.

    Equal only to itself and hashed at once, since there is one of them for a chord and hands.
    """

    def __init__(self, found: Sequence[tuple[float, Voicing]]) -> None:
        self.costs = tuple(cost for cost, _ in found)
        self.notes = tuple(notes for _, notes in found)


class Hands(NamedTuple):
    """How chords are voiced: the policy, the register (MIDI pitches, inclusive), how many voices, the key for colour."""

    policy: str
    low: int
    high: int
    voices: int = 4
    key: Key | None = None
    grounded: bool = False  # nobody else plays the bass: it is the lowest note


def voice(chords: Sequence[Chord], hands: Hands) -> list[Voicing]:
    """A voicing for each chord, the whole row of them costing least: movement, top line, register. N.C. has none: ()."""
    sounding = tuple([chord for chord in chords if chord.intervals])
    path = _path(sounding, hands) if sounding else ()
    if len(path) == len(chords):
        return list(path)
    rest = iter(path)
    return [next(rest) if chord.intervals else () for chord in chords]


def alone(plan: Plan, style: PartStyle) -> bool:
    """Whether nobody plays a bass below a part that could."""
    return style.low < LEFT_HAND_REACH and style.engine != "pad" and not any(BASSES & bar.only for bar in plan.bars)


def voice_part(changes: Changes, style: PartStyle, plan: Plan) -> list[Voicing]:
    """The voicings of a part, one for each span of the changes: beside those of the part that leads in the chords."""
    own, first = _voiced(changes, style, plan), plan.chords
    if first is None or first.role == style.role:
        return own
    there = [played for bar in plan.bars for played in [first.role in bar.only] * len(bar.spans)]
    within = (style.low, style.high)
    return [
        beside(notes, other, within) if played else notes
        for notes, other, played in zip(own, _voiced(changes, first, plan), there, strict=True)
    ]


def _voiced(changes: Changes, style: PartStyle, plan: Plan) -> list[Voicing]:
    """A part's voicings by itself; the bass is in them where nobody plays it."""
    grounded = alone(plan, style) and not _writes_bass(style)
    low = max(style.low, LIMIT) if style.high >= HAND and style.voicing not in LOW_POLICIES and not grounded else style.low
    hands = Hands(style.voicing, low, highest(plan, style, low), style.voices, plan.key, grounded)
    chords = [span.chord for span in changes.spans]
    voicings = voice(chords, hands)
    return _moving(chords, voicings, hands) if style.engine == "comp" and not style.steady and not style.plane else voicings


def _writes_bass(style: PartStyle) -> bool:
    """Whether the part's own rows have bass notes."""
    return any("B" in tokens_of(choice.row) for choices in style.rows.values() for choice in choices)


def _moving(chords: Sequence[Chord], voicings: Sequence[Voicing], hands: Hands) -> list[Voicing]:
    """Over one chord for long the hands move to another inversion and back, every two spans."""
    found: list[Voicing] = []
    run = 0
    before: Chord | None = None
    for chord, notes in zip(chords, voicings, strict=True):
        run = run + 1 if chord is before or chord == before else 0
        before = chord
        found.append(_elsewhere(chord, notes, hands) if run % 4 > 1 else notes)
    return found


def _elsewhere(chord: Chord, notes: Voicing, hands: Hands) -> Voicing:
    """The nearest voicing of a chord with another top note; the same where there is none."""
    others = [other for other in candidates(chord, hands).notes if notes and other[-1] != notes[-1]]
    return min(others, key=lambda other: movement(notes, other), default=notes)


@lru_cache(maxsize=256)
def _path(chords: tuple[Chord, ...], hands: Hands) -> tuple[Voicing, ...]:
    """The cheapest path through the candidates, by dynamic programming."""
    known: dict[int, Candidates] = {}  # by the chord's identity: it takes long to hash one
    for chord in chords:
        if id(chord) not in known:
            known[id(chord)] = candidates(chord, hands)
    rows = [known[id(chord)] for chord in chords]
    total: Sequence[float] = rows[0].costs
    back: list[list[int]] = []
    for before, row in pairwise(rows):
        step, sums = [], []
        for cost, column in zip(row.costs, _moves(before, row), strict=True):
            ways = [*map(add, total, column)]
            least = min(ways)
            step.append(ways.index(least))
            sums.append(least + cost)
        back.append(step)
        total = sums
    place = total.index(min(total))
    path = [rows[-1].notes[place]]
    for row, step in zip(reversed(rows[:-1]), reversed(back), strict=True):
        place = step[place]
        path.append(row.notes[place])
    return tuple(reversed(path))


@lru_cache(maxsize=8192)
def _moves(before: Candidates, after: Candidates) -> tuple[tuple[float, ...], ...]:
    """For each candidate after, what each one before costs to leave."""
    return tuple(tuple(movement(one, other) for one in before.notes) for other in after.notes)


@lru_cache(maxsize=65536)
def movement(before: Voicing, after: Voicing) -> float:
    """What the hands pay to move: the mean way of a voice, more for the top line, more still for leaps."""
    if len(before) == len(after):
        ways = [abs(one - other) for one, other in zip(before, after, strict=True)]
    else:
        ways = [min(abs(note - other) for other in before) for note in after]
    leaps = sum(way - LEAP for way in ways if way > LEAP)
    return sum(ways) / len(ways) + TOP_WEIGHT * abs(before[-1] - after[-1]) + 0.3 * leaps


@lru_cache(maxsize=4096)
def candidates(chord: Chord, hands: Hands) -> Candidates:
    """The best placings of the policy's forms in the register: at most MOST, at least one, the cheapest first."""
    made = forms(chord, hands.policy, hands.voices, hands.key)
    if hands.grounded:
        made = _on_bass(made, (chord.bass_pc - chord.root_pc) % 12)
    bass = _octave_bass(chord, hands)
    floor = max(LIMIT, bass[-1] + 3) if bass else hands.low
    found = []
    for rank, form in enumerate(made):
        first = floor + (chord.root_pc + form[0] - floor) % 12
        for bottom in range(first, hands.high - (form[-1] - form[0]) + 1, 12):
            notes = tuple(bottom + tone - form[0] for tone in form)
            found.append((_own_cost(notes, chord, hands, floor) + FORM_WEIGHT * rank / len(made), (*bass, *notes)))
    if not found:
        found = [(0.0, _folded(made[0], chord, hands))]
    return Candidates(sorted(found)[:MOST])


def _on_bass(made: tuple[Form, ...], bass: int) -> tuple[Form, ...]:
    """The forms that stand on the bass; where there are none, the first of them put above it."""
    standing = tuple(form for form in made if form[0] == bass)
    if standing:
        return standing
    above = [tone for tone in made[0] if tone % 12 != bass]
    lift = 12 if above and above[0] <= bass else 0
    return ((bass, *(tone + lift for tone in above)),)


def _octave_bass(chord: Chord, hands: Hands) -> Voicing:
    """The left hand's octave under gospel voicings, where the part reaches low enough."""
    if hands.policy != "gospel" or hands.low >= LEFT_HAND:
        return ()
    low = max(hands.low, 28)
    root = low + (chord.bass_pc - low) % 12
    return (root, root + 12) if root + 12 <= LIMIT + 2 else (root,)


def _own_cost(notes: Voicing, chord: Chord, hands: Hands, floor: int) -> float:
    """Far from the middle of the register costs; close intervals, thirds and sevenths below C3 cost much."""
    middle = floor + (hands.high - floor) * HEIGHT.get(hands.policy, 0.5)
    cost = CENTRE_WEIGHT * abs(sum(notes) / len(notes) - middle)
    for low, high in pairwise(notes):
        if low < LIMIT and high - low <= LEAP:
            cost += MUD
        elif high - low == 1 and high == notes[-1]:
            cost += 1.5  # a half step under the melody note
    if notes[0] < LIMIT:
        telling = {chord.third, chord.seventh}
        cost += MUD * sum(1 for note in notes if note < LIMIT and (note - chord.root_pc) % 12 in telling)
    return cost


def _folded(form: tuple[int, ...], chord: Chord, hands: Hands) -> Voicing:
    """A form in a register too narrow for it: each note in the octave that fits, or the nearest below the top."""
    notes = set()
    for tone in form:
        note = hands.low + (chord.root_pc + tone - hands.low) % 12
        notes.add(note if note <= hands.high else note - 12)
    return tuple(sorted(notes))
