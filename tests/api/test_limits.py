"""How often a key may ask and how much it may spend; where it may not, others are not touched and music is made all the same."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from app.api.limits import Buckets, Rate, Verdict, headers_of
from app.api.serving import Serving
from app.llm.ask import LLM
from app.llm.build import build
from app.llm.config import Budget, LLMSettings, Price, Prices, ProviderSettings, TierSettings
from app.llm.providers.scripted import Scripted
from app.main import create_app
from app.services.runtime import Runtime
from app.settings import Settings, settings
from tests.api.serving import key_for, listening
from tests.services.model_pieces import played

USUAL = Rate(60, 20)
PIECE = {"key": "C", "num_bars": 4, "seed": 1}


class Clock:
    """Time that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    """Of 200 at once exactly 20; then one a second; after a long rest 20 again, and no more."""
    clock = Clock()
    buckets = Buckets(clock)

    assert sum(buckets.take("a", USUAL).allowed for _ in range(200)) == 20
    assert buckets.take("b", USUAL) == Verdict(True, 19, 0.0, 1.0)
    clock.now += 1.0
    assert [buckets.take("a", USUAL).allowed for _ in range(2)] == [True, False]
    clock.now += 3600.0
    assert sum(buckets.take("a", USUAL).allowed for _ in range(200)) == 20


def test_the_headers_say_what_is_left_and_when_to_ask_again() -> None:
    """In whole seconds, never too early."""
    assert headers_of(Verdict(True, 19, 0.0, 0.2), USUAL) == {
        "ratelimit-policy": '"requests";q=20;w=20',
        "ratelimit": '"requests";r=19;t=1',
    }
    assert headers_of(Verdict(False, 0, 0.01, 20.0), USUAL)["retry-after"] == "1"
    assert headers_of(Verdict(False, 0, 2.5, 20.0), Rate(6, 2))["retry-after"] == "3"


def test_a_key_that_asks_too_often_is_told_when_and_others_are_served(tmp_path: Path) -> None:
    """429 with Retry-After; X-Forwarded-For helps nobody; a key has a rate of its own where it was given one."""
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path)})
    hasty, other, slow = key_for(chosen, "hasty"), key_for(chosen, "other"), key_for(chosen, "slow", burst=1, rate_per_minute=1)
    serving = Serving(require_keys=True, per_minute=1, burst=3)
    with (
        listening(create_app(chosen, Runtime("rules_only"), serving)) as url,
        httpx.Client(base_url=url, trust_env=False) as client,
    ):

        def ask(key: str, **headers: str) -> httpx.Response:
            return client.get("/v1/genres/jazz", headers={"X-API-Key": key, **headers})

        statuses = [ask(hasty, **{"X-Forwarded-For": f"10.0.0.{number}"}).status_code for number in range(5)]
        refused, served = ask(hasty), ask(other)
        one = [ask(slow).status_code for _ in range(2)]

    assert statuses == [200, 200, 200, 429, 429]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["content-type"] == "application/problem+json"
    assert served.headers["ratelimit"].startswith('"requests";r=2;t=')
    assert served.headers["ratelimit-policy"] == '"requests";q=3;w=180'
    assert one == [200, 429]


def test_at_this_machine_nobody_counts_unless_told_to(tmp_path: Path) -> None:
    """Without a key there are no limits; with `limit_local` there are."""
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path)})
    for limited in (False, True):
        app = create_app(chosen, Runtime("rules_only"), Serving(burst=2, limit_local=limited))
        with listening(app) as url, httpx.Client(base_url=url, trust_env=False) as client:
            statuses = [client.get("/v1/genres/jazz").status_code for _ in range(3)]

        assert statuses == [200, 200, 429 if limited else 200]


def paid_model(budget: Budget = Budget()) -> tuple[LLM, Scripted]:  # noqa: B008 - a frozen value
    """A model that costs money, and who answers for it."""
    server = ProviderSettings("there", "scripted", local=False)
    tier = TierSettings("big", "there", "big", 10)
    llm = build(LLMSettings((server,), (tier,), prices=Prices({"big": Price(1.0, 8.0)}), budget=budget, allow_paid=True))
    provider = Scripted([played("jazz", num_bars=4)] * 20, model="big")
    llm.rungs = (llm.rungs[0]._replace(provider=provider),)
    return llm, provider


def asked(chosen: Settings, llm: LLM, *keys: str) -> list[httpx.Response]:
    """A piece for each key, one after the other, each another seed."""
    app = create_app(chosen, Runtime(models=lambda: llm), Serving(require_keys=True))
    with listening(app) as url:
        return [
            httpx.post(
                f"{url}/v1/generate/jazz", json=PIECE | {"seed": seed}, headers={"X-API-Key": key}, trust_env=False, timeout=30
            )
            for seed, key in enumerate(keys)
        ]


def test_a_key_beyond_its_budget_gets_music_by_rule(tmp_path: Path) -> None:
    """No error: a piece by rule that says why, and nothing is spent; a key with money left has the model."""
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path)})
    poor, rich = key_for(chosen, "poor", budget_day_usd=0.0001), key_for(chosen, "rich", budget_day_usd=1.0, budget_month_usd=5.0)
    llm, provider = paid_model()
    by_rule, by_model = asked(chosen, llm, poor, rich)

    assert (by_rule.status_code, by_rule.json()["generation_method"]) == (200, "rule-based")
    assert "budget" in by_rule.json()["fallback_reason"]
    assert by_rule.headers["x-octet-budget-day"] == "0.0001"
    assert by_model.json()["generation_method"] == "big"
    spent = by_model.json()["cost_usd"]
    assert float(by_model.headers["x-octet-budget-day"]) == pytest.approx(1.0 - spent, abs=1e-4)
    assert float(by_model.headers["x-octet-budget-month"]) == pytest.approx(5.0 - spent, abs=1e-4)
    assert len(provider.asked) == 1


def test_a_budget_is_told_where_nothing_can_be_spent_too(tmp_path: Path) -> None:
    """All of it is left without a model."""
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path)})
    key = key_for(chosen, "thrifty", budget_day_usd=0.5)
    with listening(create_app(chosen, Runtime("rules_only"), Serving(require_keys=True))) as url:
        headers = httpx.get(f"{url}/v1/genres/jazz", headers={"X-API-Key": key}, trust_env=False).headers

    assert headers["x-octet-budget-day"] == "0.5000"
    assert "x-octet-budget-month" not in headers


def test_budgets_are_told_as_they_stand(tmp_path: Path) -> None:
    """The service's own, and those of the key that asks; another key's are nobody else's business."""
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path)})
    poor, rich = key_for(chosen, "poor", budget_day_usd=0.0001), key_for(chosen, "rich", budget_month_usd=5.0)
    llm, _ = paid_model(Budget(day_usd=2.0))
    with (
        listening(create_app(chosen, Runtime(models=lambda: llm), Serving(require_keys=True))) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=30) as client,
    ):
        made = client.post("/v1/generate/jazz", json=PIECE, headers={"X-API-Key": rich}).json()
        told = {key: client.get("/v1/llm", headers={"X-API-Key": key}).json()["budgets"] for key in (poor, rich)}

    spent = pytest.approx(made["cost_usd"])
    service = {"of": "service", "period": "day", "limit_usd": 2.0, "spent_usd": spent}
    assert made["cost_usd"] > 0
    assert told[rich] == [service, {"of": "key", "period": "month", "limit_usd": 5.0, "spent_usd": spent}]
    assert told[poor] == [service, {"of": "key", "period": "day", "limit_usd": 0.0001, "spent_usd": 0.0}]


def test_a_key_without_the_scope_cloud_costs_nothing(tmp_path: Path) -> None:
    """Whatever its request says."""
    chosen = settings({"OCTET_DATA_DIR": str(tmp_path)})
    llm, provider = paid_model()
    (answer,) = asked(chosen, llm, key_for(chosen, "plain", ["generate"]))

    assert answer.json()["generation_method"] == "rule-based"
    assert "not allowed" in answer.json()["fallback_reason"]
    assert not provider.asked


def test_many_at_once_spend_no_more_than_the_budget(tmp_path: Path) -> None:
    """Fifty requests with money for a few calls: what was spent stays within it."""
    from concurrent.futures import ThreadPoolExecutor

    chosen = settings({"OCTET_DATA_DIR": str(tmp_path)})
    key, (llm, provider) = key_for(chosen, "crowd", budget_day_usd=0.02), paid_model()
    app = create_app(chosen, Runtime(models=lambda: llm), Serving(require_keys=True, burst=100))
    with listening(app) as url, ThreadPoolExecutor(10) as crowd:

        def one(seed: int) -> dict[str, object]:
            body, headers = PIECE | {"seed": seed}, {"X-API-Key": key}
            found: dict[str, object] = httpx.post(
                f"{url}/v1/generate/jazz", json=body, headers=headers, trust_env=False, timeout=60
            ).json()
            return found

        results = list(crowd.map(one, range(50)))

    assert {result["generation_method"] for result in results} == {"big", "rule-based"}
    assert sum(float(str(result["cost_usd"])) for result in results) <= 0.02
    assert 0 < len(provider.asked) < 50
