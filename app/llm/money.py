"""What calls cost: prices, what a call may cost at most, and budgets that are reserved before and settled after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from app.errors import ProviderError
from app.llm.config import Budget, Price, Prices
from app.llm.moment import Moment
from app.llm.types import Ledger, Prompt, Reply

if TYPE_CHECKING:
    from app.llm.routing import Rung

FREE: Final = Price(0.0, 0.0)
KNOWN: Final[Mapping[str, Price]] = MappingProxyType(
    {  # of the default tiers, US dollars a million tokens, November 2026
        "gemini-3.5-flash-lite": Price(0.30, 2.50),
        "gemini-3.8-flash": Price(0.75, 3.75),
    }
)
REFERENCE: Final = "gemini-3.8-flash"  # what savings are counted against where no cloud model is configured
LAST_TENTH: Final = 0.9
CHARACTERS_A_TOKEN: Final = 3  # fewer than any tokenizer's mean on English or JSON, so that estimates are high


class Payer(NamedTuple):
    """Who pays for the calls of a request, and at most how much a day and a month (US dollars); None for no bound."""

    name: str
    day_usd: float | None = None
    month_usd: float | None = None
    may_pay: bool = True  # whether models that cost money may be asked at all


class Standing(NamedTuple):
    """A budget as it stands, in US dollars."""

    of: str  # service | key
    period: str  # day | month, of UTC
    limit_usd: float
    spent_usd: float  # or set aside


PAYER: Final[ContextVar[Payer | None]] = ContextVar("payer", default=None)  # of the request under way; None: the service's own


def price_of(model: str, prices: Prices) -> Price | None:
    """The price of a cloud model: the settings', else genai-prices' where installed, else ours; None when nobody knows."""
    return prices.table.get(model) or _looked_up(model) or KNOWN.get(model)


def reference_price(rungs: Sequence[Rung], prices: Prices) -> Price | None:
    """The price that a request is taken to have cost elsewhere: the named model's, else that of the highest cloud tier."""
    cloud = [rung.model for rung in rungs if not rung.local and not rung.judge]
    model = prices.reference or (cloud[-1] if cloud else REFERENCE)
    return prices.table.get(model) or KNOWN.get(model) or price_of(model, prices)


def _looked_up(model: str) -> Price | None:
    try:
        tables = import_module("genai_prices")
    except ImportError:
        return None
    million = 1_000_000
    try:
        bought = tables.calc_price(tables.Usage(input_tokens=million, output_tokens=0), model_ref=model)
        made = tables.calc_price(tables.Usage(input_tokens=0, output_tokens=million), model_ref=model)
    except (LookupError, ValueError):
        return None
    return Price(float(bought.total_price), float(made.total_price))


def tokens_of(prompt: Prompt) -> int:
    """About how many tokens the prompt has, its schema included; rather too many."""
    schema = 0 if prompt.schema is None else len(repr(prompt.schema))
    said = sum(len(turn.text) for turn in prompt.turns)
    return (len(prompt.system) + len(prompt.text) + said + schema) // CHARACTERS_A_TOKEN + 16


def cost(price: Price | None, tokens_in: int, tokens_out: int) -> float | None:
    """US dollars; None without a price."""
    return None if price is None else (tokens_in * price.input_usd + tokens_out * price.output_usd) / 1e6


def most(price: Price | None, prompt: Prompt) -> float | None:
    """What asking `prompt` costs at most, in US dollars."""
    return cost(price, tokens_of(prompt), prompt.max_tokens)


def real_cost(price: Price | None, prompt: Prompt, reply: Reply) -> float | None:
    """What `reply` cost: as its server says, else by its tokens, else (no usage given) at most."""
    if reply.cost_usd is not None:
        return reply.cost_usd
    if reply.tokens_in is None or reply.tokens_out is None:
        return most(price, prompt)
    return cost(price, reply.tokens_in, reply.tokens_out)


class MemoryLedger:
    """A ledger of this process alone: satisfies `Ledger`."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}
        self._tickets: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._next = 0

    async def reserve(self, usd: float, limits: Sequence[tuple[str, float]]) -> str | None:
        """Set `usd` aside in all periods, or in none."""
        if any(self._spent.get(period, 0.0) + usd > limit for period, limit in limits):
            return None
        self._next += 1
        ticket, periods = str(self._next), tuple(period for period, _ in limits)
        self._tickets[ticket] = (usd, periods)
        self._add(periods, usd)
        return ticket

    async def settle(self, ticket: str, usd: float) -> None:
        """Replace what was set aside; a ticket is settled once."""
        if ticket in self._tickets:
            reserved, periods = self._tickets.pop(ticket)
            self._add(periods, usd - reserved)

    async def spent(self, period: str) -> float:
        """What was spent and is set aside."""
        return self._spent.get(period, 0.0)

    def _add(self, periods: Sequence[str], usd: float) -> None:
        for period in periods:
            self._spent[period] = self._spent.get(period, 0.0) + usd


class Purse:
    """The budgets of all requests: what is set aside cannot be spent twice."""

    def __init__(self, budget: Budget, ledger: Ledger, moment: Moment) -> None:
        self._budget = budget
        self._ledger = ledger
        self._moment = moment

    async def reserve(self, usd: float | None, spent_already: float) -> str:
        """Set aside what a call costs at most: a ticket. Raises ProviderError `overspent` when a budget does not reach.

        `spent_already` is what this request has spent so far. A price that nobody knows fits into no budget.
        """
        bounded = self._budget.request_usd is not None or any(limit != float("inf") for _, limit in self.periods())
        if usd is None and bounded:
            raise ProviderError("its price is not known, so no budget can hold it: name it under [prices]", "overspent")
        usd = usd or 0.0
        if self._budget.request_usd is not None and spent_already + usd > self._budget.request_usd:
            raise ProviderError(f"it may cost {usd:.4f} USD, beyond the {self._budget.request_usd:g} of a request", "overspent")
        ticket = await self._ledger.reserve(usd, self.periods())
        if ticket is None:
            raise ProviderError(f"it may cost {usd:.4f} USD, beyond what is left of the budget", "overspent")
        return ticket

    async def settle(self, ticket: str, usd: float | None) -> None:
        """What it really cost."""
        await self._ledger.settle(ticket, usd or 0.0)

    async def warnings(self) -> list[str]:
        """One line for each budget whose last tenth has begun."""
        said = []
        for (period, limit), word in zip(self.periods(), ("day", "month"), strict=False):
            spent = await self._ledger.spent(period) if limit != float("inf") else 0.0
            if limit > 0 and spent >= LAST_TENTH * limit:
                said.append(f"{spent:.2f} of the {limit:g} USD for this {word} are spent or set aside")
        return said

    async def standing(self) -> list[Standing]:
        """Every period that is bounded: of all requests together, then of the payer of this one."""
        whose = [(of, word) for of in ("service", "key") for word in ("day", "month")]
        rows = [(*who, *row) for who, row in zip(whose, self.periods(), strict=False) if row[1] != float("inf")]
        return [Standing(of, word, limit, await self._ledger.spent(period)) for of, word, period, limit in rows]

    async def left(self, payer: Payer) -> dict[str, float]:
        """What a payer may still spend in each period that is bounded."""
        words = ("day", "month")
        bounded = [row for row in zip(words, self._periods(payer), strict=True) if row[1][1] != float("inf")]
        return {word: max(0.0, limit - await self._ledger.spent(period)) for word, (period, limit) in bounded}

    def periods(self) -> list[tuple[str, float]]:
        """The day and the month of now (UTC) with their limits, for all requests together and for the payer of this one."""
        payer = PAYER.get()
        return self._periods(Payer("", self._budget.day_usd, self._budget.month_usd)) + (self._periods(payer) if payer else [])

    def _periods(self, payer: Payer) -> list[tuple[str, float]]:
        import time

        today = time.gmtime(self._moment.wall())
        limits = (("%Y-%m-%d", payer.day_usd), ("%Y-%m", payer.month_usd))
        return [
            (f"{payer.name} {time.strftime(form, today)}".strip(), float("inf") if limit is None else limit)
            for form, limit in limits
        ]
