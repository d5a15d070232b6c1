"""What is asked of a model and what comes back: plain values, and the protocols that others satisfy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, Final, Generic, Literal, NamedTuple, Protocol, TypeVar

T = TypeVar("T")
AllowPaid = bool | Literal["ask"]

STRATEGIES: Final = ("hybrid", "local_only", "cloud_only", "local_fallback", "rules_only")
TASKS: Final = ("progression", "variation", "reharmonize", "understand")


Accept = Callable[[str], T | Awaitable[T]]  # makes an answer's text a value, now or later; raises RejectedReply with advice


async def settled(value: T | Awaitable[T]) -> T:
    """A value that is there or is awaited."""
    if isinstance(value, Awaitable):
        awaited: T = await value
        return awaited
    return value


class Turn(NamedTuple):
    """One message after the question: a refused answer (`assistant`), or the advice given on it (`user`)."""

    role: str
    text: str


class Prompt(NamedTuple):
    """One question. `schema` is the JSON Schema that the answer must satisfy; `version` names the templates it was made of."""

    text: str
    system: str = ""
    schema: Mapping[str, Any] | None = None
    max_tokens: int = 1024
    seed: int | None = None  # None: the answer is neither remembered nor shared
    temperature: float | None = None  # None: the server's own
    version: str = ""
    turns: tuple[Turn, ...] = ()


class Reply(NamedTuple):
    """One complete answer. A provider that got less than a whole answer raises ProviderError instead."""

    text: str
    model: str = ""  # the model that answered, where the server says so
    tokens_in: int | None = None  # None: the server did not say
    tokens_out: int | None = None
    cost_usd: float | None = None  # what the server says it cost; None: it did not say
    first_token_ms: float | None = None
    load_ms: float | None = None


class Call(NamedTuple):
    """The terms of one call that a provider itself must keep; the hard deadline around it is the router's."""

    connect_s: float = 3.0
    first_s: float = 60.0  # until the first piece of the answer
    idle_s: float = 10.0  # between two pieces
    max_bytes: int = 1 << 20


class Provider(Protocol):
    """A model on a server."""

    async def complete(self, prompt: Prompt, call: Call) -> Reply:
        """The whole answer to `prompt`. Raises ProviderError, and nothing else, when there is none."""
        ...


class Warmable(Protocol):
    """A provider that can say whether its model is in memory, and load it."""

    async def loaded(self) -> bool:
        """Whether the model would answer without being loaded first."""
        ...

    async def warm(self) -> None:
        """Load the model. Raises ProviderError."""
        ...


class Check(NamedTuple):
    """One thing that was verified about an answer."""

    name: str
    passed: bool
    reason: str = ""
    confidence: float = 1.0
    ms: float = 0.0


class Attempt(NamedTuple):
    """One call to a model and its outcome: `accepted`, `rejected`, `judged` (a checker's call), `skipped` (no call was made;
    `reason` says why), or a kind of fault (`app.llm.faults.REACTIONS`)."""

    provider: str
    model: str
    tier: int  # which rung of the whole ladder, from 1
    outcome: str
    checks: tuple[Check, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float | None = 0.0  # None: not known
    latency_ms: float = 0.0
    label: str = ""
    role: str = "worker"  # or "checker"
    reason: str = ""
    queued_ms: float = 0.0
    first_token_ms: float | None = None


class Offer(NamedTuple):
    """A paid model that would be asked next, and what the call costs at most."""

    model: str
    usd: float | None  # None: its price is not known


class Answer(NamedTuple, Generic[T]):
    """An accepted answer: `value` is what `accept` made of `text`."""

    value: T
    text: str
    label: str
    provider: str
    model: str
    tier: int
    attempts: tuple[Attempt, ...] = ()
    cost_usd: float | None = 0.0
    cost_saved_usd: float = 0.0
    remembered: bool = False  # from memory, or from an identical request that was in flight
    notes: tuple[str, ...] = ()  # what a person should know, e.g. that a budget nears its end


class Event(NamedTuple):
    """Something happened while a request was under way: `routed`, `waiting`, `loading`, `asking`, `attempt`; `meaning`: a model
    is asked what words mean, before the request itself is under way."""

    kind: str
    label: str = ""
    text: str = ""
    attempt: Attempt | None = None


class Judge(NamedTuple, Generic[T]):
    """How a second model is asked about an answer. `verdict` raises RejectedReply when it cannot read the reply."""

    question: Callable[[T], Prompt]
    verdict: Callable[[str], Check]


class Terms(NamedTuple):
    """What a request may ask beside its prompt; empty values leave it to the settings."""

    task: str = "progression"  # one of TASKS, or any row of the matrix
    strategy: str = ""
    model: str = ""  # a label or model name: only that one is asked
    allow_paid: AllowPaid | None = None
    deadline_s: float | None = None  # may only shorten the settings' deadline
    subject: str = ""  # the genre, for the log
    task_id: str = ""
    judge: Judge[Any] | None = None  # Any: its value type is that of the `accept` it comes with
    confirm: Callable[[Offer], Awaitable[bool]] | None = None  # asked under allow_paid="ask"
    repair: Callable[[Prompt, str, str], Prompt] | None = None  # prompt, refused answer ("" on escalation), advice
    watch: Callable[[Event], None] | None = None
    stats: Any = None  # Any: an app.llm.stats.Stats of the asker, counted beside the LLM's own
    generation: bool = True  # whether an answer counts as something made, by whom and what it saved


class Remembered(NamedTuple):
    """A judged answer as it is kept."""

    text: str
    label: str
    provider: str
    model: str
    tier: int
    tokens_in: int = 0
    tokens_out: int = 0


class TaskRecord(NamedTuple):
    """One request to the models, whole. No prompt and no answer is in it unless the settings ask for them."""

    task_id: str
    task: str
    subject: str
    complexity: int
    band: str
    strategy: str
    started: float  # seconds since 1970
    latency_ms: float
    label: str  # the model whose answer was accepted, "" for none
    outcome: str  # accepted | remembered | rules | review
    reason: str
    attempts: tuple[Attempt, ...]
    escalations: tuple[tuple[str, str], ...]  # label to label, in order
    cost_usd: float | None
    prompt_version: str = ""
    prompt_text: str = ""
    answer_text: str = ""


TOLD: Final[ContextVar[Callable[[TaskRecord], None] | None]] = ContextVar("told", default=None)  # who traces this request


class Memory(Protocol):
    """Where judged answers are kept. A memory that fails is as good as none: it must not raise."""

    async def recall(self, key: str) -> Remembered | None:
        """What was kept under this key."""
        ...

    async def remember(self, key: str, answer: Remembered) -> None:
        """Keep it."""
        ...

    async def forget(self, key: str) -> None:
        """It was refused when it was read again."""
        ...


class TaskLog(Protocol):
    """Where finished requests are recorded. It must not raise."""

    async def record(self, record: TaskRecord) -> None:
        """Keep one record."""
        ...


class Ledger(Protocol):
    """What was spent, across processes. Amounts are US dollars; periods are names such as `2026-11-21` and `2026-11`."""

    async def reserve(self, usd: float, limits: Sequence[tuple[str, float]]) -> str | None:
        """Set `usd` aside in every (period, limit) at once: a ticket, or None when one of them would overflow."""
        ...

    async def settle(self, ticket: str, usd: float) -> None:
        """Replace what was set aside by what it really cost."""
        ...

    async def spent(self, period: str) -> float:
        """What was spent and is set aside in a period."""
        ...
