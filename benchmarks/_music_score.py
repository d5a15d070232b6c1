"""A generated piece as the checks read it: notes on the steps of their bars, plain bars, chords as they sound."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from statistics import fmean, pstdev
from typing import NamedTuple

from app.arrange.feel import Clock
from app.arrange.kit import DRUMS
from app.arrange.plan import BarPlan, TickSpan
from app.arrange.planner import make_plan
from app.arrange.style import Style
from app.services.piece import Piece
from app.theory.notes import Note, Part


class Hit(NamedTuple):
    """A note on the step of its bar that it is meant for."""

    bar: int
    step: int
    late: float  # ms behind the swung step
    start: int
    end: int
    pitch: int
    velocity: int


class Score:
    """One piece. Steps: a bar has `cells` to the beat, 3 where eighths swing or the metre is compound, else 4."""

    def __init__(self, piece: Piece, style: Style) -> None:
        self.piece, self.style, self.arrangement = piece, style, piece.arrangement
        self.plan = make_plan(piece.brief, piece.progression, style)
        self.tempo = piece.brief.tempo
        metre = self.plan.metre
        self.cells = 3 if style.feel.swing == "8th" or metre.compound else 4
        self.steps = self.cells * len(metre.beats)
        self.clock = Clock(self.plan, style.feel)
        unit = metre.bar // self.steps
        self.grid = [self.clock.swung(step * unit) for step in range(self.steps * len(self.plan.bars) + 1)]
        self._hits: dict[str, list[Hit]] = {}

    @cached_property
    def roles(self) -> dict[str, Part]:
        return {part.role: part for part in self.arrangement.parts}

    @cached_property
    def plain(self) -> list[int]:
        """Bars of verses, choruses, solos: without a fill, and in which one is not likely either."""
        drums = self.style.drums
        phrase = drums.phrase if drums and drums.phrase_fill else 0
        return [
            bar.number
            for bar in self.plan.bars
            if bar.variation in "ab" and not bar.lead and not bar.last and not (phrase and (bar.place + 1) % phrase == 0)
            and bar.section.kind not in ("intro", "break", "ending", "tag")
        ]  # fmt: skip

    def hits(self, role: str) -> list[Hit]:
        """A part's notes in order; [] where it does not play."""
        if role not in self._hits:
            part = self.roles.get(role)
            lean = self.style.parts[role].late if role in self.style.parts else 0.0
            self._hits[role] = [self._hit(note, lean) for note in part.notes] if part else []
        return self._hits[role]

    def _hit(self, note: Note, lean: float) -> Hit:
        meant = note.start - lean / self.plan.tick_ms
        place = bisect_left(self.grid, meant)
        if place and (place == len(self.grid) or meant - self.grid[place - 1] < self.grid[place] - meant):
            place -= 1
        late = (note.start - self.grid[place]) * self.plan.tick_ms
        end = note.start + note.duration
        return Hit(place // self.steps, place % self.steps, late, note.start, end, note.pitch, note.velocity)

    def drums(self, *names: str) -> list[Hit]:
        """Strokes on those drums, each laid on the step that its own push points to."""
        part = self.roles.get("drums")
        if part is None or self.style.drums is None:
            return []
        found = []
        for name in names:
            key = f"drums.{name}"
            if key not in self._hits:
                lean = self.style.drums.late.get(name, 0.0)
                self._hits[key] = [self._hit(note, lean) for note in part.notes if note.pitch == DRUMS[name]]
            found += self._hits[key]
        return sorted(set(found), key=lambda hit: hit.start)

    def rate(self, hits: Iterable[Hit], step: int, bars: Iterable[int] | None = None) -> float:
        """Share of plain bars (or those) with a hit on a step."""
        wanted = set(self.plain if bars is None else bars)
        struck = {hit.bar for hit in hits if hit.step == step and hit.bar in wanted}
        return len(struck) / max(1, len(wanted))

    def in_plain(self, hits: Iterable[Hit]) -> list[Hit]:
        wanted = set(self.plain)
        return [hit for hit in hits if hit.bar in wanted]

    def onsets(self, role: str) -> list[Hit]:
        """One hit a step: the lowest note of what sounds together."""
        found: dict[tuple[int, int], Hit] = {}
        for hit in sorted(self.hits(role), key=lambda hit: -hit.pitch):
            found[hit.bar, hit.step] = hit
        return sorted(found.values())

    def per_bar(self, hits: Iterable[Hit], *, playing: bool = True) -> float:
        """Hits a plain bar, over the bars in which there are any."""
        counts: dict[int, int] = defaultdict(int)
        for hit in self.in_plain(hits):
            counts[hit.bar] += 1
        return sum(counts.values()) / max(1, len(counts) if playing else len(self.plain))

    @cached_property
    def spans(self) -> list[tuple[BarPlan, TickSpan]]:
        return [(bar, span) for bar in self.plan.bars for span in bar.spans]

    def share(self, test: Callable[[TickSpan], bool]) -> float:
        """Share of the chords for which something is true."""
        return fmean(test(span) for _, span in self.spans)

    def sounding(self, start: int, end: int, *roles: str) -> set[int]:
        """Pitch classes that those parts (or all pitched) sound between two ticks, for a short note at least."""
        chosen = roles or tuple(role for role in self.roles if role != "drums")
        least = min(24, (end - start) // 4)
        return {
            note.pitch % 12
            for role in chosen
            for note in (self.roles[role].notes if role in self.roles else ())
            if min(note.start + note.duration, end) - max(note.start, start) >= least
        }

    def sections(self, *kinds: str) -> Iterator[list[BarPlan]]:
        """The bars of each section of those kinds, or of all."""
        found: list[BarPlan] = []
        for bar in self.plan.bars:
            if found and bar.place == 0:
                yield found
                found = []
            if not kinds or bar.section.kind in kinds:
                found.append(bar)
        if found:
            yield found

    def patterns(self, role: str) -> dict[int, frozenset[tuple[int, int]]]:
        """What a part plays in each bar, time-lines aside: steps and pitches."""
        found: dict[int, set[tuple[int, int]]] = defaultdict(set)
        steady = self.style.drums.timelines if self.style.drums else frozenset()
        for hit in self.drums(*(drum for drum in DRUMS if drum not in steady)) if role == "drums" else self.hits(role):
            found[hit.bar].add((hit.step, hit.pitch))
        return {bar: frozenset(notes) for bar, notes in found.items()}


def spread_around_habit(score: Score, names: Iterable[str], near: float = 0.0) -> float | None:
    """Milliseconds by which strokes scatter around what their drum and step does on average in the piece.

    Farther off than `near` ms, or about a third of a step where it is 0, is a stroke of a roll between the steps.
    """
    cells: dict[tuple[str, int], list[float]] = defaultdict(list)
    grid = near or max(0.3 * score.plan.metre.bar / score.steps * score.plan.tick_ms, 40)
    for name in names:
        for hit in score.in_plain(score.drums(name)):
            if abs(hit.late) > grid:
                continue
            cells[name, hit.step].append(hit.late)
    left = [late - fmean(cell) for cell in cells.values() if len(cell) > 2 for late in cell]
    return pstdev(left) if len(left) > 20 else None


def ratio_of(score: Score, hits: Iterable[Hit], least: int, *, pair: str) -> float | None:
    """Long : short of the swung pair that a player sounds: `8th` of the beat, `16th` of half a beat. Median.

    None for fewer hits between the beats, or for such at one place of the bar only, which a habit may have moved.
    """
    beat = score.plan.metre.beats[0][1] if pair == "8th" else score.plan.metre.beats[0][1] // 2
    if pair == "8th":
        between = [hit for hit in hits if hit.step % score.cells]
        off = [(part, hit.step) for hit in between if 0.44 < (part := (hit.start % beat) / beat) < 0.85]
    else:
        off = [((hit.start - score.grid[hit.bar * score.steps + hit.step - 1]) / beat, hit.step) for hit in hits if hit.step % 2]
    if len(off) < least or len({step for _, step in off}) < 2:
        return None
    middle = sorted(off)[len(off) // 2][0]
    return middle / (1 - middle)
