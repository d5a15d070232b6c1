"""The mistakes that make Latin music sound wrong, as tests of a piece, and the checks of the clave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import fmean
from types import MappingProxyType
from typing import Final

from benchmarks._music_common import Check
from benchmarks._music_hearing import Wrong, has, jazz_chords, on_steps, over
from benchmarks._music_score import Score, ratio_of

SON: Final = ((4, 8), (0, 6, 12))  # clave strokes on the sixteenths of a bar of eighths: the two-side and the three-side


RUMBA: Final = ((3, 6), (0, 5, 11))  # on twelve: its eighths lean towards triplets


KEYS: Final = ("keys", "guitar")


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


def montuno(role: str) -> Callable[[Score], float | None]:
    """Share of montuno bars (variation b) in which a part strikes 1 on the clave's two-side and not on its three-side."""

    def share(score: Score) -> float | None:
        clave = _strokes(score, score.plain, ("clave",))
        rows: dict[int, set[int]] = {}
        for hit in score.onsets(role):
            rows.setdefault(hit.bar, set()).add(hit.step)
        good = [
            (0 in rows[bar]) == (len(steps) == 2)
            for bar, steps in clave.items()
            if steps and bar in rows and score.plan.bars[bar].variation == "b"
        ]
        return fmean(good) if good else None

    return share


def odd_sections(score: Score) -> float:
    """Sections with an odd number of bars before the last."""
    return sum(section.bars % 2 for section in score.arrangement.form.sections[:-1])


def sustained_montuno(score: Score) -> bool | None:
    """A piano of the montuno whose notes last over a beat and a half on average."""
    hits = [hit for hit in score.in_plain(score.hits("keys")) if score.plan.bars[hit.bar].variation == "b"]
    beat = score.plan.metre.beats[0][1]
    return over(fmean(hit.end - hit.start for hit in hits) / beat if hits else None, 1.5)


def without(drum: str) -> Callable[[Score], bool]:
    """A piece in which a drum that must be there has fewer strokes than bars."""
    return lambda score: len(score.drums(drum)) < len(score.plan.bars)


def busy_under_verse(score: Score) -> bool:
    """Cascara, or a bell struck more often than on the beats and once between, under a verse."""
    verse = {bar.number for bars in score.sections("verse", "head", "prechorus") for bar in bars}
    bell = [hit for hit in score.drums("mambo_bell") if hit.bar in verse]
    return any(hit.bar in verse for hit in score.drums("cascara")) or len(bell) > 5 * max(1, len(verse))


def four_for_and(score: Score) -> bool:
    """A clave that strikes 4 where rumba has the & of 4."""
    return any(hit.step == 9 for hit in score.drums("clave"))


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


MISTAKES: Final = MappingProxyType(
    {
        "salsa": (
            Wrong("bass on 1", bass_on_one),
            Wrong("block quarters", pads_in_montuno),
            Wrong("a sustained piano in the montuno", sustained_montuno),
            Wrong("clave absent", without("clave")),
            Wrong("odd sections", lambda s: odd_sections(s) > 0),
        ),
        "son": (
            Wrong("timbales or kit", lambda s: len(s.drums("cascara", "timbale_hi", "snare", "hat", "ride")) > 0),
            Wrong("jazz chords", jazz_chords(0.2)),
            Wrong("clave absent", without("clave")),
            Wrong("odd sections", lambda s: odd_sections(s) > 0),
        ),
        "bossa_nova": (
            Wrong("swung", lambda s: over(ratio_of(s, s.in_plain(s.drums("hat", "ride", "shaker")), 12, pair="8th"), 1.15)),
            Wrong("kick on four or backbeat", rock_kick),
            Wrong("chords on the beats", chords_on_beats),
        ),
        "samba": (
            Wrong("surdo on 1", surdo_on_one),
            Wrong("even sixteenths", even_sixteenths),
            Wrong("son clave", lambda s: len(s.drums("clave")) > 0),
        ),
        "cha_cha": (
            Wrong("over 140", lambda s: s.tempo > 140),
            Wrong(
                "no bell or guiro",
                lambda s: min(s.rate(s.drums("cha_bell", "cowbell"), 0), s.rate(s.drums("guiro_long"), 0)) < 0.9,
            ),
            Wrong("a busy bell or cascara under the verse", busy_under_verse),
        ),
        "bolero": (
            Wrong("over 115", lambda s: s.tempo > 115),
            Wrong("backbeat of a kit", rock_kick),
            Wrong("in three", lambda s: len(s.plan.metre.beats) == 3),
        ),
        "rumba": (
            Wrong("son clave: 4 for the & of 4", four_for_and),
            Wrong("clave absent", without("clave")),
            Wrong("harmony", has("keys", "guitar", "bass")),
            Wrong("kit or timbales", lambda s: len(s.drums("kick", "snare", "hat", "ride", "timbale_hi", "timbale_lo")) > 0),
            Wrong("odd sections", lambda s: odd_sections(s) > 0),
            Wrong("low conga open on 1", lambda s: s.rate([h for h in s.drums("conga_low") if h.velocity > 66], 0) > 0.1),
        ),
    }
)

CHECKS: Final = MappingProxyType(
    {
        "salsa": (
            Check("clave agrees with its direction", clave_agreement(*SON), 1, 1),
            Check("cascara agrees", follows_clave("cascara", (0, 4, 8, 10, 14), (0, 4, 6, 10, 14)), 1, 1),
            Check("mambo bell agrees", follows_clave("mambo_bell", (0, 4, 8, 10, 12, 14), (2, 4, 6, 8, 12, 14)), 1, 1),
            Check("montuno agrees", montuno("keys"), 1, 1),
        ),
        "son": (
            Check("clave agrees with its direction", clave_agreement(*SON), 1, 1),
            Check("montuno agrees", montuno("guitar"), 1, 1),
        ),
        "rumba": (
            Check("rumba clave agrees with its direction", clave_agreement(*RUMBA), 1, 1),
            Check("palitos agree", follows_clave("palitos", (0, 3, 6, 8, 11), (0, 2, 5, 6, 8, 11)), 1, 1),
        ),
    }
)
