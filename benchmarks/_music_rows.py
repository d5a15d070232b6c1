"""The summary rows of gospel, neo-soul, reggae and R&B as data, and their checks over plain bars.

Steps are sixteenths of the count named (reggae slow, shout half, trap soul double); where eighths swing or the metre is
compound they are written on twelve. Unmarked `must` means .9 and more, `must not` .1 and less.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import fmean
from types import MappingProxyType
from typing import Final, NamedTuple

from benchmarks._music_common import Check
from benchmarks._music_score import Hit, Score


class Row(NamedTuple):
    """What a generated piece of an application must satisfy."""

    kick: Mapping[int, float] = MappingProxyType({})  # step → least rate
    silent: Mapping[int, float] = MappingProxyType({})  # step of the kick → greatest rate
    backbeat: tuple[tuple[str, ...], tuple[int, ...], float] = ((), (), 0.9)  # drums, steps, least rate
    chords: tuple[tuple[str, ...], tuple[int, ...]] = ((), ())  # parts, and the steps their onsets may take
    attacks: tuple[float, float] = (0, 99)  # chord onsets a bar of the keys
    bass: tuple[float, float] = (0, 99)  # onsets a bar
    sevenths: tuple[float, float] = (0, 1)  # share of chords with a seventh or more
    swing: tuple[tuple[float, float], ...] = ()  # the swung half in %, any of these
    bass_on: Mapping[int, tuple[float, float]] = MappingProxyType({})  # step of the bass → least and greatest rate
    off_beat: float = 0  # least share of the keys' onsets off the beats
    ghosts: tuple[int, ...] = ()  # steps on which the snare is ghosted now and then


SIXTH_NINTH: Final = frozenset({9, 14})  # 6/9 chords count as sevenths do: "11, 69, sus"
STRAIGHT: Final = (50.0, 50.0)
EVEN: Final = (50.0, 53.0)
BOUNCE: Final = (58.0, 62.0)
SNARE: Final = ("snare", "clap")
STICKS: Final = ("snare", "stick", "clap")
OFF: Final = (2, 6, 10, 14)
SKANK: Final = (("guitar", "keys"), (2, 3, 6, 7, 10, 11, 14, 15))

ROWS: Final[Mapping[tuple[str, str], Row]] = MappingProxyType(
    {
        ("gospel", "contemporary"): Row(
            {0: 0.9}, {}, (SNARE, (4, 12), 0.9), attacks=(0, 5), bass=(4, 8), sevenths=(0.6, 1), swing=(BOUNCE,)
        ),
        ("gospel", "traditional"): Row(
            {0: 0.9, 6: 0.9}, {}, (SNARE, (3, 9), 0.9), bass=(2, 4), sevenths=(0.2, 0.5), swing=((58, 67),)
        ),
        ("gospel", "worship"): Row({0: 0.9}, {}, (STICKS, (3, 9), 0.9), bass=(2, 5), sevenths=(0.3, 0.7)),
        ("gospel", "shout"): Row(
            {0: 0.9, 4: 0.7, 8: 0.9, 12: 0.7},
            {2: 0.1, 6: 0.1, 10: 0.1, 14: 0.1},
            (STICKS, OFF, 0.8),
            bass=(7, 9),
            sevenths=(0.1, 0.5),
            swing=((60, 63),),
        ),
        ("gospel", "hymn"): Row(bass=(2, 4), sevenths=(0.1, 0.3)),
        ("neosoul", "smooth"): Row(
            {0: 0.7},
            {4: 0.1, 12: 0.1},
            (STICKS, (4, 12), 0.9),
            bass=(4, 8),
            sevenths=(0.8, 1),
            swing=(EVEN, BOUNCE),
            off_beat=0.4,
        ),
        ("neosoul", "dilla"): Row(
            {0: 0.9}, {4: 0.1, 12: 0.1}, (SNARE, (4, 12), 0.9), attacks=(0, 4), bass=(3, 5), sevenths=(0.8, 1)
        ),
        ("neosoul", "uptempo"): Row(
            {0: 0.9, 10: 0.9},
            {4: 0.1, 12: 0.1},
            (SNARE, (4, 12), 0.9),
            attacks=(4, 99),
            bass=(7, 10),
            sevenths=(0.7, 1),
            swing=(EVEN, (58, 60)),
            ghosts=(7, 9),
        ),
        ("neosoul", "ballad"): Row(
            {0: 0.9},
            {4: 0.1, 12: 0.1},
            (STICKS, (4, 12), 0.9),
            attacks=(1, 4),
            bass=(2, 4),
            sevenths=(0.8, 1),
            swing=(EVEN, BOUNCE),
        ),
        ("neosoul", "quartal"): Row(
            {0: 0.9}, {12: 0.1}, (SNARE, (4, 12), 0.9), attacks=(2, 6), bass=(4, 5), sevenths=(0.9, 1), swing=(EVEN, (58, 60))
        ),
        ("reggae", "one_drop"): Row(
            {4: 0.9, 12: 0.75},
            {0: 0.2},
            (STICKS, (4, 12), 0.9),
            SKANK,
            bass=(4, 8),
            sevenths=(0, 0.2),
            swing=(STRAIGHT, (66, 66)),
            bass_on={0: (0.4, 0.6)},
        ),
        ("reggae", "rockers"): Row(
            {0: 0.9, 4: 0.9, 8: 0.9, 12: 0.9},
            {},
            (STICKS, (4, 12), 0.9),
            SKANK,
            bass=(6, 9),
            sevenths=(0, 0.2),
            swing=(STRAIGHT,),
        ),
        ("reggae", "steppers"): Row(
            dict.fromkeys(range(0, 16, 2), 0.9),
            {},
            (STICKS, (4, 12), 0.9),
            SKANK,
            bass=(6, 8),
            sevenths=(0, 0.15),
            swing=(STRAIGHT,),
        ),
        ("reggae", "ska"): Row(
            {3: 0.9, 9: 0.9},
            {},
            (STICKS, (3, 9), 0.9),
            (("guitar", "keys"), (1, 2, 4, 5, 7, 8, 10, 11)),
            bass=(3.6, 4.4),
            sevenths=(0, 0.4),
            swing=((50, 60),),
        ),
        ("reggae", "rocksteady"): Row(
            {4: 0.9, 12: 0.9}, {0: 0.1}, (STICKS, (4, 12), 0.9), SKANK, bass=(5, 7), sevenths=(0, 0.3), swing=((50, 60),)
        ),
        ("reggae", "dub"): Row(
            {4: 0.9, 12: 0.75}, {}, (STICKS, (12,), 0.9), attacks=(0, 4), bass=(4, 6), sevenths=(0, 0.15), swing=(STRAIGHT,)
        ),
        ("rnb", "classic_soul"): Row(
            {0: 0.9}, {4: 0.5, 12: 0.5}, (SNARE, (4, 12), 0.9), bass=(5, 8), sevenths=(0.3, 0.6), swing=(EVEN, (58, 62))
        ),
        ("rnb", "slow_jam"): Row(
            {0: 0.9}, {4: 0.1, 12: 0.1}, (STICKS, (4, 12), 0.9), attacks=(1, 4), bass=(3, 5), sevenths=(0.5, 1), swing=(EVEN,)
        ),
        ("rnb", "motown"): Row(
            {0: 0.65},
            {},
            (("snare",), (0, 4, 8, 12), 0.8),
            (("guitar",), (0, 2, 3, 4, 6, 8, 10, 11, 12, 14)),
            bass=(8, 12),
            sevenths=(0.2, 0.45),
            swing=(STRAIGHT,),
        ),
        ("rnb", "new_jack_swing"): Row(
            {0: 0.9}, {4: 0.1, 12: 0.1}, (SNARE, (4, 12), 0.9), bass=(6, 9), sevenths=(0.3, 0.7), swing=((62, 66),)
        ),
        ("rnb", "contemporary"): Row(
            {0: 0.9},
            {4: 0.1, 12: 0.1},
            (STICKS, (4, 12), 0.9),
            attacks=(1, 6),
            bass=(4, 6),
            sevenths=(0.6, 1),
            swing=(EVEN, (58, 60)),
        ),
        ("rnb", "trap_soul"): Row(
            {0: 0.9}, {8: 0.1}, (STICKS, (8,), 0.9), attacks=(1, 3), bass=(1, 3), sevenths=(0.4, 0.9), swing=(STRAIGHT,)
        ),
    }
)
DOUBLED: Final = frozenset({"shout"})  # written at the double count: two bars are one of the row's


def row_checks(genre: str, application: str) -> list[Check]:
    """The checks of an application's summary row; none where there is no row."""
    row = ROWS.get((genre, application))
    if row is None:
        return []
    bars = 2 if application in DOUBLED else 1
    drums, steps, least = row.backbeat
    found = [
        *(Check(f"row: kick on {step}", _struck(("kick",), step, bars), least, 1) for step, least in row.kick.items()),
        *(Check(f"row: no kick on {step}", _struck(("kick",), step, bars), 0, most) for step, most in row.silent.items()),
        *(Check(f"row: {'/'.join(drums)} on {step}", _struck(drums, step, bars), least, 1) for step in steps),
        Check("row: bass onsets a bar", lambda score: bars * score.per_bar(score.onsets("bass")) or None, *row.bass),
        Check(
            "row: share of sevenths",
            lambda score: score.share(lambda span: span.chord.is_seventh or set(span.chord.intervals) >= SIXTH_NINTH),
            *row.sevenths,
        ),
        Check("row: keys onsets a bar", lambda score: bars * score.per_bar(score.onsets("keys")) or None, *row.attacks),
    ]
    if row.chords[0]:
        found.append(Check(f"row: {'/'.join(row.chords[0])} on their steps", _on_steps(*row.chords), 0.95, 1))
    found += [Check(f"row: bass at step {step}", _plain_rate("bass", step), *rate) for step, rate in row.bass_on.items()]
    found += [Check(f"row: snare ghosts at step {step}", _ghosts(step), 0.1, 1) for step in row.ghosts]
    if row.off_beat:
        off = tuple(step for step in range(16) if step % 4)
        found.append(Check("row: keys enter off the beat", _on_steps(("keys",), off), row.off_beat, 1))
    if row.swing:
        found.append(Check("row: swung half in a heap of the row", _heap(row.swing), 1, 1))
    return [check for check in found if (check.least, check.most) != (0, 99)]


def _struck(names: tuple[str, ...], step: int, bars: int) -> Callable[[Score], float | None]:
    def rate(score: Score) -> float | None:
        hits = score.drums(*names)
        if not hits:
            return None
        if bars == 1:
            playing = {hit.bar for hit in score.drums("kick", "snare", "stick", "clap", "hat", "ride")}
            return score.rate(hits, step, [bar for bar in score.plain if bar in playing])
        quarter, off = divmod(step, 2)  # a sixteenth of the row is an eighth of what is written
        half, beat = divmod(quarter, 4)
        inside = beat * score.cells + off * (score.cells + 1) // 2
        return score.rate(hits, inside, [bar for bar in score.plain if score.plan.bars[bar].place % bars == half])

    return rate


def _plain_rate(role: str, step: int) -> Callable[[Score], float | None]:
    return lambda score: score.rate(score.onsets(role), step) if role in score.roles else None


def _ghosts(step: int) -> Callable[[Score], float | None]:
    return lambda score: score.rate([hit for hit in score.drums("snare") if hit.velocity <= 55], step)


def _on_steps(roles: tuple[str, ...], steps: tuple[int, ...]) -> Callable[[Score], float | None]:
    def share(score: Score) -> float | None:
        hits: list[Hit] = [hit for role in roles for hit in score.in_plain(score.onsets(role))]
        return fmean(hit.step in steps for hit in hits) if hits else None

    return share


def _heap(heaps: tuple[tuple[float, float], ...]) -> Callable[[Score], float | None]:
    def inside(score: Score) -> float | None:
        feel = score.style.feel
        ratio = feel.ratio_at(score.tempo) if feel.swing != "none" else 1.0
        part = 100 * ratio / (1 + ratio)
        return float(any(low - 0.5 <= part <= high + 0.5 for low, high in heaps))

    return inside
