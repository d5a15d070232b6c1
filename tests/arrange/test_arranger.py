"""The arranger: parts side by side, each on a channel of its own."""

from __future__ import annotations

import pytest

from app.arrange.arranger import arrange
from app.arrange.changes import changes_of
from app.errors import RequestError
from app.theory.chance import Chance
from tests.arrange.pieces import PARTS, brief, plan, progression, style

ROLES = ("keys", "organ", "guitar", "bass", "horns", "strings", "choir", "pad", "melody", "soprano", "alto", "tenor", "violin1",
         "violin2", "viola", "cello")  # fmt: skip
CROWD = style(parts=dict.fromkeys(ROLES, PARTS["keys"]))


def test_fifteen_parts_and_drums_have_a_channel_each() -> None:
    """Drums are on the tenth, the others around it."""
    parts = arrange(brief(parts=(*ROLES[:15], "drums"), bars=2), progression(bars=2), CROWD, Chance(1)).parts

    assert sorted(part.channel for part in parts) == list(range(16))


def test_more_parts_than_channels_are_refused_in_a_line() -> None:
    """A file has sixteen channels."""
    with pytest.raises(RequestError, match="channels for 15 parts and drums: leave out 1"):
        arrange(brief(parts=ROLES, bars=2), progression(bars=2), CROWD, Chance(1))


def test_the_chords_kept_with_a_plan_are_those_of_its_bars() -> None:
    """What players ask of the chords is found out once; found out anew it is the same."""
    planned = plan("4/4", 16, style())

    assert planned.changes is not None
    assert planned.changes == changes_of(planned._replace(changes=None))
