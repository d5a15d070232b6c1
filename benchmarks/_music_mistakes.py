"""The mistakes that make jazz, blues, Latin and classical music sound wrong: tests of a piece, true where one is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from statistics import fmean, pstdev
from types import MappingProxyType
from typing import Final

from benchmarks._music_common import Check
from benchmarks._music_score import Score, ratio_of
from benchmarks._music_wrong import Table, Wrong, eighths_under, even_quarters, few_fourths, on_steps, over, pace, rich, under

SON: Final = ((4, 8), (0, 6, 12))  # clave strokes on the sixteenths of a bar of eighths: the two-side and the three-side
RUMBA: Final = ((3, 6), (0, 5, 11))  # on twelve: its eighths lean towards triplets
KEYS: Final = ("keys", "guitar")


def flat_ride(score: Score) -> bool | None:
    """A ride that never varies its ratio."""
    offs = [hit.late for hit in score.in_plain(score.drums("ride")) if hit.step % 3 == 2]
    return pstdev(offs) < 2 if len(offs) > 12 else None


def square_piano(score: Score) -> bool | None:
    """Attacks on three beats and more of a bar, two bars running."""
    if "keys" not in score.roles:
        return None
    beats: dict[int, set[int]] = {}
    for hit in score.in_plain(score.onsets("keys")):
        if hit.step % score.cells == 0:
            beats.setdefault(hit.bar, set()).add(hit.step)
    busy = {bar for bar, steps in beats.items() if len(steps) >= 3}
    return any(bar + 1 in busy for bar in busy)


def no_foot(score: Score) -> bool:
    foot, two, four = score.drums("foot"), score.cells, 3 * score.cells
    heads = [bar for bar in score.plain if score.plan.bars[bar].section.kind in ("head", "verse")] or score.plain
    return min(score.rate(foot, two, heads), score.rate(foot, four, heads)) < 0.7


def sticks_first(score: Score) -> bool:
    """A ride or snare at full level in the first eight bars."""
    return any(hit.velocity > 95 for hit in score.drums("ride", "snare", "tap") if hit.bar < 8)


def walks_at_once(score: Score) -> bool | None:
    bars: dict[int, int] = {}
    for hit in score.onsets("bass"):
        bars[hit.bar] = bars.get(hit.bar, 0) + 1
    return fmean(bars.get(bar, 0) >= 4 for bar in range(8)) > 0.5


def no_ritard(score: Score) -> bool:
    return len(score.arrangement.tempo) < 2


def oompah(score: Score) -> bool | None:
    steps = {hit.bar: set() for hit in score.onsets("keys")}  # type: dict[int, set[int]]
    for hit in score.onsets("keys"):
        steps[hit.bar].add(hit.step)
    return fmean({3, 6} <= found and not found - {0, 3, 6} for found in steps.values()) > 0.3 if steps else None


def cadences(score: Score) -> bool:
    """More than one ii-V-I or V7-I cadence in sixteen bars."""
    falls = [
        first.chord.family == "dom" and first.chord.third == 4 and (first.chord.root_pc - second.chord.root_pc) % 12 == 7
        for (_, first), (_, second) in pairwise(score.spans)
        if first.chord != second.chord
    ]
    return sum(falls) > max(1, len(score.plan.bars) // 16)


def roots_only(score: Score) -> bool | None:
    """The root on every downbeat for more than eight bars, pedals aside."""
    run = longest = 0
    first = {hit.bar: hit for hit in reversed(score.onsets("bass")) if hit.step == 0}
    for bar in score.plan.bars:
        hit = first.get(bar.number)
        run = run + 1 if hit and bar.variation == "b" and hit.pitch % 12 == bar.spans[0].chord.root_pc else 0
        longest = max(longest, run)
    return longest > 8


def few_levels(score: Score) -> bool | None:
    hits = score.drums("snare")
    return len({hit.velocity // 12 for hit in hits}) < 3 if len(hits) > 12 else None


def weak_backbeat(score: Score) -> bool | None:
    snare = score.in_plain(score.drums("snare", "stick"))
    beats = [hit.velocity for hit in snare if hit.step in (score.cells, 3 * score.cells)]
    ghosts = [hit.velocity for hit in snare if hit.step not in (score.cells, 3 * score.cells)]
    if len(beats) < score.steps // 2:
        return True
    return fmean(beats) < fmean(ghosts) + 15 if len(ghosts) > 8 else False


def straight_ghosts(score: Score) -> bool | None:
    return under(ratio_of(score, score.in_plain(score.drums("snare", "hat", "ride")), 12, pair="8th"), 1.4)


def major_tonic(score: Score) -> bool:
    key = score.plan.key.tonic_pc
    return any(span.chord.seventh == 11 and span.chord.root_pc == key for _, span in score.spans)


def even_choruses(score: Score) -> bool | None:
    """Choruses whose mean loudness differs by less than six."""
    means = []
    for bars in score.sections("head", "solo", "chorus", "verse"):
        start, end = bars[0].start, bars[-1].start + score.plan.metre.bar
        loud = [
            note.velocity
            for role, part in score.roles.items()
            if role != "drums"
            for note in part.notes
            if start <= note.start < end
        ]
        means += [fmean(loud)] if loud else []
    return max(means) - min(means) < 6 if len(means) > 1 else None


def dominant_tonic(score: Score) -> bool | None:
    """A dominant seventh on I in more than a fifth of the tonic bars of a minor blues."""
    key = score.plan.key.tonic_pc
    tonics = [span.chord for bar, span in score.spans if span.chord.root_pc == key and not bar.last]
    return over(fmean(chord.family == "dom" for chord in tonics) if tonics else None, 0.2)


def both_fives(score: Score) -> bool:
    five = (score.plan.key.tonic_pc + 7) % 12
    return any(
        {"min", "dom"} <= {span.chord.family for bar in bars for span in bar.spans if span.chord.root_pc == five}
        for bars in score.sections("head", "solo", "chorus")
    )


def flat_six_astray(score: Score) -> bool | None:
    key = score.plan.key.tonic_pc
    after = [
        (second.chord.root_pc - key) % 12
        for (_, first), (_, second) in pairwise(score.spans)
        if (first.chord.root_pc - key) % 12 == 8 and first.chord.family == "dom" and first.chord != second.chord
    ]
    return any(step not in (7, 2) for step in after) if after else None


def half_notes(score: Score) -> bool | None:
    return "bass" in score.roles and score.per_bar(score.onsets("bass")) < 3


def no_riff(score: Score) -> bool | None:
    """Horns that never repeat a rhythm of two bars."""
    if "horns" not in score.roles:
        return None
    rows: dict[int, set[int]] = {}
    for hit in score.onsets("horns"):
        rows.setdefault(hit.bar, set()).add(hit.step)
    pairs = [(frozenset(rows.get(bar, ())), frozenset(rows.get(bar + 1, ()))) for bar in range(0, len(score.plan.bars) - 1, 2)]
    played = [pair for pair in pairs if any(pair)]
    return len(set(played)) == len(played) if len(played) > 3 else None


def odd_chorus(score: Score) -> bool:
    return any(len(bars) % 4 for bars in score.sections("head", "solo", "chorus"))


def late_four(score: Score) -> bool | None:
    """The first IV of an eight-bar blues in its fifth bar."""
    key = score.plan.key.tonic_pc
    for bars in score.sections("head"):
        fours = [bar.place for bar in bars[:8] if (bar.spans[0].chord.root_pc - key) % 12 == 5]
        five = (
            (bars[5].spans[0].chord.root_pc - key) % 12 == 7 if len(bars) > 5 else False
        )  # I I I I IV V I V is a form of its own
        return bool(fours) and fours[0] == 4 and not five
    return None


def no_turnaround(score: Score) -> bool | None:
    key = score.plan.key.tonic_pc
    found = [
        any((span.chord.root_pc - key) % 12 in (7, 1, 8) for bar in bars[6:8] for span in bar.spans)
        for bars in score.sections("head", "solo")
        if len(bars) >= 8 and bars[-1].number < len(score.plan.bars) - 2
    ]
    return not all(found) if found else None


def has(*roles: str) -> Callable[[Score], bool]:
    return lambda score: any(role in score.roles for role in roles)


def jazz_chords(share: float) -> Callable[[Score], bool]:
    return lambda score: rich(score) > share


def bass_on_one(score: Score) -> bool | None:
    """A bass struck on 1 in more than a quarter of the bars after a section's first, breaks aside."""
    bars = [bar for bar in score.plain if score.plan.bars[bar].place > 0]
    return score.rate(score.onsets("bass"), 0, bars) > 0.25 if "bass" in score.roles and bars else None


def pads_in_montuno(score: Score) -> bool | None:
    hits = [hit for hit in score.onsets("keys") if score.plan.bars[min(hit.bar, len(score.plan.bars) - 1)].variation == "b"]
    keys = on_steps(score, hits, range(0, score.steps, score.cells))
    return None if keys is None else keys > 0.8


def _strokes(score: Score, bars: Iterable[int], names: tuple[str, ...]) -> dict[int, set[int]]:
    wanted = set(bars)
    found: dict[int, set[int]] = {bar: set() for bar in wanted}
    for hit in score.drums(*names):
        if hit.bar in wanted:
            found[hit.bar].add(hit.step)
    return found


def clave_agreement(*sides: tuple[int, ...], drum: str = "clave") -> Callable[[Score], float | None]:
    """Share of plain bars whose clave is the side that the direction of the piece wants, one direction for the whole piece."""

    def share(score: Score) -> float | None:
        bars = _strokes(score, score.plain, (drum,))
        found = []
        for turned in (0, 1):
            good = [steps == set(sides[(score.plan.bars[bar].number + turned) % 2]) for bar, steps in bars.items()]
            found.append(fmean(good) if good else 0.0)
        return max(found) if any(bars.values()) else None

    return share


def follows_clave(drum: str, two: tuple[int, ...], three: tuple[int, ...]) -> Callable[[Score], float | None]:
    """Share of plain bars in which a time-line plays exactly the side that the clave has there."""

    def share(score: Score) -> float | None:
        clave, own = _strokes(score, score.plain, ("clave",)), _strokes(score, score.plain, (drum,))
        good = [own[bar] == set(three if len(steps) == 3 else two) for bar, steps in clave.items() if steps and own[bar]]
        return fmean(good) if good else None

    return share


def montuno(score: Score) -> float | None:
    """Share of montuno bars (variation b) whose keys strike 1 on the clave's two-side and not on its three-side."""
    clave = _strokes(score, score.plain, ("clave",))
    rows: dict[int, set[int]] = {}
    for hit in score.onsets("keys"):
        rows.setdefault(hit.bar, set()).add(hit.step)
    good = [
        (0 in rows[bar]) == (len(steps) == 2)
        for bar, steps in clave.items()
        if steps and bar in rows and score.plan.bars[bar].variation == "b"
    ]
    return fmean(good) if good else None


def odd_sections(score: Score) -> float:
    """Sections with an odd number of bars before the last."""
    return sum(section.bars % 2 for section in score.arrangement.form.sections[:-1])


def rock_kick(score: Score) -> bool | None:
    kick = score.drums("kick")
    four = all(score.rate(kick, step) > 0.9 for step in (0, 4, 8, 12)) and not any(
        score.rate(kick, step) > 0.3 for step in (6, 14)
    )
    loud = [hit for hit in score.in_plain(score.drums("snare")) if hit.step in (4, 12) and hit.velocity > 80]
    return four or len(loud) > 0.5 * len(score.plain)


def chords_on_beats(score: Score) -> bool | None:
    return over(
        on_steps(score, [hit for role in KEYS if role in score.roles for hit in score.onsets(role)], range(0, 16, 4)), 0.6
    )


def surdo_on_one(score: Score) -> bool | None:
    heavy = score.in_plain(score.drums("surdo1"))
    one, two = ([hit.velocity for hit in heavy if hit.step == step] for step in (0, 4))
    return len(one) > len(two) if heavy else None


def even_sixteenths(score: Score) -> bool | None:
    ratio = ratio_of(score, score.in_plain(score.drums("kick", "shaker", "snare", "tamb")), 12, pair="16th")
    lasts = [
        (hit.start % 480) / 480 for hit in score.in_plain(score.drums("shaker", "snare", "tamb")) if 330 < hit.start % 480 < 380
    ]
    early = lasts and fmean(lasts) < 0.748
    return not early and ratio is not None and 0.97 < ratio < 1.03


def close_left_hand(score: Score) -> bool | None:
    """A left hand in close position below C3: two notes nearer than a fifth there, struck together."""
    rows: dict[int, list[int]] = {}
    for hit in score.hits("keys"):
        rows.setdefault(hit.bar * score.steps + hit.step, []).append(hit.pitch)
    return any(b < 48 and b - a < 7 for notes in rows.values() for a, b in pairwise(sorted(notes)))


def no_pedal(score: Score) -> bool:
    return not any(control.number == 64 for part in score.arrangement.parts for control in part.controls)


def same_melody(score: Score) -> bool | None:
    rows = [tuple((hit.step, hit.pitch) for hit in score.hits("melody") if hit.bar == bar) for bar in range(len(score.plan.bars))]
    phrases = [tuple(rows[at : at + 8]) for at in range(0, len(rows) - 7, 8)]
    return len(set(phrases)) < len(phrases) if len(phrases) > 1 and "melody" in score.roles else None


def one_rhythm(score: Score) -> bool | None:
    """All four voices in one rhythm for more than eight bars."""
    names = ("violin1", "violin2", "viola", "cello")
    if not all(name in score.roles for name in names):
        return None
    run = longest = 0
    for bar in range(len(score.plan.bars)):
        rhythms = {frozenset(hit.step for hit in score.hits(name) if hit.bar == bar) for name in names}
        run = run + 1 if len(rhythms) == 1 else 0
        longest = max(longest, run)
    return longest > 8


def crossing(score: Score) -> bool | None:
    """Viola or cello above the second violin for over two beats."""
    if "violin2" not in score.roles:
        return None
    beat = score.plan.metre.beats[0][1]
    second = score.hits("violin2")
    return any(
        min(a.end, b.end) - max(a.start, b.start) > 2 * beat and a.pitch > b.pitch
        for role in ("viola", "cello")
        for a in score.hits(role)
        for b in second
    )


def bass_off_one(score: Score) -> bool | None:
    """A waltz whose low notes fall on 2 or 3."""
    low = [hit for hit in score.hits("keys") if hit.pitch < 48]
    return over(on_steps(score, low, [step for step in range(score.steps) if step]), 0.25)


def parallels(score: Score) -> bool | None:
    """More than half a parallel fifth or octave in a hundred steps of the four voices."""
    voices = [score.onsets(name) for name in ("soprano", "alto", "tenor", "bass")]
    if not all(voices):
        return None
    ticks = sorted({hit.bar * score.steps + hit.step for voice in voices for hit in voice})
    rows = []
    for tick in ticks:
        rows.append(
            [next((hit.pitch for hit in reversed(voice) if hit.bar * score.steps + hit.step <= tick), 0) for voice in voices]
        )
    bad = sum(
        (a[high] - a[low]) % 12 == (b[high] - b[low]) % 12 in (0, 7) and a[high] != b[high] and a[low] != b[low]
        for a, b in pairwise(rows)
        for high in range(4)
        for low in range(high + 1, 4)
    )
    return bad / max(1, len(rows) - 1) > 0.005


MORE_MISTAKES: Final[Table] = MappingProxyType(
    {
        ("jazz", "swing"): (
            Wrong("ride straight at 140", eighths_under(1.4)),
            Wrong("ride with no spread", flat_ride),
            Wrong("piano on three beats, two bars running", square_piano),
            Wrong("foot absent on 2 and 4", no_foot),
        ),
        ("jazz", "bebop"): (
            Wrong("ratio of 2 at 220", lambda s: s.style.feel.ratio_at(s.tempo) >= 2),
            Wrong("piano on three beats", square_piano),
        ),
        ("jazz", "ballad"): (
            Wrong("sticks at full level", sticks_first),
            Wrong("walks from bar 1", walks_at_once),
            Wrong("no ritard", no_ritard),
        ),
        ("jazz", "waltz"): (
            Wrong("oom-pah-pah", oompah),
            Wrong("foot on 1", lambda s: s.rate(s.drums("foot"), 0) > 0.3),
            Wrong("kick on all beats", lambda s: min(s.rate(s.drums("kick"), step) for step in (0, 3, 6)) > 0.3),
        ),
        ("jazz", "modal"): (
            Wrong("ii-V-I", cadences),
            Wrong("no fourths in the chords", lambda s: bool(few_fourths(s))),
            Wrong("root on every downbeat", roots_only),
        ),
        ("jazz", "fusion"): (
            Wrong("triplet swing", lambda s: s.style.feel.ratio_at(s.tempo) > 1.3),
            Wrong("walking quarters", even_quarters),
            Wrong("snare of fewer than three levels", few_levels),
        ),
        ("blues", "shuffle"): (
            Wrong("weak backbeat", weak_backbeat),
            Wrong("straight ghosts", straight_ghosts),
            Wrong("I a major seventh", major_tonic),
        ),
        ("blues", "slow"): (
            Wrong("not in 12/8", lambda s: not s.plan.metre.compound),
            Wrong("bass over eight notes", lambda s: s.per_bar(s.onsets("bass")) >= 8),
            Wrong("constant loudness", even_choruses),
        ),
        ("blues", "minor"): (
            Wrong("dominant on I", dominant_tonic),
            Wrong("v and V7 in one chorus", both_fives),
            Wrong("bVI7 not to V", flat_six_astray),
        ),
        ("blues", "jump"): (Wrong("horns without a riff", no_riff), Wrong("bass in half notes", half_notes)),
        ("blues", "eight_bar"): (
            Wrong("odd chorus", odd_chorus),
            Wrong("IV first in bar 5", late_four),
            Wrong("no turnaround", no_turnaround),
        ),
        ("blues", "delta"): (
            Wrong("kit or bass", lambda s: "bass" in s.roles or any(h for h in s.drums("snare", "hat", "ride"))),
            Wrong("jazz chords", jazz_chords(0)),
        ),
        ("latin", "salsa"): (
            Wrong("bass on 1", bass_on_one),
            Wrong("block quarters", pads_in_montuno),
            Wrong("odd sections", lambda s: odd_sections(s) > 0),
        ),
        ("latin", "son"): (
            Wrong("timbales or kit", lambda s: len(s.drums("cascara", "timbale_hi", "snare", "hat", "ride")) > 0),
            Wrong("jazz chords", jazz_chords(0.2)),
            Wrong("odd sections", lambda s: odd_sections(s) > 0),
        ),
        ("latin", "bossa_nova"): (
            Wrong("swung", lambda s: s.style.feel.swing != "none"),
            Wrong("kick on four or backbeat", rock_kick),
            Wrong("chords on the beats", chords_on_beats),
        ),
        ("latin", "samba"): (
            Wrong("surdo on 1", surdo_on_one),
            Wrong("even sixteenths", even_sixteenths),
            Wrong("son clave", lambda s: len(s.drums("clave")) > 0),
        ),
        ("latin", "cha_cha"): (
            Wrong("over 140", lambda s: s.tempo > 140),
            Wrong(
                "no bell or guiro",
                lambda s: min(s.rate(s.drums("cha_bell", "cowbell"), 0), s.rate(s.drums("guiro_long"), 0)) < 0.9,
            ),
        ),
        ("latin", "bolero"): (
            Wrong("over 115", lambda s: s.tempo > 115),
            Wrong("backbeat of a kit", rock_kick),
            Wrong("in three", lambda s: len(s.plan.metre.beats) == 3),
        ),
        ("latin", "rumba"): (
            Wrong("kit or harmony", has("keys", "guitar", "bass")),
            Wrong("low conga open on 1", lambda s: s.rate([h for h in s.drums("conga_low") if h.velocity > 66], 0) > 0.1),
        ),
        ("classical", "chorale"): (
            Wrong("parallels", parallels),
            Wrong("slow harmony", lambda s: pace(s) * 1.5 < len(s.plan.metre.beats)),
        ),
        ("classical", "minuet"): (
            Wrong("phrases not of four", lambda s: any(section.bars % 4 for section in s.arrangement.form.sections)),
            Wrong("oom-pah-pah", oompah),
        ),
        ("classical", "waltz"): (
            Wrong("bass on 2 or 3", bass_off_one),
            Wrong("no strains of eight", lambda s: any(section.bars % 8 for section in s.arrangement.form.sections)),
        ),
        ("classical", "sonatina"): (Wrong("a chord an eighth", lambda s: pace(s) > 4),),
        ("classical", "nocturne"): (
            Wrong("close low left hand", close_left_hand),
            Wrong("no pedal", no_pedal),
            Wrong("literal repeat of the melody", same_melody),
        ),
        ("classical", "string_quartet"): (
            Wrong("one rhythm over eight bars", one_rhythm),
            Wrong("viola or cello above violin 2", crossing),
        ),
    }
)

CLAVE_CHECKS: Final = MappingProxyType(
    {
        ("latin", "salsa"): (
            Check("clave agrees with its direction", clave_agreement(*SON), 1, 1),
            Check("cascara agrees", follows_clave("cascara", (0, 4, 8, 10, 14), (0, 4, 6, 10, 14)), 1, 1),
            Check("mambo bell agrees", follows_clave("mambo_bell", (0, 4, 8, 10, 12, 14), (2, 4, 6, 8, 12, 14)), 1, 1),
            Check("montuno agrees", montuno, 1, 1),
        ),
        ("latin", "son"): (Check("clave agrees with its direction", clave_agreement(*SON), 1, 1),),
        ("latin", "rumba"): (Check("rumba clave agrees with its direction", clave_agreement(*RUMBA), 1, 1),),
    }
)
