"""The mistakes that make gospel, neo-soul, reggae and R&B sound wrong, as tests of a piece: true where the mistake is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations, pairwise
from statistics import fmean, pstdev
from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.plan import TickSpan
from benchmarks._music_score import Hit, Score, ratio_of


class Wrong(NamedTuple):
    """A mistake and how it is found; None where the piece has nothing to find it in."""

    name: str
    heard: Callable[[Score], bool | None]


def sevenths(score: Score) -> float:
    """Share of chords with a seventh or more."""
    return score.share(lambda span: span.chord.is_seventh)


def rich(score: Score) -> float:
    """Share of chords beyond the seventh."""
    return score.share(lambda span: bool(span.chord.tensions))


def on_steps(score: Score, hits: Iterable[Hit], steps: Iterable[int]) -> float | None:
    """Share of hits in plain bars that lie on those steps."""
    chosen, wanted = score.in_plain(hits), set(steps)
    return fmean(hit.step in wanted for hit in chosen) if chosen else None


def over(value: float | None, most: float) -> bool | None:
    return None if value is None else value > most


def under(value: float | None, least: float) -> bool | None:
    return None if value is None else value < least


def numeral(span: TickSpan) -> str:
    """The span's numeral without its bass and figures: `V`, `ii`, `bVII`."""
    text = span.analysis.numeral.split("/")[0]
    return text.rstrip("0123456789#b+ous()madj").strip() or text


def passing(score: Score) -> bool:
    """Eight bars running without a chromatic dominant or a diminished chord."""
    key = score.plan.key
    diatonic = {(key.tonic_pc + step) % 12 for step in ((0, 2, 3, 5, 7, 8, 10) if key.is_minor else (0, 2, 4, 5, 7, 9, 11))}
    run = longest = 0
    for bar in score.plan.bars:
        chromatic = any(span.chord.pitch_classes - diatonic for span in bar.spans)
        run = 0 if chromatic else run + 1
        longest = max(longest, run)
    return longest > 8


def wandering_diminished(score: Score) -> bool | None:
    """A diminished chord whose bass leaps to the next one."""
    chords = [span.chord for _, span in score.spans]
    moves = [
        min((a.bass_pc - b.bass_pc) % 12, (b.bass_pc - a.bass_pc) % 12)
        for a, b in pairwise(chords)
        if a.family == "dim" and b != a
    ]
    return any(move > 2 and move != 5 for move in moves) if moves else None


def vamp_does_not_rise(score: Score) -> bool | None:
    levels = [fmean(_velocities(score, bars)) for bars in score.sections("vamp") if bars]
    return any(b < a - 1 for a, b in pairwise(levels)) if len(levels) > 1 else None


def _velocities(score: Score, bars: list) -> list[int]:  # type: ignore[type-arg]
    start, end = bars[0].start, bars[-1].start + score.plan.metre.bar
    return [note.velocity for part in score.roles.values() for note in part.notes if start <= note.start < end] or [0]


def no_walk_up(score: Score) -> bool | None:
    """From I to IV the bass does not come by step from below or by half step, more than every second time."""
    found, beat = [], score.plan.metre.beats[0][1]
    bass = score.roles.get("bass")
    for (_, first), (_, second) in pairwise(score.spans):
        if (second.chord.root_pc - first.chord.root_pc) % 12 == 5 and first.chord.root_pc == score.plan.key.tonic_pc and bass:
            before = [note for note in bass.notes if second.start - 2 * beat <= note.start < second.start - beat // 4]
            found.append(bool(before) and (before[-1].pitch - second.chord.root_pc) % 12 in (1, 2, 10, 11, 7))
    return fmean(found) < 0.5 if len(found) > 2 else None


def off_triplets(score: Score) -> bool | None:
    hits = [hit for role in ("keys", "drums") if role in score.roles for hit in score.hits(role)]
    unit = score.plan.metre.bar // score.steps * score.plan.tick_ms
    return over(fmean(abs(hit.late) > 0.38 * unit for hit in hits), 0.05) if hits and score.plan.metre.compound else None


def full_from_the_start(score: Score) -> bool | None:
    drums = score.roles.get("drums")
    if drums is None or not drums.notes:
        return None
    bar = score.plan.metre.bar
    first = [note.velocity for note in drums.notes if note.start < 4 * bar]
    last = [note.velocity for note in drums.notes if note.start >= score.plan.end - 8 * bar]
    return bool(first and last) and fmean(first) * len(first) / 4 >= fmean(last) * len(last) / 8


def repeats_roots(score: Score) -> bool | None:
    notes = score.onsets("bass")
    return over(fmean(a.pitch == b.pitch for a, b in pairwise(notes)), 0.25) if len(notes) > 8 else None


def pace(score: Score) -> float:
    """Chord changes a bar."""
    chords = [span.chord for _, span in score.spans]
    return (1 + sum(a != b for a, b in pairwise(chords))) / len(score.plan.bars)


def no_cadence(score: Score) -> bool:
    """A phrase of four bars that ends neither on I nor on V (nor on the chord a half cadence or plagal end leads to)."""
    ends = [bar for bar in score.plan.bars if (bar.place + 1) % 4 == 0]
    tonic = score.plan.key.tonic_pc
    good = [(bar.spans[-1].chord.root_pc - tonic) % 12 in (0, 7) for bar in ends]
    return bool(good) and fmean(good) < 0.9


def quantised(score: Score) -> bool | None:
    late = [hit.late for role in score.roles if role != "drums" for hit in score.hits(role)] + [
        hit.late for hit in score.drums("kick", "snare", "stick")
    ]
    return pstdev(late) < 4 or pstdev(late) > 25 if len(late) > 40 else None


def unchanged_loop(score: Score) -> bool:
    """The same four bars of chords more than four times running."""
    bars = [tuple(span.chord for span in bar.spans) for bar in score.plan.bars]
    loops = [tuple(bars[at : at + 4]) for at in range(0, len(bars) - 3, 4)]
    run = longest = 1
    for a, b in pairwise(loops):
        run = run + 1 if a == b else 1
        longest = max(longest, run)
    return longest > 4


def rolled_offsets(score: Score) -> bool | None:
    late = [hit.late for hit in score.drums("snare") if hit.step in (4, 12)]
    return over(pstdev(late), 6) if len(late) > 8 else None


def one_swing(score: Score) -> bool | None:
    means = [
        fmean(hit.late for hit in hits)
        for hits in (score.drums("hat"), score.drums("snare"), score.hits("bass"), score.hits("keys"))
        if len(hits) > 8
    ]
    return max(means) - min(means) < 15 if len(means) > 2 else None


def crashes(score: Score) -> bool:
    return len(score.drums("crash", "crash2")) > 0


def straight_eighth_bass(score: Score) -> bool | None:
    return under(on_steps(score, score.onsets("bass"), range(1, 16, 2)), 0.15)


def no_ghosts(score: Score) -> bool | None:
    ghosts = [hit for hit in score.drums("snare") if hit.velocity <= 55]
    return score.per_bar(ghosts, playing=False) < 1


def stuck_keys(score: Score) -> bool | None:
    """More than two bars with neither a stroke nor an end in the keys."""
    hits = score.hits("keys")
    return (
        any(b.start - a.start > 2 * score.plan.metre.bar + 240 and a.end > b.start - 480 for a, b in pairwise(hits))
        if hits
        else None
    )


def top_leaps(score: Score) -> bool | None:
    """Whole chords that leap in parallel more than a fourth in the top voice."""
    chords: dict[int, list[int]] = {}
    for hit in score.hits("keys"):
        chords.setdefault(hit.bar * score.steps + hit.step, []).append(hit.pitch)
    rows = [sorted(notes) for _, notes in sorted(chords.items()) if len(notes) > 2]
    moves = [{b - a for a, b in zip(first, second, strict=True)} for first, second in pairwise(rows) if len(first) == len(second)]
    return any(len(move) == 1 and abs(next(iter(move))) > 5 for move in moves) if moves else None


def few_fourths(score: Score) -> bool | None:
    chords: dict[int, list[int]] = {}
    for hit in score.hits("keys"):
        chords.setdefault(hit.bar * score.steps + hit.step, []).append(hit.pitch)
    steps = [b - a for notes in chords.values() if len(notes) > 2 for a, b in pairwise(sorted(notes))]
    return under(fmean(step in (5, 7, 6) for step in steps), 0.65) if steps else None  # F Bb Eb G has two of three


def functional(score: Score) -> bool:
    """A dominant that falls to the tonic in an A section."""
    key = score.plan.key.tonic_pc
    return any(
        first.chord.family == "dom"
        and (first.chord.root_pc - key) % 12 == 7
        and (second.chord.root_pc - key) % 12 == 0
        and first.chord.third == 4
        for (bar, first), (_, second) in pairwise(score.spans)
        if bar.section.label == "A"
    )


def on_the_beat(score: Score) -> bool | None:
    beats = range(0, score.steps, score.cells)
    found = [hit for role in ("guitar", "keys") if role in score.roles for hit in score.onsets(role) if abs(hit.late) < 60]
    return over(on_steps(score, found, beats), 0.05)


def layers_disagree(score: Score) -> bool | None:
    hat, keys = ([hit.late for hit in score.in_plain(hits) if hit.step % 2] for hits in (score.drums("hat"), score.hits("organ")))
    return abs(fmean(hat) - fmean(keys)) > 25 if len(hat) > 8 and len(keys) > 8 else None


def louder_on_one(score: Score) -> bool:
    kicks = score.in_plain(score.drums("kick"))
    one, rest = ([hit.velocity for hit in kicks if (hit.step == 0) == first] for first in (True, False))
    return bool(one and rest) and fmean(one) > fmean(rest) + 6


def alone(score: Score) -> float:
    """Share of bars in which bass and drums (or one of them) sound alone."""
    length = score.plan.metre.bar
    heard = {note.start // length for role, part in score.roles.items() if role not in ("bass", "drums") for note in part.notes}
    return 1 - len(heard) / len(score.plan.bars)


def horns_rest(score: Score) -> float | None:
    return 1 - len({hit.bar for hit in score.hits("horns")}) / len(score.plan.bars) if "horns" in score.roles else None


def only_roots(score: Score) -> bool | None:
    roots, chromatic = [], 0
    for hit in score.in_plain(score.onsets("bass")):
        bar = score.plan.bars[hit.bar]
        chord = bar.at(min(hit.start, bar.start + score.plan.metre.bar - 1)).chord
        roots.append(hit.pitch % 12 == chord.root_pc)
        chromatic += hit.pitch % 12 not in chord.pitch_classes and hit.step % 2
    return fmean(roots) > 0.6 or not chromatic if roots else None


def kit_is_rock(score: Score) -> bool | None:
    return over(fmean(hit.velocity for hit in score.drums("hat")) if score.drums("hat") else None, 95)


def enter(score: Score) -> bool | None:
    """Fewer than two parts more (or two rows of drums) in a chorus than in a verse."""
    verse, chorus = (
        {
            (part.role, note.pitch if part.role == "drums" else 0)
            for part in score.roles.values()
            for bars in score.sections(kind)
            for bar in bars
            for note in part.notes
            if bar.start + 40 <= note.start < bar.start + score.plan.metre.bar - 40
        }
        for kind in ("verse", "chorus")
    )
    return len(chorus - verse) < 2 if verse and chorus else None


def no_rolls(score: Score) -> bool | None:
    """Four bars of hats without a roll, or rolls over more than three bars in ten."""
    hats = sorted(hit.start for hit in score.drums("hat"))
    length, quick = score.plan.metre.bar, score.plan.metre.bar // 16 * 0.8
    playing = {start // length for start in hats}
    rolled = {a // length for a, b in pairwise(hats) if b - a < quick}
    ticks = sum(b - a for a, b in pairwise(hats) if b - a < quick)
    bars = sorted(playing)
    gap = any(not rolled & set(bars[at : at + 4]) for at in range(len(bars) - 3) if bars[at + 3] == bars[at] + 3)
    return gap or ticks > 0.3 * length * len(playing) if len(bars) > 7 else None


def overlapping(role: str) -> Callable[[Score], bool | None]:
    def heard(score: Score) -> bool | None:
        return any(b.start < a.end - 2 for a, b in pairwise(score.hits(role))) if role in score.roles else None

    return heard


def sixteenths_under(percent: float, *, over_instead: bool = False) -> Callable[[Score], bool | None]:
    def heard(score: Score) -> bool | None:
        ratio = ratio_of(score, score.in_plain(score.drums("hat", "kick", "snare")), 32, pair="16th")
        if ratio is None:
            return None
        part = 100 * ratio / (1 + ratio)
        return part > percent if over_instead else part < percent

    return heard


def eighths_under(ratio: float) -> Callable[[Score], bool | None]:
    return lambda score: under(ratio_of(score, score.in_plain(score.drums("hat", "ride")), 12, pair="8th"), ratio)


def few_minor(score: Score) -> bool:
    return fmean(span.chord.family == "min" for _, span in score.spans) > 0.8


def even_quarters(score: Score) -> bool | None:
    """A bass in quarters: more than six notes in ten on beats, and four to the bar."""
    hits = score.onsets("bass")
    on = on_steps(score, hits, range(0, score.steps, score.cells))
    return on > 0.85 and 3.5 < score.per_bar(hits) < 4.5 if on is not None else None


def loud_backbeat(score: Score) -> bool | None:
    hits = [hit.velocity for hit in score.in_plain(score.drums("snare")) if hit.step in (4, 12)]
    return fmean(hits) >= 95 if len(hits) > 4 else None


def soft_snare(score: Score) -> bool | None:
    hits = [hit.velocity for hit in score.in_plain(score.drums("snare")) if hit.step in (4, 12)]
    return fmean(hits) < 105 if hits else None


def distances(scores: Iterable[tuple[str, Score]]) -> list[tuple[str, str, float]]:
    """How unlike the grids of applications are: mean difference of the rates of drums and of onsets."""
    grids = [(name, _grid(score)) for name, score in scores]
    found = []
    for (a, first), (b, second) in combinations(grids, 2):
        used = [abs(x - y) for x, y in zip(first, second, strict=True) if x or y]
        found.append((a, b, fmean(used) if used else 1.0))
    return found


def _grid(score: Score) -> list[float]:
    groups = (("kick",), ("snare", "stick", "clap"), ("hat", "ride", "open", "bell"))
    rows = [score.drums(*names) for names in groups] + [
        score.onsets(role) for role in ("bass", "keys", "guitar", "melody", "organ", "soprano", "violin1", "violin2")
    ]
    places = [[hit.step * 48 // score.steps for hit in score.in_plain(row)] for row in rows]
    return [min(1.0, row.count(step) / max(1, len(score.plain))) for row in places for step in range(48)]


def bars_missing(hits: Callable[[Score], list[Hit]], steps: tuple[int, ...], least: float) -> Callable[[Score], bool | None]:
    """Whether a step of those is struck in fewer plain bars than that."""

    def heard(score: Score) -> bool | None:
        found = hits(score)
        return any(score.rate(found, step) < least for step in steps) if found and score.plain else None

    return heard


Table = MappingProxyType[tuple[str, str], tuple[Wrong, ...]]
SNARES: Final = ("snare", "stick", "clap")

MISTAKES: Final[Table] = MappingProxyType(
    {
        ("gospel", "contemporary"): (
            Wrong("plain triads: fewer than .6 sevenths", lambda s: sevenths(s) < 0.6),
            Wrong("eight bars without a passing chord", passing),
            Wrong("a diminished chord whose bass leaps", wandering_diminished),
            Wrong("vamp passes do not rise", vamp_does_not_rise),
        ),
        ("gospel", "traditional"): (
            Wrong("straight eighths", eighths_under(1.4)),
            Wrong("more than .2 beyond the seventh", lambda s: rich(s) > 0.2),
            Wrong("no walk-up from I to IV", no_walk_up),
        ),
        ("gospel", "worship"): (
            Wrong("onsets off the triplets", off_triplets),
            Wrong("drums at full level from bar 1", full_from_the_start),
            Wrong("bass over five onsets a bar", lambda s: over(s.per_bar(s.onsets("bass")), 5)),
        ),
        ("gospel", "shout"): (
            Wrong("bass repeats notes", repeats_roots),
            Wrong(
                "rich harmony: over one chord in two bars, or a major seventh",
                lambda s: pace(s) > 0.6 or any(span.chord.seventh == 11 and span.chord.third == 4 for _, span in s.spans),
            ),
        ),
        ("gospel", "hymn"): (
            Wrong("fewer than one chord a bar", lambda s: pace(s) < 1),
            Wrong("phrases that end without a cadence", no_cadence),
        ),
        ("neosoul", "smooth"): (
            Wrong("more than .2 triads", lambda s: sevenths(s) < 0.8),
            Wrong("quantised, or random", quantised),
            Wrong("a loop unchanged over four times", unchanged_loop),
        ),
        ("neosoul", "dilla"): (
            Wrong("snare offsets re-rolled", rolled_offsets),
            Wrong("one swing for all parts", one_swing),
            Wrong("crashes", crashes),
        ),
        ("neosoul", "uptempo"): (
            Wrong("a bass in straight eighths", straight_eighth_bass),
            Wrong("no ghosts on the snare", no_ghosts),
            Wrong("pads for comping: keys under two onsets", lambda s: s.per_bar(s.onsets("keys")) < 2),
        ),
        ("neosoul", "ballad"): (
            Wrong("over four kicks a bar", lambda s: s.per_bar(s.drums("kick")) > 4),
            Wrong("keys stand still over two bars", stuck_keys),
            Wrong("block leaps over a fourth", top_leaps),
        ),
        ("neosoul", "quartal"): (
            Wrong("hardly any fourths and fifths", few_fourths),
            Wrong("V7 to i in an A section", functional),
        ),
        ("reggae", "one_drop"): (
            Wrong("kick on 1 in over .2", lambda s: s.rate(s.drums("kick"), 0) > 0.2),
            Wrong("chords on the beat", on_the_beat),
            Wrong("bass over ten onsets", lambda s: s.per_bar(s.onsets("bass")) > 10),
        ),
        ("reggae", "rockers"): (
            Wrong("kick missing on 1 or 3", bars_missing(lambda s: s.drums("kick"), (0, 8), 0.9)),
            Wrong("snare on 1 or 3", lambda s: over(on_steps(s, [h for h in s.drums("snare") if h.velocity > 80], (0, 8)), 0.05)),
            Wrong("layers disagree", layers_disagree),
        ),
        ("reggae", "steppers"): (
            Wrong("kick eighths missing", bars_missing(lambda s: s.drums("kick"), tuple(range(0, 16, 2)), 0.95)),
            Wrong("kick louder on 1", louder_on_one),
            Wrong("over .15 sevenths", lambda s: sevenths(s) > 0.15),
        ),
        ("reggae", "ska"): (
            Wrong("chords on the beat", on_the_beat),
            Wrong("bass does not walk", lambda s: s.per_bar(s.onsets("bass")) < 3),
            Wrong("slower than 105", lambda s: s.tempo < 105),
        ),
        ("reggae", "rocksteady"): (
            Wrong("bass in even quarters", even_quarters),
            Wrong("a minor vamp throughout", few_minor),
            Wrong("full snare backbeats", loud_backbeat),
        ),
        ("reggae", "dub"): (Wrong("bass and drums alone in under .25 of the bars", lambda s: alone(s) < 0.25),),
        ("rnb", "classic_soul"): (
            Wrong("over .35 beyond the seventh", lambda s: rich(s) > 0.35),
            Wrong("ride keeps time", lambda s: len(s.drums("ride")) > 8),
            Wrong("horns rest in under half of the bars", lambda s: under(horns_rest(s), 0.5)),
        ),
        ("rnb", "slow_jam"): (
            Wrong("faster than 80", lambda s: s.tempo > 80),
            Wrong("rock hats", kit_is_rock),
            Wrong("fewer than half sevenths", lambda s: sevenths(s) < 0.5),
        ),
        ("rnb", "motown"): (
            Wrong("no tambourine", lambda s: len(s.drums("tamb")) < 16),
            Wrong("bass on roots only, or never chromatic", only_roots),
            Wrong("swing over 55 %", sixteenths_under(55, over_instead=True)),
            Wrong("ninths throughout", lambda s: rich(s) > 0.35),
        ),
        ("rnb", "new_jack_swing"): (
            Wrong("swing under 58 %", sixteenths_under(58)),
            Wrong("soft snare", soft_snare),
            Wrong("slower than 95", lambda s: s.tempo < 95),
        ),
        ("rnb", "contemporary"): (
            Wrong(
                "kick on 1 and 3 only",
                lambda s: under(on_steps(s, s.drums("kick"), (1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15)), 0.2),
            ),
            Wrong("no layers enter for the chorus", enter),
            Wrong("a walking bass", even_quarters),
        ),
        ("rnb", "trap_soul"): (
            Wrong("snare on 2 and 4", lambda s: over(on_steps(s, s.drums(*SNARES), (4, 12)), 0.1)),
            Wrong("hats without rolls, or all rolls", no_rolls),
            Wrong("808 overlaps itself", overlapping("bass")),
        ),
    }
)
