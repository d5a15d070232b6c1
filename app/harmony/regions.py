"""Rules of whole bars: line clichés, pedal points, Coltrane changes, sequences, turnarounds."""

from __future__ import annotations

from typing import Final

from app.harmony.change import Change, Scene, degree, home_of, is_minor, made, whole_bars
from app.harmony.step import Step

MINOR_LINE: Final = ("m", "mM7", "m7", "m6")
MAJOR_LINES: Final = (("", "maj7", "7", "6"), ("", "aug", "6", "7"))
COLTRANE: Final = (  # fifths above the tonic, quality, units: ii - bIII7 | bVI - VII7 | III - V7 | I
    (2, "m7", 2), (-3, "7", 2), (-4, "maj7", 2), (5, "7", 2), (4, "maj7", 2), (1, "7", 2), (0, "maj7", 4),
)  # fmt: skip
TURNAROUNDS: Final = (  # major: fifths above the tonic and quality, four chords
    ((0, "maj7"), (3, "7"), (2, "m7"), (1, "7")),
    ((4, "m7"), (3, "7"), (2, "m7"), (1, "7")),
    ((0, "maj7"), (-3, "dim7"), (2, "m7"), (1, "7")),
    ((0, "maj7"), (3, "m7"), (2, "m7"), (1, "7")),
    ((0, "maj7"), (-3, "7"), (2, "m7"), (-5, "7")),
)
MAJOR_CIRCLE: Final = ((-1, ""), (5, "m7b5"), (4, "m"), (3, "m"), (2, "m"), (1, "7"), (0, ""))  # falling fifths in the scale
MINOR_CIRCLE: Final = ((-1, "m"), (-2, ""), (-3, ""), (-4, ""), (2, "m7b5"), (1, "7"), (0, "m"))
MINOR_TURNAROUNDS: Final = (
    ((0, "m"), (3, "m7b5"), (2, "m7b5"), (1, "7")),
    ((0, "m"), (-4, "7"), (2, "m7b5"), (1, "7")),
    ((0, "m"), (-3, "maj7"), (-4, "maj7"), (1, "7")),
)


def line_cliche(scene: Scene, at: int) -> Change | None:
    """A chord held for a bar or more gets a line that falls by half steps inside it."""
    here = scene.steps[at]
    if here.bass is not None or here.family not in ("min", "maj") or degree(here) not in (0, 2, 9) or here.rule:
        return None
    run = [here]
    for step in scene.steps[at + 1 :]:
        if not step.same(here):
            break
        run.append(step)
    units = sum(step.units for step in run)
    quarter = next((size for size in (4, 2, 1) if units >= size * 4 and size >= scene.shortest), 0)
    if here.family == "maj" and degree(here) != 0:
        return None
    if not quarter or not whole_bars(scene.steps, at, quarter):
        return None
    line = MINOR_LINE if here.family == "min" else scene.chance.choice(MAJOR_LINES)
    count = whole_bars(scene.steps, at, quarter)
    made_line = tuple(
        made(here, here.root, suffix, quarter)._replace(settled=True).marked("line cliche", "a line falls inside the chord")
        for suffix in line
    )
    return Change(count, made_line)


def pedal(scene: Scene, at: int) -> Change | None:
    """Two bars of moving harmony stand over one held bass: the dominant before a tonic, else the tonic."""
    count = whole_bars(scene.steps, at, 2) or whole_bars(scene.steps, at, 4)
    region = scene.steps[at : at + count]
    if not count or len({step.root for step in region}) < 2 or len({step.home for step in region}) > 1:
        return None
    if any(step.family == "dim" for step in region):
        return None
    then = scene.after(at + count - 1)
    home = home_of(region[0])
    dominant = then is not None and degree(then) == 0 and degree(region[0]) != 0
    bass, why = (home + 1, "over the dominant") if dominant else (home, "over the tonic")
    held = tuple(_over(step, bass).marked(step.rule or "pedal point", step.why or why) for step in region)
    return Change(count, held) if any(step.rule == "pedal point" and step.bass is not None for step in held) else None


def _over(step: Step, bass: int) -> Step:
    return step._replace(bass=None if bass == step.root else bass)


def coltrane(scene: Scene, at: int) -> Change | None:
    """Four bars that end on a major tonic run through keys a major third apart."""
    count = whole_bars(scene.steps, at, 4)
    if not count or any(step.rule == "Coltrane changes" for step in scene.steps[at : at + count]):
        return None
    last = scene.steps[at + count - 1]
    if degree(last) != 0 or last.family not in ("maj", "dom", "min"):
        return None
    home = home_of(last)
    cycle = tuple(
        made(last, home + root, suffix, units).marked("Coltrane changes", "keys a major third apart")
        for root, suffix, units in COLTRANE
    )
    return Change(count, (*cycle[:-1], last.lasting(4)))


def sequence(scene: Scene, at: int) -> Change | None:
    """Four bars go round the circle of fifths in the scale, into what follows."""
    count = whole_bars(scene.steps, at, 4)
    if not count:
        return None
    then = scene.after(at + count - 1)
    if then is None or degree(then) not in (0, 7, 9):
        return None
    here = scene.steps[at]
    home, minor = home_of(here), is_minor(scene, here)
    end = {0: 6, 7: 5, 9: 3}[degree(then)]
    chords = []
    for place in range(end - 4, end):
        root, suffix = (MINOR_CIRCLE if minor else MAJOR_CIRCLE)[place]
        chords.append(made(here, home + root, suffix, 4).marked("sequence", "falling fifths in the scale"))
    return Change(count, tuple(chords))


def turnaround(scene: Scene, at: int) -> Change | None:
    """A tonic that ends a section turns back to what follows."""
    count = len(scene.steps) - at
    units = sum(step.units for step in scene.steps[at:])
    here = scene.steps[at]
    if scene.following is None or units not in (4, 8) or not whole_bars(scene.steps, at, units // 4):
        return None
    settled = all(degree(step) == 0 for step in scene.steps[at:]) and degree(scene.following) in (0, 4)
    if not settled and not (scene.insist and units == 8):
        return None
    size = units // 4
    minor = is_minor(scene, here)
    figure: tuple[tuple[int, str], ...] = scene.chance.choice(MINOR_TURNAROUNDS if minor else TURNAROUNDS)
    if size < scene.shortest:
        figure, size = (figure[0], figure[3]) if scene.chance.random() < 0.4 else (figure[2], figure[3]), 2
    if size < scene.shortest:
        return None
    home = home_of(here)
    chords = [made(here, home + root, suffix, size).marked("turnaround", "leads back to the start") for root, suffix in figure]
    if figure[0][0] == 0 and degree(here) == 0:
        chords[0] = here.lasting(size)
    return Change(count, tuple(chords))
