"""What a string quartet does beside a tune and its accompaniment: imitation, octaves; and what a seed changes in four voices."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.arrange.satb import CHOIR, STRINGS
from app.arrange.textures import in_octaves, marks, texture_of
from tests.arrange.charts import plan_of
from tests.arrange.test_satb import MAJOR, composed, faults, parts_of, slices

SLOW = "C | G7/F | C/E F | G | C | Am | Dm7/F G7 | C"


def test_a_voice_answers_with_what_another_sang_two_bars_before() -> None:
    """In an imitation the follower has the leader's rhythm."""
    for seed in range(12):
        plan = plan_of("C | F | G | C | C | F | G | C", times=3, seed=seed)
        led = {bar.number: texture_of(plan, bar, strings=True) for bar in plan.bars}
        entry = next((bar for bar in range(0, 20, 4) if (led[bar], led[bar + 2]) == ("song", "answer")), None)
        if entry is None:
            continue
        first, second, *_ = parts_of(plan, STRINGS)
        rhythm = [note.start - entry * 1920 for note in first if entry <= note.start // 1920 < entry + 2]
        answer = [note.start - (entry + 2) * 1920 for note in second if entry + 2 <= note.start // 1920 < entry + 4]
        assert len(set(rhythm) & set(answer)) >= 3
        return
    pytest.fail("no seed has an imitation between the violins")


def test_a_middle_section_opens_with_all_strings_in_octaves_and_says_so() -> None:
    """One line in octaves, marked: the only bars in which parallels are meant."""
    plan = plan_of(SLOW)
    plan = plan._replace(bars=tuple(bar._replace(section=bar.section._replace(kind="bridge")) for bar in plan.bars))
    voices = parts_of(plan, STRINGS)
    lines = [[(note.start, note.pitch % 12) for note in notes if note.start < 1920] for notes in voices]

    assert in_octaves(plan.bars[0])
    assert all(line == lines[0] for line in lines)
    assert marks(plan) == ("bar 1: the strings play one line in octaves",)
    assert not marks(plan_of(SLOW))


@pytest.mark.parametrize("roles", [CHOIR, STRINGS])
def test_two_seeds_lead_the_voices_in_two_ways_and_both_keep_the_rules(roles: tuple[str, ...]) -> None:
    """The same chords, other voices, no fault in any."""
    chart = composed(MAJOR, 5)
    found = set()
    for seed in range(6):
        rows = slices(parts_of(plan_of(chart, seed=seed), roles))
        assert not [fault for one, other in pairwise(rows) for fault in faults(one, other)]
        found.add(tuple(rows))
    assert len(found) == 6


def test_a_soprano_moves_where_the_chords_do() -> None:
    """No more than a third of its notes repeat the note before."""
    same = count = 0
    for seed in range(12):
        (notes,) = parts_of(plan_of(composed(MAJOR, seed), seed=seed), CHOIR[:1])
        same += sum(one.pitch == other.pitch for one, other in pairwise(notes))
        count += len(notes) - 1
    assert same / count < 0.34
