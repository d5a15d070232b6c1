"""Two servers of models, one here and one elsewhere, and a request to an LLM that climbs from one to the other."""

from __future__ import annotations

import asyncio
import time
from functools import cache
from random import Random

from app.errors import NoModelAnswered
from app.llm.ask import LLM
from app.llm.build import build
from app.llm.config import Limits, LLMSettings, Price, Prices, ProviderSettings, TierSettings
from app.llm.moment import Moment
from app.llm.secret import Secret
from app.llm.types import Answer, Prompt, TaskLog, Terms
from app.testing.servers.dialects import DIALECTS, MODEL
from app.testing.servers.faults import CANARY, healthy
from app.testing.servers.loopback import Loopback

PROMPT = Prompt("Four bars, please.", system="You write chords.", schema={"type": "object"}, max_tokens=200, seed=7)
PRICE = Price(1.0, 2.0)
HERE, ELSEWHERE = "local", "cloud"  # labels
PATIENT = Limits(local_s=10, cloud_s=10)
HASTY = Limits(deadline_s=20, local_s=0.2, cloud_s=10, idle_s=0.15, least_s=0.01)  # with the server here
HASTIER = Limits(deadline_s=0.5, reserve_s=0, local_s=0.2, cloud_s=0.2, idle_s=0.15, least_s=0.01)  # with both


def skipping() -> Moment:
    """A clock on which pauses pass at once."""
    passed = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    return Moment(now=lambda: time.monotonic() + passed, sleep=sleep, chance=Random(1))


def settings(kind: str, here: str, elsewhere: str, limits: Limits) -> LLMSettings:
    """A local server, and one elsewhere that costs money (both are loopback, in truth)."""
    servers = (
        ProviderSettings("first", kind, here, Secret(CANARY), local=True),
        ProviderSettings("second", kind, elsewhere, Secret(CANARY), local=False),
    )
    tiers = (TierSettings(HERE, "first", MODEL, 5), TierSettings(ELSEWHERE, "second", MODEL, 10))
    return LLMSettings(servers, tiers, limits=limits, allow_paid=True, prices=Prices({MODEL: PRICE}))


def climbing(kind: str, urls: tuple[str, str], limits: Limits, log: TaskLog | None = None) -> LLM:
    """The LLM of these two servers."""
    return build(settings(kind, *urls, limits), moment=skipping(), log=log)


async def answered(llm: LLM, strategy: str = "hybrid") -> Answer[str] | NoModelAnswered:
    """What becomes of the request; the deadline that the limits give is kept."""
    try:
        async with asyncio.timeout(llm.settings.limits.deadline_s + 5):
            return await llm.ask(PROMPT, 3, str, Terms(strategy=strategy))
    except NoModelAnswered as refusal:
        return refusal
    finally:
        await llm.aclose()


async def asked(kind: str, urls: tuple[str, str], limits: Limits, strategy: str = "hybrid") -> Answer[str] | NoModelAnswered:
    """The same from scratch."""
    return await answered(climbing(kind, urls, limits), strategy)


@cache
def used(dialect: str) -> None:
    """Ask a healthy server of this dialect once: making the first client of a library takes longer than hasty limits allow."""

    async def work() -> None:
        async with Loopback([healthy(DIALECTS[dialect])]) as well:
            await asked(DIALECTS[dialect].kind, (well.url, well.url), PATIENT)

    asyncio.run(work())


def questions(server: Loopback) -> int:
    """How often a server was asked for an answer."""
    return sum(one.path != "/api/ps" for one in server.asked)
