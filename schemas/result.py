"""The result of a generation, the same from Python, `--json` and REST."""

from __future__ import annotations

from base64 import b64decode
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = int | float  # whole where it is whole


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UnderstoodField(_Shape):
    """One decided thing, and the words or field it comes from."""

    field: str
    value: str
    source: Literal["field", "words", "default"]
    words: str = ""


class Factor(_Shape):
    """What makes the harmony harder or easier, and by how much."""

    factor: str
    weight: Number


class ComplexityResult(_Shape):
    """How hard the harmony is that was asked for, 1-10, and why; `tier` names the model tier it goes to."""

    score: int
    tier: str = ""
    factors: tuple[Factor, ...] = ()


class SectionResult(_Shape):
    """A section of the form; `bar` counts from 1."""

    name: str
    bar: int
    bars: int


class ChordResult(_Shape):
    """A chord in its place. `beats` counts the metre's lower number; `symbol` is for programs, `display` for players."""

    bar: int
    beat: Number
    beats: Number
    symbol: str
    display: str
    numeral: str = ""
    function: str = ""
    rule: str = ""


class TechniqueResult(_Shape):
    """A named technique, where it occurs, and why."""

    name: str
    bar: int
    why: str


class PartResult(_Shape):
    """A part of the file: its General MIDI program from 0, its channel from 1, how many notes it has."""

    name: str
    program: int
    channel: int
    notes: int
    instrument: str = ""


class ConformanceResult(_Shape):
    """One thing that was asked, and whether the piece has it."""

    asked: str
    wanted: str
    got: str
    status: Literal["met", "repaired", "not_met"]


class CheckResult(_Shape):
    """One check of a model's answer."""

    name: str
    passed: bool
    reason: str = ""
    confidence: float = 1.0
    ms: float = 0.0


class AttemptResult(_Shape):
    """One call to a model and its outcome."""

    provider: str
    model: str
    tier: str = ""
    outcome: str
    reason: str = ""
    role: Literal["worker", "checker"] = "worker"
    checks: tuple[CheckResult, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float | None = 0.0  # None: not known
    latency_ms: float = 0.0


class PaidOffer(_Shape):
    """A paid model that would have been asked, and what the call would have cost at most."""

    model: str
    usd: float | None


class LineageResult(_Shape):
    """How a kept piece came to be: `parent` is the id of the one that it was made from, `changed` what was made anew in it."""

    how: Literal["generate", "arrange", "regenerate", "vary"]
    parent: str = ""
    changed: dict[str, Any] = Field(default_factory=dict)  # Any: names of parts, sections, numbers


class GenerationResult(_Shape):
    """A generated piece: what was understood, what was made and how, and the file."""

    id: str
    version: str
    genre: str
    application: str
    seed: int
    generation_method: str
    key: str
    tempo: Number
    time_signature: str
    num_bars: int
    understood: tuple[UnderstoodField, ...] = ()
    not_understood: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    complexity: ComplexityResult
    form: tuple[SectionResult, ...] = ()
    chords: tuple[ChordResult, ...] = ()
    techniques: tuple[TechniqueResult, ...] = ()
    parts: tuple[PartResult, ...] = ()
    conformance: tuple[ConformanceResult, ...] = ()
    attempts: tuple[AttemptResult, ...] = ()
    fallback_reason: str = ""
    cost_usd: float | None = 0.0  # None: not known
    cost_saved_usd: float = 0.0
    remembered: bool = False
    paid_offer: PaidOffer | None = None
    created: str = ""  # when it was kept: 2026-11-21T14:58:01.123456Z; "" where it is not
    lineage: LineageResult | None = None
    links: dict[str, str] = Field(default_factory=dict)
    midi_base64: str = ""

    @property
    def midi(self) -> bytes:
        """The MIDI file."""
        return b64decode(self.midi_base64)
