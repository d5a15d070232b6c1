"""Thirty requests written before the words that the estimate looks for were extended, and never looked at while that was done.

Labelled as `tests.services.described` labels: what they score says how the estimate does on words that nobody had in mind.
"""

from __future__ import annotations

from typing import Final

from tests.services.described import Described

_ROWS: Final = (
    ("jazz", "quick", "dinner party background, nobody should notice it", None),
    ("jazz", "quick", "Blue Bossa type tune for our first gig", 16),
    ("jazz", "standard", "something Herbie would play behind Miles in 1965, sus chords and surprises", None),
    ("jazz", "critical", "tear up the rule book, every chord a shock", 32),
    ("jazz", "critical", "Ornette on acid, harmony that melts", None),
    ("blues", "quick", "front porch, harmonica, whiskey", 12),
    ("blues", "quick", "a shuffle for my garage band, we only started in June", None),
    ("blues", "standard", "Stormy Monday with the long chord walk", 12),
    ("blues", "critical", "a blues in five keys simultaneously", None),
    ("gospel", "quick", "children's choir, hand claps", None),
    ("gospel", "standard", "praise break that climbs and climbs, thick organ chords", 24),
    ("gospel", "standard", "Richard Smallwood ballad, lush and moving underneath", 32),
    ("classical", "quick", "lullaby", 16),
    ("classical", "quick", "march for the school orchestra's first concert", None),
    ("classical", "standard", "Schubert song where minor turns to major and back", 24),
    ("classical", "critical", "like Ligeti, clusters and no centre", None),
    ("neosoul", "quick", "chill beat for homework", None),
    ("neosoul", "standard", "Robert Glasper voicings, slippery changes", 16),
    ("neosoul", "critical", "alien soul from the year 3000, harmony I could not name", 24),
    ("reggae", "quick", "sunny one drop for skanking along", None),
    ("reggae", "standard", "roots tune with jazzy passing harmony in the bridge", 24),
    ("reggae", "critical", "a deranged dub suite that never lands on the same tonic twice", 64),
    ("latin", "quick", "wedding salsa, everyone dances", None),
    ("latin", "standard", "Jobim at his most winding, ninths and elevenths on everything", 32),
    ("latin", "standard", "a bolero with tasteful colourful reharm", 16),
    ("latin", "critical", "batucada under chords pulled out of a hat, totally unpredictable", None),
    ("rnb", "quick", "slow dance at the prom", None),
    ("rnb", "quick", "boy band chorus from 1998", 8),
    ("rnb", "standard", "Boyz II Men modulation, five part harmony chords", 32),
    ("rnb", "critical", "mind-bending ballad, tonal centre dissolves bit by bit", None),
)

HELD_OUT: Final = tuple(Described(genre, words, band, bars) for genre, band, words, bars in _ROWS)
