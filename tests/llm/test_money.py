"""What calls cost, and that a budget is never overspent, however many ask at once."""

from __future__ import annotations

import asyncio

import pytest

from app.errors import NoModelAnswered, ProviderError, RejectedReply
from app.llm.ask import LLM
from app.llm.build import build
from app.llm.config import Budget, Limits, LLMSettings, MatrixRow, Price, Prices, ProviderSettings, TierSettings
from app.llm.moment import Moment
from app.llm.money import MemoryLedger, cost, most, price_of, real_cost, tokens_of
from app.llm.providers.scripted import Scripted
from app.llm.types import Answer, Ledger, Offer, Prompt, Provider, Reply, Terms
from tests.llm.virtual import run

PROMPT = Prompt("x" * 3000, max_tokens=1000)  # 1,016 tokens at most
PRICE = Price(1.0, 8.0)  # at most 0.009016 USD for it
PAID = Reply("ok", "", 1000, 500)  # really 0.005 USD
PRICES = Prices({"big": PRICE})


def paid(provider: Provider, moment: Moment, ledger: Ledger | None = None, **settings: object) -> LLM:
    """A free local model whose word is "bad", and a paid one."""
    here = ProviderSettings("here", "scripted", options={"lines": ["bad"]})
    servers = (here, ProviderSettings("there", "scripted", local=False))
    tiers = (TierSettings("small", "here", "s", 4), TierSettings("big", "there", "big", 10, at_once=100))
    values = {"prices": PRICES, "allow_paid": True, "providers": servers, "tiers": tiers, **settings}
    llm = build(LLMSettings(**values), ledger=ledger, moment=moment)  # type: ignore[arg-type]
    llm.rungs = (llm.rungs[0], llm.rungs[1]._replace(provider=provider))
    return llm


def test_a_price_is_the_settings_else_the_tables_else_unknown() -> None:
    """Nobody's price is taken for nothing."""
    assert price_of("gemini-3.8-flash", Prices()) == Price(0.75, 3.75)
    assert price_of("gemini-3.8-flash", Prices({"gemini-3.8-flash": PRICE})) == PRICE
    assert price_of("my-own-finetune", Prices()) is None


def test_what_a_call_costs() -> None:
    """By real tokens; by the server's own word where it gives one; at most, where it says nothing."""
    assert cost(PRICE, 1_000_000, 500_000) == 5.0
    assert most(PRICE, PROMPT) == pytest.approx(0.009016)
    assert real_cost(PRICE, PROMPT, PAID) == pytest.approx(0.005)
    assert real_cost(PRICE, PROMPT, PAID._replace(cost_usd=0.123)) == 0.123
    assert real_cost(PRICE, PROMPT, Reply("ok")) == most(PRICE, PROMPT)
    assert real_cost(None, PROMPT, PAID) is None


def test_estimated_tokens_are_rather_too_many() -> None:
    """English has about four characters a token; the schema counts too."""
    text = "Write a smoky ballad in E flat minor with brushes and a long coda. " * 20

    assert tokens_of(Prompt(text)) > len(text) / 4
    assert tokens_of(Prompt(text, schema={"type": "object"})) > tokens_of(Prompt(text))


def test_a_thousand_requests_at_once_do_not_overspend() -> None:
    """A budget for ten calls at their highest cost: what is set aside is not spent twice, and what was not needed comes back."""
    model = Scripted([PAID], seconds=1)

    async def work(moment: Moment) -> tuple[float, int]:
        model._moment = moment
        ledger = MemoryLedger()
        llm = paid(model, moment, budget=Budget(day_usd=0.0902), ledger=ledger)
        answers = await asyncio.gather(*(llm.ask(PROMPT, 9, str) for _ in range(1000)), return_exceptions=True)
        assert sum(isinstance(one, Answer) for one in answers) == 10
        assert all("beyond what is left of the budget" in str(one) for one in answers if not isinstance(one, Answer))
        return await ledger.spent("2026-11-18"), len(model.asked)

    spent, asked = run(work)

    assert spent == pytest.approx(0.05)
    assert asked == 10
    assert model.most_at_once == 10


def test_a_budget_begins_anew_each_day_and_month() -> None:
    """Days and months are those of UTC."""
    model = Scripted([PAID])

    async def work(moment: Moment) -> list[int]:
        llm = paid(model, moment, budget=Budget(day_usd=0.012, month_usd=0.03))
        asked = []
        for _ in range(14):
            for _ in range(3):
                await asyncio.gather(llm.ask(PROMPT, 9, str), return_exceptions=True)
            asked.append(len(model.asked))
            await moment.sleep(86_400)
        return asked

    asked = run(work)

    assert asked[:5] == [1, 2, 3, 4, 5]  # then the month's is used up: 0.025 spent, 0.009 more do not fit
    assert asked[11] == 5
    assert asked[13] == 6  # the first of December


@pytest.mark.parametrize(
    ("budget", "prices", "why"),
    [
        (Budget(request_usd=0.001), PRICES, r"it may cost 0.0090 USD, beyond the 0.001 of a request"),
        (Budget(month_usd=0.001), PRICES, r"beyond what is left of the budget"),
        (Budget(day_usd=5), Prices(), r"its price is not known, so no budget can hold it"),
    ],
)
def test_what_no_budget_holds_is_not_asked(budget: Budget, prices: Prices, why: str) -> None:
    """The reason names the sum; a price that nobody knows fits into no budget."""
    model = Scripted([PAID])

    async def work(moment: Moment) -> NoModelAnswered:
        with pytest.raises(NoModelAnswered, match=why) as caught:
            await paid(model, moment, budget=budget, prices=prices).ask(PROMPT, 9, str)
        return caught.value

    assert [row.outcome for row in run(work).attempts] == ["skipped"]
    assert model.asked == []


def test_the_last_tenth_of_a_budget_is_told() -> None:
    """Before it is used up, a note says so."""
    model = Scripted([PAID])

    async def work(moment: Moment) -> list[tuple[str, ...]]:
        llm = paid(model, moment, budget=Budget(day_usd=0.0155))
        return [(await llm.ask(PROMPT, 9, str)).notes for _ in range(2)]

    assert run(work) == [(), ()]

    async def nearly(moment: Moment) -> tuple[str, ...]:
        ledger = MemoryLedger()
        await ledger.reserve(0.9, [("2026-11-18", 1.0)])
        return (await paid(model, moment, ledger, budget=Budget(day_usd=1.0)).ask(PROMPT, 9, str)).notes

    assert run(nearly) == ("0.91 of the 1 USD for this day are spent or set aside",)


@pytest.mark.parametrize(
    ("kind", "cost_usd"), [("unreachable", 0.0), ("rate", 0.0), ("auth", 0.0), ("timeout", 0.009016), ("server", 0.009016)]
)
def test_a_fault_costs_what_it_may_have_cost(kind: str, cost_usd: float) -> None:
    """A call that was refused cost nothing; one that broke off may have been billed whole."""
    model = Scripted([ProviderError("x", kind)])

    async def work(moment: Moment) -> tuple[float, NoModelAnswered]:
        ledger = MemoryLedger()
        llm = paid(model, moment._replace(sleep=_at_once), ledger=ledger)
        with pytest.raises(NoModelAnswered) as caught:
            await llm.ask(PROMPT, 9, str)
        return await ledger.spent("2026-11-18"), caught.value

    spent, refusal = run(work)

    assert refusal.attempts[0].cost_usd == pytest.approx(cost_usd)
    assert spent == pytest.approx(cost_usd * len(model.asked))


async def _at_once(_: float) -> None:
    """No wait."""


def test_a_call_that_is_given_up_is_paid_at_most() -> None:
    """The caller goes away: what was set aside counts as spent, for the server may have billed it."""
    model = Scripted([PAID], seconds=10)

    async def work(moment: Moment) -> float:
        model._moment = moment
        ledger = MemoryLedger()
        asking = asyncio.ensure_future(paid(model, moment, ledger=ledger).ask(PROMPT, 9, str))
        await asyncio.sleep(1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        return await ledger.spent("2026-11-18")

    assert run(work) == pytest.approx(0.009016)


def refuse_bad(text: str) -> str:
    """Takes all but the local model's word."""
    if text == "bad":
        raise RejectedReply("not that")
    return text


def test_without_leave_no_money_is_spent() -> None:
    """`allow_paid` false, of the request or of the settings: the paid model is passed over, and it is said."""
    model = Scripted([PAID])

    async def work(moment: Moment) -> None:
        for setting, asked in ((True, False), (False, None)):
            llm = paid(model, moment, allow_paid=setting)
            with pytest.raises(NoModelAnswered, match="big: paid models are not allowed"):
                await llm.ask(PROMPT, 3, refuse_bad, Terms(allow_paid=asked))

    run(work)

    assert model.asked == []


@pytest.mark.parametrize("yes", [True, False])
def test_under_ask_the_cost_is_offered_in_place(yes: bool) -> None:
    """The local model comes first; then the price of the paid one is named, and the answer obeyed."""
    model = Scripted([PAID])
    offers: list[Offer] = []

    async def confirm(offer: Offer) -> bool:
        offers.append(offer)
        return yes

    async def work(moment: Moment) -> str:
        try:
            answer = await paid(model, moment, allow_paid="ask").ask(PROMPT, 3, refuse_bad, Terms(confirm=confirm))
            return answer.label
        except NoModelAnswered as refusal:
            return str(refusal)

    said = run(work)

    assert said == "big" if yes else "its cost was declined" in said
    assert len(model.asked) == int(yes)
    assert offers[0].model == "big"
    assert offers[0].usd == pytest.approx(0.009, abs=0.001)


def test_without_anyone_to_ask_the_offer_comes_with_the_refusal() -> None:
    """A service answers by rule, and says what the paid model would cost."""

    async def work(moment: Moment) -> Offer | None:
        with pytest.raises(NoModelAnswered, match="waits for consent") as caught:
            await paid(Scripted([PAID]), moment).ask(PROMPT, 3, refuse_bad, Terms(allow_paid="ask"))
        offer: Offer | None = caught.value.offer
        return offer

    offer = run(work)

    assert offer is not None
    assert offer.model == "big"


@pytest.mark.parametrize(("allowed", "repaired", "asked"), [(1, 9, [1, 0, 0]), (2, 9, [2, 0, 0]), (2, 1, [1, 1, 0])])
def test_paid_calls_are_counted_over_the_whole_request(allowed: int, repaired: int, asked: list[int]) -> None:
    """Two at most by default: a repair is one, and so is the next model's."""
    models = [Scripted([Reply("bad", "", 1, 1)]) for _ in range(3)]
    limits = Limits(max_calls=99, max_paid_calls=allowed, max_on_rung=repaired)
    tiers = tuple(TierSettings(str(number), "there", "big", 10 + number) for number in range(3))
    rows = (MatrixRow("progression", "complex", attempts=99),)

    async def work(moment: Moment) -> None:
        servers = (ProviderSettings("there", "scripted", local=False),)
        settings = LLMSettings(servers, tiers, rows, limits=limits, prices=PRICES, allow_paid=True)
        llm = build(settings, moment=moment)
        llm.rungs = tuple(rung._replace(provider=model) for rung, model in zip(llm.rungs, models, strict=True))
        with pytest.raises(NoModelAnswered, match="the most paid calls were made"):
            await llm.ask(PROMPT, 6, refuse_bad)

    run(work)

    assert [len(model.asked) for model in models] == asked


def test_what_a_local_answer_saved_is_the_cloud_price_of_its_tokens() -> None:
    """Against the named reference, else the highest cloud tier; a paid answer saves nothing against itself."""

    async def work(moment: Moment) -> tuple[Answer[str], Answer[str], float]:
        model = Scripted([PAID])
        llm = paid(model, moment)
        llm.rungs = (llm.rungs[0]._replace(provider=Scripted([PAID])), llm.rungs[1])
        local, cloud = await llm.ask(PROMPT, 3, str), await llm.ask(PROMPT, 9, str)
        return local, cloud, llm.stats.snapshot()["estimated_cost_saved_usd"]

    local, cloud, saved = run(work)

    assert (local.cost_usd, local.cost_saved_usd) == (0.0, pytest.approx(0.005))
    assert (cloud.cost_usd, cloud.cost_saved_usd) == (pytest.approx(0.005), 0.0)
    assert saved == pytest.approx(0.005)
