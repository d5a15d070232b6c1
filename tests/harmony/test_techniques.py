"""Techniques that are asked for: each occurs, is named in the result with its bar and reason, and is what it says."""

from __future__ import annotations

import pytest

from app.harmony.asked import MODES
from app.harmony.rules import RULES
from app.theory.key import Key
from app.theory.progression import Progression, Span
from app.theory.techniques import TECHNIQUES
from tests.harmony.makers import APPLICATIONS, composed, usual

SEEDS = range(4)
EVERYWHERE = (
    "secondary dominant", "ii-V", "secondary ii-V", "tritone substitution", "backdoor", "passing diminished",
    "common-tone diminished", "modal interchange", "chromatic mediant", "planing", "line cliche", "pedal point",
    "Coltrane changes", "sequence", "circle of fifths", "modulation", "altered dominant", "turnaround", "suspension",
    "half cadence", "deceptive cadence", "plagal cadence", "slash chord", "walk-up", "Neapolitan", "augmented sixth",
)  # fmt: skip
FOUR = [("jazz", "swing"), ("rnb", "classic_soul"), ("classical", "sonatina"), ("reggae", "one_drop")]
Made = list[tuple[Span, Span | None, Span | None]]


def spans_of(progression: Progression, rule: str) -> Made:
    """Every chord that the rule made, with the chords before and after it."""
    flat = [span for bar in progression.bars for span in bar]
    return [
        (span, flat[at - 1] if at else None, flat[at + 1] if at + 1 < len(flat) else None)
        for at, span in enumerate(flat)
        if span.analysis.rule == rule
    ]


def made(rule: str, key: str = "C", genre: str = "jazz", application: str = "swing") -> Made:
    """What the rule made over some seeds when it was asked for."""
    found = [spans for seed in SEEDS for spans in spans_of(composed(genre, application, key, 32, seed, techniques=(rule,)), rule)]
    assert found
    return found


def up(here: Span, then: Span | None) -> int:
    """Semitones from one root up to the next."""
    assert then is not None
    return (then.chord.root_pc - here.chord.root_pc) % 12


@pytest.mark.parametrize("technique", list(TECHNIQUES))
@pytest.mark.parametrize("key", ["Eb", "Cm"])
@pytest.mark.parametrize(("genre", "application"), FOUR)
def test_what_is_asked_occurs_or_is_told(technique: str, key: str, genre: str, application: str) -> None:
    """Every technique that words can name is in the piece and its list, or a note says why it is not."""
    for seed in SEEDS:
        progression = composed(genre, application, key, 32, seed, techniques=(technique,))
        named = [found for found in progression.techniques if found.name == technique]
        assert named or any(note.startswith(technique) for note in progression.notes)
        for found in named:
            assert 0 <= found.bar < 32
            assert found.why
            assert technique in {span.analysis.rule for span in progression.bars[found.bar]}


@pytest.mark.parametrize("technique", EVERYWHERE)
def test_every_style_brings_in_what_is_asked(technique: str) -> None:
    """In every application and key it is at home in, what words ask for occurs, nearly always; a note tells where it does not."""
    pieces = [
        composed(genre, application, key, 32, seed, metre=str(usual(genre, application)["metre"]), techniques=(technique,))
        for genre, application in APPLICATIONS
        for seed, key in enumerate(usual(genre, application)["keys"][:3])
        if technique not in MODES or (MODES[technique] == "minor") == key.endswith("m")
    ]
    without = [piece for piece in pieces if all(found.name != technique for found in piece.techniques)]
    assert len(without) <= 0.06 * len(pieces)
    assert all(any(note.startswith(f"{technique}:") for note in piece.notes) for piece in without)


def test_what_a_mode_has_not_is_told_so() -> None:
    """A backdoor leads to a major tonic: in minor the note says that it belongs to another key."""
    progression = composed("reggae", "rockers", "Dm", 32, 1, techniques=("backdoor",))
    assert "backdoor: it belongs to a major key, and this one is minor" in progression.notes


def test_what_a_style_has_by_itself_counts() -> None:
    """Asked for ninths, neo-soul names those that it plays anyway."""
    progression = composed("neosoul", "uptempo", "Em", 32, 2, techniques=("extended chords",))
    assert any(found.name == "extended chords" for found in progression.techniques)


@pytest.mark.parametrize("technique", [name for name in RULES if name not in ("andalusian cadence", "quick change")])
def test_jazz_has_a_place_for_everything(technique: str) -> None:
    """In 32 bars of swing in a major key each rule finds a place, for nearly every seed."""
    hits = sum(
        any(found.name == technique for found in composed("jazz", "swing", "F", 32, seed, techniques=(technique,)).techniques)
        for seed in range(10)
    )
    assert hits >= 7


@pytest.mark.parametrize(("genre", "application"), APPLICATIONS)
def test_several_at_once(genre: str, application: str) -> None:
    """Three techniques asked together are each there or told."""
    asked = ("secondary dominant", "modal interchange", "passing diminished")
    progression = composed(genre, application, "Bb", 32, 2, techniques=asked)
    for technique in asked:
        listed = any(found.name == technique for found in progression.techniques)
        assert listed or any(note.startswith(technique) for note in progression.notes)


def test_secondary_dominants_fall_into_a_chord_that_is_not_home() -> None:
    """A secondary dominant is a dominant, nearly always a fifth above what follows (another rule may have changed its target)."""
    found = made("secondary dominant")
    assert all(span.chord.family == "dom" for span, _, _ in found)
    assert sum(up(span, then) == 5 for span, _, then in found) >= 0.8 * len(found)


def test_a_ii_comes_before_its_dominant() -> None:
    """What ii-V makes stands a fifth above a dominant."""
    for span, _, then in made("ii-V"):
        assert span.chord.family in ("min", "hdim")
        assert up(span, then) == 5


def test_tritone_substitutes_fall_a_half_step() -> None:
    """A tritone substitute is a dominant, nearly always a half step above what follows."""
    found = made("tritone substitution")
    assert all(span.chord.family == "dom" for span, _, _ in found)
    assert sum(up(span, then) == 11 for span, _, then in found) >= 0.9 * len(found)


def test_the_backdoor_goes_by_bVII7_to_a_major_tonic() -> None:
    """Each backdoor has bVII7 before I."""
    names = {span.analysis.numeral for span, _, _ in made("backdoor")}
    assert any(name.startswith("bVII") for name in names)


def test_passing_diminished_chords_move_by_half_step() -> None:
    """A passing diminished seventh lies a half step from the root or bass of the chord it leads to."""
    for span, _, then in made("passing diminished"):
        assert then is not None
        assert span.chord.family == "dim"
        assert {(then.chord.root_pc - span.chord.root_pc) % 12, (then.chord.bass_pc - span.chord.bass_pc) % 12} & {1, 11}


def test_common_tone_diminished_shares_the_tonic() -> None:
    """The common-tone diminished seventh has the root of the chord beside it."""
    for span, before, then in made("common-tone diminished"):
        assert span.chord.family == "dim"
        assert span.chord.root_pc in {other.chord.root_pc for other in (before, then) if other is not None}


def test_modal_interchange_borrows_from_the_parallel_minor() -> None:
    """What is borrowed has a note of C minor that C major lacks."""
    for span, _, _ in made("modal interchange"):
        assert span.chord.pitch_classes & {3, 8, 10}


def test_chromatic_mediants_are_major_a_third_away() -> None:
    """A chromatic mediant is a major chord, nearly always a third away from the chord before."""
    found = made("chromatic mediant")
    assert all(span.chord.third == 4 for span, _, _ in found)
    thirds = [
        before is not None and (span.chord.root_pc - before.chord.root_pc) % 12 in (3, 4, 8, 9) for span, before, _ in found
    ]
    assert sum(thirds) >= 0.8 * len(thirds)


def test_planing_keeps_the_shape() -> None:
    """A planed chord moves by a minor third or a whole step and is of the same family."""
    for span, before, _ in made("planing"):
        assert before is not None
        assert span.chord.family == before.chord.family
        assert (span.chord.root_pc - before.chord.root_pc) % 12 in (2, 3, 10)


def test_side_slips_are_a_half_step_away() -> None:
    """A slipped chord lies a half step from its target."""
    for span, _, then in made("side-slip"):
        assert up(span, then) in (1, 11)


def test_line_cliches_hold_a_root_under_a_line() -> None:
    """Inside a line cliche one root stays and the chord changes."""
    progression = composed("jazz", "ballad", "Am", 32, 3, techniques=("line cliche",))
    lines = spans_of(progression, "line cliche")[:4]
    assert len({span.chord.root_pc for span, _, _ in lines}) == 1
    assert len({str(span.chord) for span, _, _ in lines}) >= 3


def test_pedal_points_hold_one_bass() -> None:
    """Chords over a pedal that have a bass of their own stand on the tonic or the dominant of the key they are in."""
    for span, _, _ in made("pedal point"):
        tonic = Key.parse(span.analysis.key or "C").tonic_pc
        assert (span.chord.bass_pc - tonic) % 12 in (0, 7, (span.chord.root_pc - tonic) % 12)


def test_coltrane_changes_reach_three_keys_by_major_thirds() -> None:
    """The cycle has the dominants of keys a major third apart."""
    progression = composed("jazz", "bebop", "C", 32, 1, techniques=("Coltrane changes",))
    roots = {span.chord.root_pc for span, _, _ in spans_of(progression, "Coltrane changes") if span.chord.third == 4}
    assert {3, 8, 11, 4, 7} <= roots


def test_the_circle_of_fifths_falls_by_fifths() -> None:
    """Each dominant of the chain is a fifth above the next chord."""
    for span, _, then in made("circle of fifths"):
        assert span.chord.family == "dom"
        assert up(span, then) in (5, 0)


def test_the_lament_falls_by_step() -> None:
    """The bass of a lament goes down from the tonic to the fifth."""
    progression = composed("classical", "nocturne", "Cm", 16, 2, techniques=("lament bass",))
    basses = [span.chord.bass_pc for span, _, _ in spans_of(progression, "lament bass")][:4]
    assert basses == [0, 10, 8, 7]


def test_the_andalusian_cadence_is_i_bVII_bVI_V() -> None:
    """Four chords fall from i to V."""
    progression = composed("latin", "salsa", "Am", 16, 2, techniques=("andalusian cadence",))
    roots = [span.chord.root for span, _, _ in spans_of(progression, "andalusian cadence")][:4]
    assert roots == ["A", "G", "F", "E"]


def test_turnarounds_lead_back() -> None:
    """A turnaround ends on a dominant."""
    for span, _, then in made("turnaround", genre="jazz", application="ballad"):
        if then is not None and then.analysis.rule != "turnaround":
            assert span.chord.family == "dom"


def test_altered_dominants_are_altered() -> None:
    """Each has a raised or lowered fifth or ninth and resolves down a fifth."""
    for span, _, then in made("altered dominant"):
        assert span.chord.alterations
        assert up(span, then) == 5


def test_suspensions_resolve() -> None:
    """A suspended dominant is followed by the same root with its third."""
    for span, _, then in made("suspension"):
        assert then is not None
        assert span.chord.family == "sus"
        assert up(span, then) == 0


def test_deceptive_cadences_go_to_vi() -> None:
    """What follows the dominant is vi, in the piece's key or a local one."""
    found = made("deceptive cadence")
    assert sum(span.chord.root_pc == 9 and span.chord.third == 3 for span, _, _ in found) >= 0.7 * len(found)
    assert sum(before is not None and before.chord.root_pc == 7 for _, before, _ in found) >= 0.7 * len(found)


def test_the_amen_ends_the_piece() -> None:
    """A plagal cadence is IV or iv before the last chord."""
    progression = composed("gospel", "hymn", "F", 16, 1, techniques=("plagal cadence",))
    span, _, then = spans_of(progression, "plagal cadence")[-1]
    assert then is not None
    assert (span.chord.root, then.chord.root) == ("Bb", "F")


def test_a_picardy_third_ends_minor_in_major() -> None:
    """The last chord of a minor piece is major."""
    progression = composed("classical", "nocturne", "Cm", 16, 1, techniques=("Picardy third",))
    assert progression.bars[-1][0].chord.third == 4


def test_a_modulation_leaves_and_comes_back() -> None:
    """Some chords have another local key, the last ones have none."""
    progression = composed("rnb", "classic_soul", "C", 40, 1, techniques=("modulation",))
    keys = [span.analysis.key for bar in progression.bars for span in bar]
    assert any(keys)
    assert not keys[-1]


def test_a_lift_ends_a_half_step_higher() -> None:
    """With a step-up modulation the last bar is the tonic a half step above."""
    progression = composed("rnb", "slow_jam", "C", 32, 1, techniques=("step-up modulation",))
    assert progression.bars[-1][0].chord.root_pc == 1


def test_quartal_and_extended_chords() -> None:
    """Quartal pieces are built of 11s, sus and 6/9; extended ones of ninths and more."""
    quartal = composed("jazz", "swing", "C", 32, 1, techniques=("quartal harmony",))
    assert sum(found.name == "quartal harmony" for found in quartal.techniques) >= 4
    extended = composed("reggae", "one_drop", "C", 32, 1, techniques=("extended chords",))
    assert any(span.chord.tensions for bar in extended.bars for span in bar)
