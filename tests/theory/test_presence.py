"""Where a part rests, in bars and in sections."""

from __future__ import annotations

import pytest

from app.theory.form import Form, Section
from app.theory.presence import Presence

FORM = Form(
    "verse-chorus",
    (
        Section("Intro", "intro", 0, 4),
        Section("Verse 1", "verse", 4, 8),
        Section("Chorus", "chorus", 12, 8),
        Section("Verse 2", "verse", 20, 8),
        Section("Ensemble 1", "solo", 28, 4),
    ),
)
COUNT = 32


@pytest.mark.parametrize(
    ("presence", "text", "silent"),
    [
        (Presence("drums", "from", "bars", 9, 9), "drums from bar 9", range(8)),
        (Presence("drums", "from", "verse", 2), "drums from verse 2", range(20)),
        (Presence("drums", "from", "chorus"), "drums from chorus", range(12)),
        (Presence("drums", "out", "intro"), "drums out in intro", range(4)),
        (Presence("drums", "out", "bars", 1, 8), "drums out in bars 1-8", range(8)),
        (Presence("drums", "out", "bars", -4, -1), "drums out in the last 4 bars", range(28, 32)),
        (Presence("drums", "out", "bars", 17, -1), "drums out in bar 17 on", range(16, 32)),
        (Presence("horns", "only", "chorus"), "horns only in chorus", [*range(12), *range(20, 32)]),
        (Presence("horns", "only", "verse", -1), "horns only in last verse", [*range(20), *range(28, 32)]),
        (Presence("horns", "only", "bridge"), "horns only in bridge", ()),  # there is none: nobody is silenced for it
        (Presence("horns", "out", "ensemble"), "horns out in ensemble", range(28, 32)),  # as a chart calls it
        (Presence("horns", "out", "bars", 40, 48), "horns out in bars 40-48", ()),
    ],
)
def test_a_part_rests_where_it_is_to(presence: Presence, text: str, silent: object) -> None:
    """In the bars of the place, before them or outside them; the text says so."""
    assert str(presence) == text
    assert presence.silent(FORM, COUNT) == frozenset(silent)  # type: ignore[call-overload]
