"""The mistakes that make R&B sound wrong, as tests of a piece: true where the mistake is heard."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from statistics import fmean
from types import MappingProxyType
from typing import Final

from benchmarks._music_hearing import Wrong, even_quarters, on_steps, over, rich, sevenths, under
from benchmarks._music_score import Score, ratio_of


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
    """Fewer than two parts more in a chorus than in a verse."""
    verse, chorus = (
        {
            part.role
            for part in score.roles.values()
            for bars in score.sections(kind)
            for bar in bars
            for note in part.notes
            if part.role in bar.only and bar.start - 40 <= note.start < bar.start + score.plan.metre.bar - 40
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


def deep_second(score: Score) -> bool:
    """Another part than the bass below C3."""
    return any(note.pitch < 48 for role, part in score.roles.items() if role not in ("bass", "drums") for note in part.notes)


def live_ghosts(score: Score) -> bool:
    """A ghost stroke and more a bar on the snare."""
    return score.per_bar([hit for hit in score.drums("snare") if hit.velocity < 50], playing=False) >= 1


def soft_snare(score: Score) -> bool | None:
    hits = [hit.velocity for hit in score.in_plain(score.drums("snare")) if hit.step in (4, 12)]
    return fmean(hits) < 105 if hits else None


SNARES: Final = ("snare", "stick", "clap")


MISTAKES: Final = MappingProxyType(
    {
        "classic_soul": (
            Wrong("over .35 beyond the seventh", lambda s: rich(s) > 0.35),
            Wrong("ride keeps time", lambda s: len(s.drums("ride")) > 8),
            Wrong("horns rest in under half of the bars", lambda s: under(horns_rest(s), 0.5)),
        ),
        "slow_jam": (
            Wrong("faster than 80", lambda s: s.tempo > 80),
            Wrong("rock hats", kit_is_rock),
            Wrong("fewer than half sevenths", lambda s: sevenths(s) < 0.5),
        ),
        "motown": (
            Wrong("no tambourine", lambda s: len(s.drums("tamb")) < 16),
            Wrong("bass on roots only, or never chromatic", only_roots),
            Wrong("swing over 55 %", sixteenths_under(55, over_instead=True)),
            Wrong("ninths throughout", lambda s: rich(s) > 0.35),
        ),
        "new_jack_swing": (
            Wrong("swing under 58 %", sixteenths_under(58)),
            Wrong("soft snare", soft_snare),
            Wrong("ghosts as if live", live_ghosts),
            Wrong("slower than 95", lambda s: s.tempo < 95),
        ),
        "contemporary": (
            Wrong(
                "kick on 1 and 3 only",
                lambda s: under(on_steps(s, s.drums("kick"), (1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15)), 0.2),
            ),
            Wrong("no layers enter for the chorus", enter),
            Wrong("a walking bass", even_quarters),
            Wrong("a bass as busy as motown's", lambda s: s.per_bar(s.onsets("bass")) > 8),
        ),
        "trap_soul": (
            Wrong("snare on 2 and 4", lambda s: over(on_steps(s, s.drums(*SNARES), (4, 12)), 0.1)),
            Wrong("hats without rolls, or all rolls", no_rolls),
            Wrong("808 overlaps itself", overlapping("bass")),
            Wrong("a second bass below C3", deep_second),
        ),
    }
)
