"""A simulated mix of requests on the real ladder: what our cascade costs, keeps local, gets right and takes, beside others.

The models are simulated: how often each is right is a parameter, not a measurement. Every policy meets the same requests and
the same models' draws. The ladder, its matrix, breakers, lines, deadlines and prices are the application's own defaults; the
clock is virtual.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from statistics import median
from typing import Final, NamedTuple

from app.errors import NoModelAnswered, ProviderError, RejectedReply
from app.llm.ask import LLM
from app.llm.build import build
from app.llm.config import TIERS, Limits, LLMSettings, Prices, ProviderSettings, TierSettings
from app.llm.moment import Moment
from app.llm.money import KNOWN
from app.llm.types import Call, Prompt, Reply, Terms
from app.services.complexity import estimate
from tests.llm.virtual import run
from tests.services.described import BAND_SCORES, DESCRIBED, IN_OTHER_WORDS

SMALL, LARGE, CLOUD = (tier.label for tier in TIERS)
LABELS: Final = (SMALL, LARGE, CLOUD)
BANDS: Final = tuple(BAND_SCORES)
SERVERS: Final = (
    ProviderSettings("ollama", "simulated", local=True),
    ProviderSettings("gemini", "simulated", local=False, url="https://models.invalid"),
)
TOKENS: Final = (1100, 450)  # of a question and of an answer of sixteen bars
EXPECTED: Final = 0.9  # of requests that users expect to be answered without the cloud
CRITICAL: Final = (0.02, 0.05, 0.08, 0.15)  # shares of critical requests beside the mix's own
EVERY_S: Final = 30.0  # between two requests, in the mean


class Mix(NamedTuple):
    """The parameters. Shares and rates are by band: quick, standard, critical."""

    requests: int = 2000
    seed: int = 1
    shares: tuple[float, ...] = (0.60, 0.30, 0.10)
    small: tuple[float, ...] = (0.85, 0.45, 0.15)  # how often the first answer is good
    large: tuple[float, ...] = (0.96, 0.85, 0.50)
    cloud: tuple[float, ...] = (0.98, 0.94, 0.85)
    rules: tuple[float, ...] = (0.80, 0.60, 0.30)
    mended: float = 0.6  # of these rates, when the same model is asked again on advice
    caught: float = 0.85  # of bad answers, by the checks
    wrongly: float = 0.03  # of good answers refused
    faults: tuple[float, ...] = (0.005, 0.005, 0.01)  # calls that fail, by model
    seconds: tuple[float, ...] = (3.0, 14.0, 4.0)  # of a call, by model, in the mean

    def rate(self, label: str, band: str) -> float:
        """How often this model's first answer to this band is good."""
        return (self.small, self.large, self.cloud)[LABELS.index(label)][BANDS.index(band)]


class Case(NamedTuple):
    """One request."""

    number: int
    band: str
    score: int  # as estimated
    at: float  # when it comes


class Draw(NamedTuple):
    """What a model would answer to one request, the first or second time."""

    good: bool
    passes: bool  # the checks


class Done(NamedTuple):
    """How one request ended."""

    by: str  # a label, or "rules"
    good: bool
    usd: float
    seconds: float
    calls: int


def cases_of(mix: Mix) -> list[Case]:
    """The requests: labelled descriptions, drawn by band, with the score that they are estimated at."""
    chance, at, cases = Random(f"cases:{mix.seed}"), 0.0, []
    by_band = {band: [row for row in (*DESCRIBED, *IN_OTHER_WORDS) if row.band == band] for band in BANDS}
    for number in range(mix.requests):
        band = chance.choices(BANDS, mix.shares)[0]
        row = chance.choice(by_band[band])
        at += chance.expovariate(1 / EVERY_S)
        cases.append(Case(number, band, estimate(row.words, row.bars).score, at))
    return cases


def draw(mix: Mix, case: Case, label: str, turn: int) -> Draw:
    """The same for every policy."""
    chance = Random(f"answer:{mix.seed}:{case.number}:{label}:{turn}")
    good = chance.uniform(0, 1) < mix.rate(label, case.band) * (mix.mended if turn else 1.0)
    return Draw(good, chance.uniform(0, 1) < (1 - mix.wrongly if good else 1 - mix.caught))


class Simulated:
    """A model of a tier: answers, errs and fails as drawn."""

    def __init__(self, mix: Mix, cases: Sequence[Case], tier: TierSettings, moment: Moment) -> None:
        self._mix, self._cases, self._label, self._moment = mix, cases, tier.label, moment
        self._place = LABELS.index(tier.label)
        self._calls: Counter[int] = Counter()
        self._answers: Counter[int] = Counter()

    async def complete(self, prompt: Prompt, call: Call) -> Reply:  # noqa: ARG002 - the virtual clock keeps every bound
        """`good` or `bad`, and whether the checks would take it."""
        number = int(prompt.text.split()[0])
        chance = Random(f"call:{self._mix.seed}:{number}:{self._label}:{self._calls[number]}")
        self._calls[number] += 1
        failed = chance.uniform(0, 1) < self._mix.faults[self._place]
        await self._moment.sleep(self._mix.seconds[self._place] * chance.uniform(0.5, 1.5) * (0.2 if failed else 1.0))
        if failed:
            raise ProviderError("it failed", "server")
        drawn = draw(self._mix, self._cases[number], self._label, self._answers[number])
        self._answers[number] += 1
        return Reply(f"{'good' if drawn.good else 'bad'} {'passes' if drawn.passes else 'fails'}", "", *TOKENS)


def accept(text: str) -> bool:
    """Whether an answer that the checks take is good."""
    if text.endswith("fails"):
        raise RejectedReply("a check failed")
    return text.startswith("good")


Policy = Callable[[Mix, Case], tuple[int, Terms]]


def _ours(_: Mix, case: Case) -> tuple[int, Terms]:
    return case.score, Terms(allow_paid=True)


def _ours_unpaid(_: Mix, case: Case) -> tuple[int, Terms]:
    return case.score, Terms()


def _as_labelled(_: Mix, case: Case) -> tuple[int, Terms]:
    return BAND_SCORES[case.band][-1], Terms(allow_paid=True)


def _from_the_bottom(*_: object) -> tuple[int, Terms]:
    return 4, Terms(allow_paid=True)


def _only(label: str) -> Policy:
    return lambda _, case: (case.score, Terms(model=label, allow_paid=True))


def _random(mix: Mix, case: Case) -> tuple[int, Terms]:
    label = Random(f"policy:{mix.seed}:{case.number}").choice(LABELS)
    return case.score, Terms(model=label, allow_paid=True)


def _oracle(mix: Mix, case: Case) -> tuple[int, Terms]:
    """The cheapest model that will be right, at once or when asked again; the rules when none will."""
    for label in LABELS:
        first, second = (draw(mix, case, label, turn) for turn in (0, 1))
        if first == (True, True) or (not first.passes and second == (True, True)):
            return case.score, Terms(model=label, allow_paid=True)
    return case.score, Terms(strategy="rules_only")


POLICIES: Final[dict[str, Policy]] = {
    "our cascade, paid allowed": _ours,
    "our cascade, unpaid": _ours_unpaid,
    "  routed as labelled": _as_labelled,
    "  always from the bottom": _from_the_bottom,
    "always cheap": _only(SMALL),
    "always strong": _only(CLOUD),
    "random": _random,
    "oracle": _oracle,
}


def played(mix: Mix, cases: Sequence[Case], policy: Policy) -> list[Done]:
    """Every request under one policy, on a ladder of its own and a virtual clock."""

    async def work(moment: Moment) -> list[Done]:
        settings = LLMSettings(SERVERS, TIERS, prices=Prices(KNOWN), limits=Limits())
        kinds = {"simulated": lambda: lambda _, tier, __: Simulated(mix, cases, tier, moment)}
        llm = build(settings, kinds=kinds, moment=moment)
        return list(await asyncio.gather(*(_one(llm, mix, case, policy, moment) for case in cases)))

    return run(work)


async def _one(llm: LLM, mix: Mix, case: Case, policy: Policy, moment: Moment) -> Done:
    await moment.sleep(case.at)
    began = moment.now()
    complexity, terms = policy(mix, case)
    try:
        answer = await llm.ask(Prompt(f"{case.number} sixteen bars", max_tokens=600), complexity, accept, terms)
    except NoModelAnswered as refusal:
        rows, by = refusal.attempts, "rules"
        good = Random(f"rules:{mix.seed}:{case.number}").uniform(0, 1) < mix.rules[BANDS.index(case.band)]
    else:
        rows, by, good = answer.attempts, answer.label, answer.value
    usd = sum(row.cost_usd or 0.0 for row in rows)
    return Done(by, good, usd, moment.now() - began, sum(row.outcome != "skipped" for row in rows))


def report(mix: Mix) -> None:
    """Print both tables."""
    cases = cases_of(mix)
    ends = {name: played(mix, cases, policy) for name, policy in POLICIES.items()}
    strong, oracle = _usd(ends["always strong"]), _good(ends["oracle"])
    print(f"simulated mix: {mix.requests} requests, {' / '.join(f'{share:.0%}' for share in mix.shares)} {' / '.join(BANDS)}")
    for label, rates in zip((*LABELS, "rules"), (mix.small, mix.large, mix.cloud, mix.rules), strict=True):
        print(f"  {label:<14} is right in {' / '.join(f'{rate:.0%}' for rate in rates)}")
    print(f"  {'checks':<14} refuse {mix.caught:.0%} of bad answers and {mix.wrongly:.0%} of good ones\n")
    print(
        f"{'policy':<28}{'USD/1000':>9}{'/ strong':>9}{'local':>7}{'rules':>7}{'cloud':>7}"
        f"{'good':>7}{'/ oracle':>9}{'calls':>7}{'p50 s':>7}{'p95 s':>7}"
    )
    for name, done in ends.items():
        by = Counter(end.by for end in done)
        shares = [(by[SMALL] + by[LARGE]) / len(done), by["rules"] / len(done), by[CLOUD] / len(done)]
        seconds = sorted(end.seconds for end in done)
        print(
            f"{name:<28}{_usd(done):>9.3f}{_usd(done) / strong:>9.2f}{''.join(f'{share:>7.1%}' for share in shares)}"
            f"{_good(done):>7.1%}{_good(done) / oracle:>9.2f}{sum(end.calls for end in done) / len(done):>7.2f}"
            f"{median(seconds):>7.1f}{_p95(seconds):>7.1f}"
        )
    _by_tier(cases, ends["our cascade, paid allowed"])
    _by_share(mix, ends["our cascade, paid allowed"])


def _by_share(mix: Mix, done: Sequence[Done]) -> None:
    """Print how much stays local where more or fewer of the requests are critical: it is they who go to the cloud."""
    quick, standard, critical = mix.shares
    print(f"\n{'our cascade, by critical':<28}{'local':>7}{'no cloud':>9}{'/ 90 %':>8}{'good':>7}")
    for share in sorted({*CRITICAL, critical}):
        rest = (1 - share) / (quick + standard)
        other = mix._replace(shares=(quick * rest, standard * rest, share))
        ended = done if share == critical else played(other, cases_of(other), _ours)
        by = Counter(end.by for end in ended)
        local, kept = (by[SMALL] + by[LARGE]) / len(ended), 1 - by[CLOUD] / len(ended)
        print(f"{f'{share:.0%} of the requests':<28}{local:>7.1%}{kept:>9.1%}{kept / EXPECTED:>8.2f}{_good(ended):>7.1%}")


def _by_tier(cases: Sequence[Case], done: Sequence[Done]) -> None:
    """Print how long our cascade takes and how good it is, by who answered and by band."""
    print(f"\n{'our cascade by':<28}{'share':>7}{'good':>7}{'p50 s':>7}{'p95 s':>7}{'max s':>7}")
    groups = {label: [end for end in done if end.by == label] for label in (*LABELS, "rules")}
    groups |= {band: [end for case, end in zip(cases, done, strict=True) if case.band == band] for band in BANDS}
    for name, ends in groups.items():
        if ends:
            seconds = sorted(end.seconds for end in ends)
            print(
                f"{name:<28}{len(ends) / len(done):>7.1%}{_good(ends):>7.1%}"
                f"{median(seconds):>7.1f}{_p95(seconds):>7.1f}{seconds[-1]:>7.1f}"
            )


def _usd(done: Sequence[Done]) -> float:
    return 1000 * sum(end.usd for end in done) / len(done)


def _good(done: Sequence[Done]) -> float:
    return sum(end.good for end in done) / len(done)


def _p95(ordered: Sequence[float]) -> float:
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
