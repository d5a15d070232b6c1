"""Checks that every application answers to: feel, copies, leads, voices, chords recovered, foreign notes, walking lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from statistics import fmean
from typing import Any, NamedTuple

from app.arrange.fit import fit_tail
from app.arrange.kit import DRUMS
from app.arrange.plan import BarPlan, TickSpan
from app.arrange.style import Fill
from app.theory.scale import chord_scale
from benchmarks._music_feel import layers_off_their_table, layers_spread, straight, swung
from benchmarks._music_score import Hit, Score, ratio_of, spread_around_habit


class Check(NamedTuple):
    """A number of each piece and where its mean over the pieces must lie."""

    name: str
    value: Callable[[Score], float | None]  # None: nothing to measure in this piece
    least: float
    most: float
    people: str = ""  # what real players do, where it was measured


KIT = ("kick", "snare", "stick", "hat", "ride", "foot", "open", "bell")
ROLLED = 30.0  # ms off the step of a machine, whose rolls have triplets
TIGHT = frozenset({"new_jack_swing", "trap_soul", "dilla"})
RIGHT_HAND = 52  # E3: where keys have a left hand, what lies below leaps as basses do
TWO_HANDS = frozenset({"gospel", "shell", "open"})  # voicings over a left hand of their own
KEYED = frozenset({"chorale", "minuet", "sonatina", "hymn", "bolero", "motown"})
UNHARMONISED = frozenset({"rumba"})  # a guaguanco has neither bass nor chords
MUTED = frozenset({"dub"})  # chords are taken out of the mix: only those that sound are looked for
VARIED = frozenset({"jazz", "classical", "blues", "gospel"})  # genres whose bars do not repeat
CHORDAL = (
    "keys",
    "organ",
    "guitar",
    "horns",
    "strings",
    "choir",
    "pad",
    "soprano",
    "alto",
    "tenor",
    "violin1",
    "violin2",
    "viola",
)
LOW = ("bass", "cello", "guitar", "keys")


def swing(score: Score) -> float | None:
    """Measured ratio of the application's own, 1 when they agree."""
    feel = score.style.feel
    if feel.swing == "none" or score.plan.metre.lower == 8:
        return None
    own = feel.ratio_at(score.tempo)
    names = ("ride", "hat", "ride2", "bell") if feel.swing == "8th" else ("hat", "ride", "shaker", "kick", "snare")
    found = ratio_of(score, score.in_plain(score.drums(*names)), 12, pair=feel.swing)
    return None if found is None else found / own


def similarity(score: Score) -> float | None:
    """Groove similarity of Wu & Yang (2020): onsets of the kit only, all pairs of bars."""
    bars: dict[int, set[int]] = {}
    for hit in score.drums(*KIT, "clap", "tom1", "tom2", "tom3", "crash"):
        bars.setdefault(hit.bar, set()).add(hit.step)
    rows = [steps for bar, steps in bars.items() if bar != len(score.plan.bars) - 1][:16]
    pairs = [1 - len(a ^ b) / score.steps for a, b in combinations(rows, 2)]
    return fmean(pairs) if len(rows) > 7 and sum(map(len, rows)) > 2 * len(rows) else None


def spread(score: Score) -> float | None:
    return spread_around_habit(score, KIT, ROLLED if score.style.name in TIGHT else 0.0)


def backbeat_late(score: Score) -> float | None:
    """Milliseconds of the backbeat behind the kick on 1."""
    backbeat = {score.cells, 3 * score.cells}
    kicks = [hit.late for hit in score.drums("kick") if hit.step == 0]
    snares = [hit.late for hit in score.drums("snare", "stick") if hit.step in backbeat]
    return fmean(snares) - fmean(kicks) if len(kicks) > 7 and len(snares) > 7 else None


def movement(score: Score) -> float | None:
    """Semitones that a voice of the keys moves from chord to chord, tops matched with tops; a left hand aside."""
    style = score.style.parts.get("keys")
    lowest = RIGHT_HAND if style and style.voicing in TWO_HANDS else 0
    chords: dict[int, list[int]] = {}
    for hit in score.hits("keys"):
        if hit.pitch >= lowest:
            chords.setdefault(hit.bar * score.steps + hit.step, []).append(hit.pitch)
    rows = [sorted(notes, reverse=True) for _, notes in sorted(chords.items()) if len(notes) >= 3]
    moves = [abs(a - b) for first, second in pairwise(rows) for a, b in zip(first, second, strict=False) if first != second]
    return fmean(moves) if len(moves) > 12 else None


def copies(score: Score) -> float | None:
    """The largest share of bars in which a part repeats its bar before, time-lines aside."""
    found = []
    for role, part in score.roles.items():
        style = score.style.parts.get(role)
        if (style and style.steady) or not part.notes:
            continue
        bars = score.patterns(role)
        pairs = [(bars[bar - 1], notes) for bar, notes in bars.items() if bar - 1 in bars]
        if len(pairs) > 7:
            found.append(sum(a == b for a, b in pairs) / len(pairs))
    return max(found, default=None)


def leads(score: Score) -> float | None:
    """Share of sections of eight bars and more whose last bar has what the groove names for it."""
    ends = [bar for bar in score.plan.bars if bar.lead and bar.section.bars >= 8]
    style = score.style.drums
    if not ends or style is None:
        return None
    return fmean(_led(score, bar, style.fills) for bar in ends)


def _led(score: Score, bar: BarPlan, fills: tuple[Fill, ...]) -> bool:
    near = round(70 / score.plan.tick_ms)
    strokes = [
        note for note in score.roles["drums"].notes if bar.start <= note.start + near < bar.start + score.plan.metre.bar + near
    ]
    if bar.lead == "mute" and not fills:
        middle = bar.start + score.plan.metre.bar // 2 + near
        steady = {DRUMS[name] for name in score.style.drums.timelines} if score.style.drums else set()
        return not any(note.start > middle and note.pitch not in steady for note in strokes)
    for fill in fills:
        wanted = [
            (score.clock.swung(bar.start + placed.tick), DRUMS[drum])
            for drum, choice in fill.rows
            for placed in fit_tail(choice.row, score.plan.native, score.plan.metre)
        ]
        if all(any(note.pitch == pitch and abs(note.start - tick) <= near for note in strokes) for tick, pitch in wanted):
            return True
    return False


def _long_spans(score: Score) -> Iterator[tuple[BarPlan, TickSpan]]:
    beat = score.plan.metre.beats[0][1]
    chordal = {role for role in CHORDAL if role in score.roles}
    for bar, span in score.spans:
        if span.end - span.start < beat or bar.variation == "break" or not span.chord.intervals:
            continue
        if bar.only & chordal and (score.style.name not in MUTED or score.sounding(span.start, span.end, *chordal)):
            yield bar, span


def recovered(score: Score) -> float | None:
    """Share of chords of a beat and more whose bass, third and seventh sound (in a bar where a chord part plays)."""
    found, early = [], score.plan.metre.beats[0][1] * 2 // 3
    for bar, span in _long_spans(score):
        chord = span.chord
        wanted = {
            (chord.root_pc + step) % 12 for step in (chord.third, chord.seventh if chord.is_seventh else None) if step is not None
        }
        heard = score.sounding(span.start - early, span.end)
        low = score.sounding(span.start - early, span.end, *(role for role in LOW if role in bar.only))
        found.append(wanted <= heard and chord.bass_pc in low)
    return fmean(found) if found else None


def foreign(score: Score) -> float | None:
    """Share of notes outside the chord's scale; a step into the next note, a push into the next chord and blue notes aside."""
    beat, wrong, count = score.plan.metre.beats[0][1], 0, 0
    tonic = score.plan.key.tonic_pc
    notes_of_blues = {(tonic + step) % 12 for step in (0, 3, 5, 6, 7, 10)} if score.piece.brief.genre == "blues" else set()
    for role, part in score.roles.items():
        if role == "drums":
            continue
        blue = score.style.parts[role].scale == "blues"
        for note, after in pairwise((*part.notes, part.notes[-1]) if part.notes else ()):
            bar = score.plan.bars[min(note.start // score.plan.metre.bar, len(score.plan.bars) - 1)]
            span = bar.at(note.start)
            allowed = set(chord_scale(span.chord, score.plan.key)) | span.chord.pitch_classes | notes_of_blues
            if span.end - note.start <= beat:
                allowed |= span.following.pitch_classes
            if note.start - span.start < beat // 4:
                allowed |= {note.pitch % 12} if note.duration < beat // 4 else set()
            count += 1
            leading = 0 < abs(after.pitch - note.pitch) <= 2 and note.duration <= beat
            wrong += note.pitch % 12 not in allowed and not leading and not blue and note.duration > beat // 6
    return wrong / count if count else None


def in_range(score: Score) -> float:
    """Share of notes within their part's range."""
    found = [
        style.low - 12 <= note.pitch <= style.high + 12 if style.double else style.low <= note.pitch <= style.high
        for role, part in score.roles.items()
        if (style := score.style.parts.get(role))
        for note in part.notes
    ]
    return fmean(found) if found else 1.0


def holes(score: Score) -> float:
    """Bars, outside breaks, in which no pitched part sounds."""
    length = score.plan.metre.bar
    heard = {
        bar
        for role, part in score.roles.items()
        if role != "drums"
        for note in part.notes
        for bar in range(note.start // length, (note.start + note.duration - 1) // length + 1)
    }
    return sum(bar.number not in heard and bar.variation != "break" for bar in score.plan.bars)


def key_found(score: Score) -> float | None:
    """1 where music21 finds the asked key from how long each pitch class sounds, a half for its relative."""
    try:
        from music21 import note, stream
    except ImportError:
        return None
    sounding: dict[int, int] = {}
    for role, part in score.roles.items():
        for struck in part.notes if role != "drums" else ():
            sounding[struck.pitch % 12] = sounding.get(struck.pitch % 12, 0) + struck.duration
    tones = [note.Note(60 + pc, quarterLength=ticks / 480) for pc, ticks in sorted(sounding.items())]
    heard: Any = stream.Stream(tones)
    found = heard.analyze("key")
    key = score.plan.key
    if found.tonic.pitchClass == key.tonic_pc and (found.mode == "minor") == key.is_minor:
        return 1.0
    relative = (key.tonic_pc + (3 if key.is_minor else 9)) % 12
    return 0.5 if found.tonic.pitchClass == relative and (found.mode == "minor") != key.is_minor else 0.0


def idle(score: Score) -> float:
    """Parts that have no note in the piece."""
    return sum(not part.notes for part in score.roles.values())


def _walked(score: Score) -> list[tuple[Hit, TickSpan, bool]]:
    """Bass notes of walked bars on beats, with their chord and whether the chord is new there."""
    walked, found = [], []
    lines: dict[int, list[Hit]] = {}
    for hit in score.hits("bass"):
        lines.setdefault(hit.bar, []).append(hit)
    for line in lines.values():
        if len({hit.step for hit in line if hit.step % score.cells == 0}) == len(score.plan.metre.beats):
            walked += [hit for hit in line if hit.step % score.cells == 0]
    before = None
    for hit in walked:
        bar = score.plan.bars[min(hit.bar, len(score.plan.bars) - 1)]
        span = bar.at(bar.start + hit.step // score.cells * score.plan.metre.beats[0][1])
        found.append((hit, span, span.chord != before))
        before = span.chord
    return found


def walk_root(score: Score) -> float | None:
    first = [hit.pitch % 12 == span.chord.bass_pc for hit, span, new in _walked(score) if new]
    return fmean(first) if first else None


def walk_tone(score: Score) -> float | None:
    first = [hit.pitch % 12 in span.chord.pitch_classes for hit, span, new in _walked(score) if new]
    return fmean(first) if first else None


def walk_lead(score: Score) -> float | None:
    """Share of last notes before a change within two semitones of the next root."""
    steps = [
        min((a.pitch - span.chord.root_pc) % 12, (span.chord.root_pc - a.pitch) % 12) <= 2
        for (a, _, _), (b, span, new) in pairwise(_walked(score))
        if new and b.start - a.start < 2 * score.plan.metre.beats[0][1]
    ]
    return fmean(steps) if steps else None


def walk_repeat(score: Score) -> float | None:
    same = [a.pitch == b.pitch for (a, _, _), (b, _, _) in pairwise(_walked(score))]
    return fmean(same) if same else None


def checks(genre: str, application: str) -> list[Check]:
    """The common checks of an application."""
    found = [
        Check("swing of the cymbals / its own ratio", swing, 0.9, 1.1, "2.33 - 0.0034 bpm"),
        Check(
            "groove similarity of bars",
            similarity,
            0.70,
            0.92,
            "swing .73 reggae .76 soul .88 samba .98",
        ),
        Check(
            "drums, ms around the habit", spread, 0 if application in TIGHT else 6, 10 if application in TIGHT else 20, "15-20"
        ),
        Check("keys, semitones a voice moves", movement, 0, 2.5),
        Check("sections that lead as the groove names", leads, 1, 1),
        Check("notes outside the chord's scale", foreign, 0, 0.05),
        Check("notes within their range", in_range, 1, 1),
        Check("bars without a pitched note", holes, 0, 99 if application == "rumba" else 0),
        Check("parts without a note", idle, 0, 0),
    ]
    if application == "dilla":
        found += [
            Check("layers, ms off the table's offsets", layers_off_their_table, 0, 3),
            Check("layers, ms of spread", layers_spread, 0, 10),
        ]
    else:
        most = 60 if application == "rocksteady" else 66
        found += [
            Check("off-sixteenths where straight, %", straight, 49.5, 53.5, "46-53"),
            Check("off-sixteenths where swung, %", swung, 57.5 if most > 60 else 50, most + 0.5, "58-65"),
        ]
    if application not in UNHARMONISED:
        found.append(Check("chords recovered", recovered, 0.95, 1))
    if genre in VARIED and application != "shout":
        found.append(Check("bars that copy the bar before", copies, 0, 0.6))
    if application in KEYED or (genre, application) == ("classical", "waltz"):
        people = ".44 in 35 charts" if application == "motown" else ""  # McGill Billboard: I-IV loops are heard in IV as often
        found.append(Check("key found by music21", key_found, 0.9, 1, people))
    if application in ("swing", "bebop"):
        found += [
            Check("walking: root on a chord's first beat", walk_root, 0.55, 0.8, ".62"),
            Check("walking: chord tone there", walk_tone, 0.85, 1, ".83"),
            Check("walking: last note 2 semitones from the root", walk_lead, 0.7, 1, ".76"),
            Check("walking: same note twice", walk_repeat, 0, 0.06, ".04"),
        ]
    if genre in ("neosoul", "rnb") and application not in TIGHT | {"motown", "contemporary"}:
        found.append(Check("backbeat behind the kick, ms", backbeat_late, 2, 8, "+2 to +7"))
    return found
