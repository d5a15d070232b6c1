"""What the tests of harmony share: the tables of every genre and briefs to compose from."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random
from typing import Any, cast

from app.harmony.compose import compose
from app.theory.brief import Brief
from app.theory.key import Key
from app.theory.progression import Progression
from app.theory.rhythm import Metre

GENRES = Path(__file__).parent.parent.parent / "genres"
TABLES = {path.parent.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(GENRES.glob("*/harmony.toml"))}
ABOUT = {genre: tomllib.loads((GENRES / genre / "genre.toml").read_text(encoding="utf-8")) for genre in TABLES}
APPLICATIONS = [(genre, name) for genre, raw in TABLES.items() for name in raw["applications"]]


def usual(genre: str, application: str) -> dict[str, Any]:
    """What an application is played in when nobody says: its keys, its metre and more, as its file has them."""
    return cast("dict[str, Any]", ABOUT[genre]["applications"][application])


def brief(genre: str, application: str, key: str = "C", bars: int = 32, metre: str = "4/4", **more: object) -> Brief:
    """A brief with everything decided."""
    said = Brief(genre, application, "", Key.parse(key), 120.0, Metre.of(metre), bars, seed=1, bars_asked=True)
    return said._replace(**more)  # type: ignore[arg-type]  # names and types are the tests' own


def composed(genre: str, application: str, key: str = "C", bars: int = 32, seed: int = 1, **more: object) -> Progression:
    """A progression of a genre's application."""
    return compose(brief(genre, application, key, bars, **more), TABLES[genre], Random(seed))  # type: ignore[arg-type]


def numerals(progression: Progression) -> list[list[str]]:
    """The numerals, bar by bar."""
    return [[span.analysis.numeral for span in bar] for bar in progression.bars]


def symbols(progression: Progression) -> list[list[str]]:
    """The chord symbols, bar by bar."""
    return [[str(span.chord) for span in bar] for bar in progression.bars]
