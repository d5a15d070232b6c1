"""What each genre's chords are like, by the numbers that players of it would give."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.harmony.explain import explain
from tests.harmony.makers import TABLES, composed, numerals, symbols

SEVENTHS = {  # application -> share of chords with a seventh or more, from and to
    ("gospel", "contemporary"): (0.6, 1), ("gospel", "traditional"): (0.1, 0.5), ("gospel", "worship"): (0.25, 0.7),
    ("gospel", "shout"): (0.1, 0.5), ("gospel", "hymn"): (0.02, 0.3), ("neosoul", "smooth"): (0.8, 1),
    ("neosoul", "dilla"): (0.8, 1),
    ("neosoul", "uptempo"): (0.7, 1), ("neosoul", "ballad"): (0.8, 1), ("neosoul", "quartal"): (0.5, 1),
    ("reggae", "one_drop"): (0, 0.2),
    ("reggae", "rockers"): (0, 0.2), ("reggae", "steppers"): (0, 0.15), ("reggae", "ska"): (0, 0.4),
    ("reggae", "rocksteady"): (0, 0.3),
    ("reggae", "dub"): (0, 0.15), ("rnb", "classic_soul"): (0.25, 0.6), ("rnb", "slow_jam"): (0.5, 1),
    ("rnb", "motown"): (0.2, 0.45),
    ("rnb", "new_jack_swing"): (0.3, 0.7), ("rnb", "contemporary"): (0.6, 1), ("rnb", "trap_soul"): (0.4, 0.9),
    ("jazz", "swing"): (0.7, 1),
    ("jazz", "bebop"): (0.75, 1), ("blues", "shuffle"): (0.45, 0.95), ("latin", "son"): (0, 0.45),
}  # fmt: skip
DEFAULT_MINOR = {("rnb", "new_jack_swing"), ("rnb", "trap_soul")}


@pytest.mark.parametrize(("genre", "application"), list(SEVENTHS))
def test_share_of_sevenths(genre: str, application: str) -> None:
    """Triads in reggae and son, sevenths in jazz, ninths in neo-soul."""
    key = "Cm" if (genre, application) in DEFAULT_MINOR else "C"
    chords = [span.chord for seed in range(30) for bar in composed(genre, application, key, 32, seed).bars for span in bar]
    share = sum(chord.is_seventh for chord in chords) / len(chords)
    low, high = SEVENTHS[genre, application]
    assert low <= share <= high


def test_twelve_bars_stand_on_I_IV_and_V() -> None:
    """A shuffle chorus has I in bar 1, IV in bar 5 and I in bar 11, nearly always."""
    found = [numerals(composed("blues", "shuffle", "A", 12, seed, form="12-bar blues")) for seed in range(20)]
    assert sum(bars[0][0].startswith(("I", "V7/IV")) and bars[4][0].startswith("IV") for bars in found) >= 18


def test_minor_blues_is_minor() -> None:
    """The tonic of a minor blues is minor in four bars of five."""
    tonics = [
        span.chord
        for seed in range(10)
        for bar in composed("blues", "minor", "Am", 24, seed).bars
        for span in bar
        if span.chord.root == "A"
    ]
    assert sum(chord.third == 3 for chord in tonics) >= 0.8 * len(tonics)


def test_modal_jazz_does_not_cadence() -> None:
    """In dorian pieces dominants hardly ever fall to the tonic."""
    for seed in range(10):
        flat = [span for bar in composed("jazz", "modal", "D dorian", 32, seed).bars for span in bar]
        falls = [
            1 for here, then in pairwise(flat) if here.chord.family == "dom" and (here.chord.root, then.chord.root) == ("A", "D")
        ]
        assert len(falls) <= 2


def test_chorales_change_on_the_beat_and_end_with_a_cadence() -> None:
    """About a chord a beat; the last two chords are a dominant and the tonic; some chords are inverted."""
    for seed in range(8):
        progression = composed("classical", "chorale", "G", 16, seed)
        flat = [span for bar in progression.bars for span in bar]
        assert len(flat) >= 40
        assert flat[-2].chord.root == "D"
        assert flat[-1].chord.root == "G"
        assert sum(bool(span.chord.bass) for span in flat) >= 0.2 * len(flat)


def test_contemporary_gospel_leads_into_its_chords() -> None:
    """Secondary dominants, passing diminished chords and the like are in every piece."""
    wanted = {"secondary dominant", "passing diminished", "secondary ii-V", "altered dominant", "ii-V", "tritone substitution"}
    for seed in range(10):
        assert {found.name for found in composed("gospel", "contemporary", "Ab", 16, seed).techniques} & wanted


@pytest.mark.parametrize("genre", list(TABLES))
def test_every_technique_is_explained(genre: str) -> None:
    """Each has a bar of the piece and a reason; every chord has a numeral and a function."""
    name = next(iter(TABLES[genre]["applications"]))
    progression = composed(genre, name, "Eb", 32, 4)
    assert all(found.why and 0 <= found.bar < 32 for found in progression.techniques)
    assert all(span.analysis.numeral and span.analysis.function for bar in progression.bars for span in bar)


def test_explaining_again_changes_no_chord() -> None:
    """A composed piece read as a chart has the same chords and numerals."""
    progression = composed("jazz", "swing", "Bb", 32, 9)
    again = explain(progression._replace(techniques=()))
    assert symbols(again) == symbols(progression)


def test_spelling_follows_the_key() -> None:
    """Flat keys have flats: in Eb the tritone substitute of V is E, and no chord is on D# or G#."""
    roots = {span.chord.root for seed in range(20) for bar in composed("jazz", "bebop", "Eb", 32, seed).bars for span in bar}
    assert not roots & {"D#", "G#", "A#", "Fb"}


@pytest.mark.parametrize("application", ["slow", "jump"])
@pytest.mark.parametrize("seed", range(8))
def test_a_slow_or_a_jump_blues_stands_on_sevenths(application: str, seed: int) -> None:
    """Its dominant sevenths are stable; nobody plays it in triads."""
    spans = [span for bar in composed("blues", application, "A", 24, seed=seed).bars for span in bar]
    four = sum(span.beats for span in spans if span.chord.is_seventh or "6" in str(span.chord))

    assert four >= 0.75 * sum(span.beats for span in spans)
