"""Every engine that a groove may name has its player."""

from __future__ import annotations

import pytest

from app.arrange.players import PLAYERS, player
from app.arrange.style_reader import ENGINES


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_has_a_player(engine: str) -> None:
    """The table of players and the words a groove may use are the same."""
    assert callable(player(engine))
    assert set(PLAYERS) == set(ENGINES)
