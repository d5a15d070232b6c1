"""What the service answers beside a piece: genres, chords, findings, models, counts, and problems."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.result import AttemptResult, ChordResult, Factor, Number, SectionResult, TechniqueResult


class _Answer(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)  # a later version may say more, a genre's file too


class ApplicationAbout(_Answer):
    """A sub-style of a genre with its defaults; `tempo` and `range` in the metre's beats a minute."""

    name: str
    default: bool
    title: str = ""
    about: str = ""
    words: tuple[str, ...] = ()
    tempo: Number
    range: tuple[Number, ...] = ()
    metre: str
    metres: tuple[str, ...] = ()
    bars: int
    chorus: int = 0
    keys: tuple[str, ...] = ()
    form: str = ""
    ensemble: tuple[str, ...] = ()


class GenreAbout(_Answer):
    """A genre that is installed."""

    name: str
    title: str
    about: str
    applications: tuple[ApplicationAbout, ...]
    parts: tuple[str, ...]


class GenreWhole(GenreAbout):
    """All there is to know of a genre: how its parts are played, and the JSON Schema of its request."""

    instruments: dict[str, dict[str, Any]]  # Any: as the genre's file has them
    json_schema: dict[str, Any] = Field(alias="schema")


class GenreList(_Answer):
    """What is installed, and why what is broken cannot be used."""

    genres: tuple[GenreAbout, ...]
    broken: dict[str, str]


class ProgressionAnswer(_Answer):
    """Chords alone."""

    genre: str
    seed: int
    key: str
    time_signature: str
    num_bars: int
    chords: tuple[ChordResult, ...]


class ProgressionList(_Answer):
    """One for each seed."""

    progressions: tuple[ProgressionAnswer, ...]


class ChordOffered(_Answer):
    """A chord within a bar."""

    beat: Number
    beats: Number
    symbol: str
    display: str
    numeral: str
    function: str


class Alternative(_Answer):
    """Other chords for a bar: by which rule, why, how far from those there are, and how good."""

    chords: tuple[ChordOffered, ...]
    rule: str
    reason: str
    distance: Number
    score: Number
    method: str = "rule-based"


class BarAlternatives(_Answer):
    """A bar as it stands, and its alternatives, the best first, or a note on why there are none."""

    bar: int
    chords: tuple[ChordOffered, ...]
    alternatives: tuple[Alternative, ...]
    note: str = ""


class ReharmonizationAnswer(_Answer):
    """A chart reharmonized."""

    genre: str
    application: str
    complexity: int
    key: str
    key_source: str
    time_signature: str
    bars: tuple[BarAlternatives, ...]
    generation_method: str = "rule-based"
    attempts: tuple[AttemptResult, ...] = ()
    fallback_reason: str = ""
    cost_usd: float | None = 0.0  # None: not known
    remembered: bool = False


class ChordExplained(ChordResult):
    """A chord and the key it is heard in."""

    key: str


class ExplanationAnswer(_Answer):
    """A chart explained. Its key was asked for, said by the chart, or found: how surely (0-1), and what else it could be."""

    title: str
    key: str
    key_source: Literal["asked", "said", "found"]
    sureness: float
    other_key: str
    time_signature: str
    num_bars: int
    form: tuple[SectionResult, ...]
    chords: tuple[ChordExplained, ...]
    techniques: tuple[TechniqueResult, ...]
    origin: str
    notes: tuple[str, ...]


class FindingAnswer(_Answer):
    """Something a DAW would trip over, where, and as one line of text."""

    rule: str
    text: str


class LintAnswer(_Answer):
    """Every finding in a file; none in a clean one."""

    findings: tuple[FindingAnswer, ...]


class ComplexityAnswer(_Answer):
    """How hard the harmony is, 1-10, why, and who would be asked in order."""

    score: int = Field(ge=1, le=10)
    factors: tuple[Factor, ...]
    strategy: str
    route: tuple[str, ...]


class ModelState(_Answer):
    """A model as it stands: who is asking it, who waits, and for how many seconds more it is left alone, and why."""

    label: str
    provider: str
    model: str
    local: bool
    paid: bool
    busy: int
    waiting: int
    off_s: float
    why: str


class BudgetState(_Answer):
    """What may be spent in a day or a month (UTC), and what is spent or set aside: by all requests, or with the caller's key."""

    of: Literal["service", "key"]
    period: Literal["day", "month"]
    limit_usd: float
    spent_usd: float


class ModelList(_Answer):
    """The models in their order, and the budgets that are bounded."""

    strategy: str
    models: tuple[ModelState, ...]
    budgets: tuple[BudgetState, ...] = ()


class CountsAnswer(_Answer):
    """How generations came to be since the last reset."""

    local_generations: int = 0
    gemini_generations: int = 0
    rule_based_generations: int = 0
    remembered_generations: int = 0
    cost_usd: float = 0.0
    estimated_cost_saved_usd: float = 0.0
    by_label: dict[str, dict[str, int]] = {}


class StatsAnswer(CountsAnswer):
    """The same in all and by genre."""

    by_genre: dict[str, CountsAnswer] = {}


class HealthAnswer(_Answer):
    """That the process answers."""

    status: Literal["ok"]


class ReadyAnswer(_Answer):
    """Whether music can be made; `keeping` says "ok", or why nothing is kept now."""

    status: str
    genres: int
    broken: int
    keeping: str


class ProblemError(_Answer):
    """One thing that is wrong; `field` is "" where it is in no field."""

    field: str
    message: str


class Problem(_Answer):
    """Why a request was not obeyed (RFC 9457). Nothing of what was sent is repeated but the names of fields."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[ProblemError, ...] = ()
