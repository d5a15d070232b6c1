"""Figures that several chords make together, by their field names: ii-V-I, turnarounds, cadences, pivots, clichés."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from app.harmony.change import NAMES
from app.harmony.keyfinding import speaks
from app.theory.chord import Chord
from app.theory.key import Key


class Place(NamedTuple):
    """A chord where it stands; one that goes on is one place."""

    bar: int  # from 0
    chord: Chord
    key: Key  # in which it is heard
    last: int  # the last bar in which it sounds
    phrase: int = 0  # the bar of its phrase that it begins in, from 0
    ends: bool = False  # it is the last of its phrase
    closes: bool = False  # it lies in the last two bars of its section


class Figure(NamedTuple):
    """A figure over `size` places from one on. `rule` is what its chords are instances of, "" where it says nothing of them."""

    name: str
    why: str
    size: int
    rule: str = ""
    goal: Place | None = None  # what a ii-V leads to, or would


Places = Sequence[Place]
MAJORS: Final = frozenset({"maj", "aug"})
LEADING: Final = frozenset({"dom", "maj", "sus", "aug"})
PHRASE_ENDS: Final = (2, 3)  # bars of a phrase of four in which a cadence arrives
BELONGS: Final = 0.75  # how much a pivot speaks for both keys at least


def figures(places: Places) -> list[tuple[int, Figure]]:
    """All figures with the place each begins at, in order; of those of one kind none lies within another."""
    found: list[tuple[int, Figure]] = []
    for detect in DETECTORS:
        at = 0
        while at < len(places):
            figure = detect(places, at)
            if figure is not None:
                found.append((at, figure))
            at += max(1, figure.size - 1) if figure is not None else 1
    return sorted(found, key=lambda pair: (places[pair[0]].bar, pair[0]))


def degree(place: Place, key: Key | None = None) -> int:
    """Semitones of the root above the tonic of its key, or of another; -1 for N.C."""
    return (place.chord.root_pc - (key or place.key).tonic_pc) % 12 if place.chord.root else -1


def fall(here: Place, then: Place) -> int:
    """Semitones from one root down to the next."""
    return (here.chord.root_pc - then.chord.root_pc) % 12


def target(place: Place) -> str:
    """A chord's numeral in its key, for reasons: `ii`, `bVI`."""
    name = NAMES[degree(place)]
    return name.lower() if place.chord.family in ("min", "hdim", "dim") else name


def two_five(places: Places, at: int) -> Figure | None:
    """A minor chord, the dominant a fifth below, and where that goes."""
    if at + 1 >= len(places):
        return None
    two, five = places[at], places[at + 1]
    if two.chord.family not in ("min", "hdim") or five.chord.family not in ("dom", "sus") or fall(two, five) != 7:
        return None
    if five.chord.family == "sus" and not five.chord.is_seventh:
        return None
    one = places[at + 2] if at + 2 < len(places) else None
    home = degree(five) == 7
    if one is None or not one.chord.root or fall(five, one) not in (7, 1) or one.chord.family not in ("maj", "min", "dom", "sus"):
        name, goal = "ii-V" if home else "secondary ii-V", _resolved(five)
        return Figure(name, f"ii-V of {five.key.short if home else target(goal)}, not resolved", 2, name, goal)
    if fall(five, one) == 1:
        return None
    if home:
        return Figure("ii-V", f"ii-V-I in {one.key.short}" if degree(one) == 0 else "ii-V", 3, "ii-V")
    return Figure("secondary ii-V", f"ii-V of {target(one)}", 3, "secondary ii-V", one)


def _resolved(five: Place) -> Place:
    """Where a dominant would go."""
    return five._replace(chord=five.chord._replace(root=five.key.spell((five.chord.root_pc + 5) % 12)))


TURNS: Final = (  # degrees and what they are called; a set where several chords stand there
    (({0, 4}, {9, 3, 1}, {2, 8}, {7, 1}), "I-vi-ii-V"),
    (({0, 4}, {9, 3, 1}, {5}, {7, 1}), "I-vi-IV-V"),
)


def turnaround(places: Places, at: int) -> Figure | None:
    """Four chords from the tonic, or iii in its place, by vi and ii back to V; of one length, and the tonic comes again."""
    window = places[at : at + 4]
    if len(window) < 4 or (at + 4 < len(places) and degree(places[at + 4]) not in (0, 4)):
        return None
    for degrees, name in TURNS:
        fits = all(degree(place) in there for place, there in zip(window, degrees, strict=True))
        moves = [fall(window[2], window[3]) in (7, 1, 10), window[3].chord.family in LEADING, window[3].last - window[0].bar < 4]
        if fits and all(moves):
            line = "-".join(target(place) for place in window)
            return Figure("turnaround", f"{line}{'' if line == name else f', for {name}'}", 4, "turnaround")
    return None


def cadence(places: Places, at: int) -> Figure | None:
    """What closes a phrase: the last two chords of it, by the names that analysis gives them."""
    if at + 1 >= len(places):
        return _half(places[at], None) if at + 1 == len(places) and at else None
    here, then = places[at], places[at + 1]
    if not here.chord.root or not then.chord.root:
        return None
    last = at + 2 == len(places)
    before, after = degree(here), degree(then)
    if before == 7 and here.chord.family in LEADING and after in (9, 8) and then.chord.family != "dom":
        return _deceptive(here, then)
    arrives = after == 0 and then.chord.family not in ("dim", "hdim") and not _six_four(then)
    if arrives and (last or then.phrase in PHRASE_ENDS or then.ends):
        return _on_tonic(here, then, before)
    return _half(here, then)


def _six_four(place: Place) -> bool:
    """Whether a chord stands on its fifth, and so waits for the dominant."""
    return bool(place.chord.bass) and (place.chord.bass_pc - place.chord.root_pc) % 12 == 7


def _deceptive(here: Place, then: Place) -> Figure | None:
    """V goes to vi, in minor to bVI, where the tonic was due."""
    six = 8 if here.key.is_minor else 9
    if degree(then) != six or then.phrase not in PHRASE_ENDS or here.chord.bass:
        return None
    return Figure("deceptive cadence", f"V to {target(then)}", 2)


def _on_tonic(here: Place, then: Place, before: int) -> Figure | None:
    """V-I perfect when both stand on their roots, else imperfect; IV-I plagal; bVII7-I backdoor."""
    key = then.key.short
    if before == 7 and here.chord.family in LEADING:
        perfect = not here.chord.bass and not then.chord.bass and here.chord.family != "sus"
        return Figure("authentic cadence", f"{'perfect' if perfect else 'imperfect'} authentic cadence (V-I) in {key}", 2)
    if before == 1 and here.chord.family == "dom":
        return Figure("authentic cadence", f"authentic cadence by the tritone substitute (subV-I) in {key}", 2)
    if before == 11 and here.chord.family in ("dim", "hdim"):
        return Figure("authentic cadence", f"imperfect authentic cadence (vii°-I) in {key}", 2)
    if before == 5 and then.closes and here.chord.family in ("maj", "min", "dom"):
        return Figure("plagal cadence", f"{target(here)}-{target(then)}, the amen cadence in {key}", 2)
    if before == 10 and here.chord.family == "dom" and not then.key.is_minor:
        return Figure("backdoor", f"backdoor cadence (bVII7-I) in {key}", 2)
    return None


def _half(here: Place, then: Place | None) -> Figure | None:
    """A phrase that stops on V; a seventh chord that falls to the tonic at once only leads on."""
    leads_on = then is not None and here.chord.is_seventh and degree(then) == 0
    stops = (here.ends or then is None) and not leads_on
    if not stops or degree(here) != 7 or here.chord.family not in LEADING or here.chord.bass:
        return None
    return Figure("half cadence", f"the phrase ends on V of {here.key.short}", 1)


def pivot(places: Places, at: int) -> Figure | None:
    """A change of key, and the chord that belongs to both."""
    if not at or places[at].key == places[at - 1].key:
        return None
    old, new = places[at - 1].key, places[at].key
    for place in (places[at], places[at - 1]):
        states = [key.tonic_pc + (12 if key.is_minor else 0) for key in (old, new)]
        if all(speaks(place.chord, state) >= BELONGS for state in states):
            before, after = (target(place._replace(key=key)) for key in (old, new))
            return Figure("modulation", f"pivot to {new.short}: {before} of {old.short} is {after} of {new.short}", 1)
    return Figure("modulation", f"to {new.short} without a pivot", 1)


def line(places: Places, at: int) -> Figure | None:
    """One root, and inside the chord a voice that moves by half steps: i-i(maj7)-i7-i6."""
    run = [places[at]]
    for place in places[at + 1 :]:
        if place.chord.root != run[0].chord.root or place.chord.third != run[0].chord.third:
            break
        run.append(place)
    tops = [max((tone for tone in place.chord.intervals if 7 <= tone <= 11), default=7) for place in run]
    tops[0] = 12 if tops[0] == 7 else tops[0]
    size = 1
    while size < len(run) and tops[size - 1] - tops[size] == 1:
        size += 1
    return Figure("line cliche", f"a line falls by half steps inside {target(run[0])}", size, "line cliche") if size > 2 else None


def lament(places: Places, at: int) -> Figure | None:
    """The bass falls by step from the tonic to the fifth."""
    window = places[at : at + 4]
    basses = [(place.chord.bass_pc - place.key.tonic_pc) % 12 for place in window if place.chord.root]
    if basses in ([0, 10, 8, 7], [0, 11, 9, 7]):
        name = "andalusian cadence" if [degree(place) for place in window] == [0, 10, 8, 7] else "lament bass"
        return Figure(name, "the bass falls from 1 to 5", 4, name)
    return None


def pedal(places: Places, at: int) -> Figure | None:
    """Three chords or more of different roots over one bass."""
    size = 1
    while (
        at + size < len(places) and places[at + size].chord.root and places[at + size].chord.bass_pc == places[at].chord.bass_pc
    ):
        size += 1
    roots = {place.chord.root_pc for place in places[at : at + size]}
    if size < 3 or len(roots) < 2 or not places[at].chord.root:
        return None
    above = NAMES[(places[at].chord.bass_pc - places[at].key.tonic_pc) % 12]
    return Figure("pedal point", f"over {above}", size, "pedal point")


def dominants(places: Places, at: int) -> Figure | None:
    """Three dominants or more, each a fifth below the last."""
    size = 1
    while at + size < len(places) and _falls(places[at + size - 1], places[at + size]):
        size += 1
    if size < 3:
        return None
    return Figure("circle of fifths", f"{size} dominants, each a fifth below the one before", size, "")


def _falls(here: Place, then: Place) -> bool:
    return here.chord.family == then.chord.family == "dom" and fall(here, then) == 7


def coltrane(places: Places, at: int) -> Figure | None:
    """Tonics a major third apart, each with its dominant before it."""
    size, tonics = 1, 1
    while at + size + 1 < len(places) and _third_away(places[at + size - 1 : at + size + 2]):
        size, tonics = size + 2, tonics + 1
    return Figure("Coltrane changes", f"{tonics} tonics a major third apart", size, "") if tonics >= 3 else None


def _third_away(three: Places) -> bool:
    one, five, other = three
    majors = one.chord.family == other.chord.family == "maj" and five.chord.family == "dom"
    return majors and fall(five, other) == 7 and fall(one, other) in (4, 8)


DETECTORS: Final[tuple[Callable[[Places, int], Figure | None], ...]] = (
    turnaround, two_five, cadence, pivot, line, lament, pedal, dominants, coltrane,
)  # fmt: skip
