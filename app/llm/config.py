"""The settings of the model layer as plain values: what wiring fills from variables and TOML."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from app.llm.secret import Secret
from app.llm.types import TASKS, AllowPaid

NO_SECRET: Final = Secret()
NO_OPTIONS: Final[Mapping[str, Any]] = MappingProxyType({})


class ProviderSettings(NamedTuple):
    """One server, or one embedded model: a section `[providers.<name>]`."""

    name: str
    kind: str  # an entry point of `octet.providers`
    url: str = ""
    key: Secret = NO_SECRET
    local: bool | None = None  # None: told by the address
    path: str = ""  # of an embedded model's GGUF file
    sha256: str = ""  # of that file; "" does not check it
    proxy: str = ""  # only what is configured here is used, never the environment's
    options: Mapping[str, Any] = NO_OPTIONS  # Any: what a kind alone understands


class TierSettings(NamedTuple):
    """One model on the ladder: it takes complexities up to `up_to` that no lower tier takes."""

    label: str  # what `generation_method` says
    provider: str  # a ProviderSettings.name
    model: str
    up_to: int = 10
    judge: bool = False  # never asked for an answer; judges those of the tier with the same `up_to`
    at_once: int = 0  # calls at a time; 0: one on a local server, eight elsewhere
    num_ctx: int = 8192  # tokens of context, asked of servers that can be told
    keep_alive: str = "10m"  # how long a local server keeps the model in memory
    temperature: float | None = None


class MatrixRow(NamedTuple):
    """What happens to a task of a band. Empty values take the tiers' ladder and the asker's own checks."""

    task: str
    band: str
    chain: tuple[str, ...] = ()  # labels in the order they are asked
    checks: tuple[str, ...] = ()  # names of checks; they mean something to the asker only
    checker: str = ""  # "" none, "same" the tier's judge, "next" the next tier, or a label
    attempts: int = 3  # most calls for an answer, repairs included
    end: str = "rules"  # or "review": flagged for a person, and the rules answer


class Limits(NamedTuple):
    """Bounds in seconds, counts and bytes."""

    deadline_s: float = 60.0  # the whole request
    reserve_s: float = 0.5  # of it, kept for the rules
    local_s: float = 40.0  # one attempt on a local model while a further one could follow
    cloud_s: float = 20.0  # one attempt on any other
    cold_s: float = 120.0  # loading a local model; a request waits no longer than its own deadline
    warm_up_s: float = 180.0  # loading in the background
    connect_local_s: float = 0.5
    connect_s: float = 3.0
    idle_s: float = 10.0  # between two pieces of an answer
    least_s: float = 1.0  # no attempt is begun with less
    repair_share: float = 0.4  # of an attempt's time that must be left for a repair
    max_wait_s: float = 2.0  # longest Retry-After that is waited for
    max_calls: int = 4  # a request, checkers included
    max_paid_calls: int = 2
    max_on_rung: int = 2  # calls of one model for an answer: a retry or a repair, not both
    max_bytes: int = 1 << 20  # of one reply
    queue: int = 32  # requests that wait for one model
    queue_s: float = 30.0
    breaker_failures: int = 3  # in a row
    breaker_share: float = 0.5  # of at least `breaker_least` within `breaker_window_s`
    breaker_least: int = 10
    breaker_window_s: float = 60.0
    breaker_open_s: float = 30.0  # doubled each time it stays sick
    breaker_open_max_s: float = 300.0
    retry_share: float = 0.1  # retries in a hundred requests, over `retry_reserve`
    retry_reserve: float = 10.0
    log_text: bool = False  # whether the task log keeps prompts and answers


class Price(NamedTuple):
    """US dollars for a million tokens."""

    input_usd: float
    output_usd: float


class Prices(NamedTuple):
    """`table` overrides what is known of a model's price; `reference` is the cloud model that savings are counted against."""

    table: Mapping[str, Price] = MappingProxyType({})
    reference: str = ""  # "": the highest tier that is not local


class Budget(NamedTuple):
    """Most US dollars; None for no bound."""

    request_usd: float | None = None
    day_usd: float | None = None
    month_usd: float | None = None


TIERS: Final = (  # the default ladder; whoever makes the settings leaves out what has no provider
    TierSettings("phi-3.5-mini", "ollama", "phi3.5", 4),
    TierSettings("llama-3.3-70b", "ollama", "llama3.3:70b", 7),
    TierSettings("gemini-pro", "gemini", "gemini-3.8-flash", 10),
)
BANDS: Final[Mapping[str, int]] = MappingProxyType({"quick": 2, "standard": 4, "complex": 7, "critical": 10})  # up to
_ROWS: Final = (("quick", "", 2), ("standard", "", 3), ("complex", "same", 3), ("critical", "next", 2))
MATRIX: Final = tuple(
    MatrixRow(task, band, checker=checker, attempts=attempts) for task in TASKS for band, checker, attempts in _ROWS
)


class LLMSettings(NamedTuple):
    """All of it."""

    providers: tuple[ProviderSettings, ...] = ()
    tiers: tuple[TierSettings, ...] = ()
    matrix: tuple[MatrixRow, ...] = MATRIX
    bands: Mapping[str, int] = BANDS
    strategy: str = "hybrid"
    allow_paid: AllowPaid = False
    budget: Budget = Budget()
    limits: Limits = Limits()
    prices: Prices = Prices()
