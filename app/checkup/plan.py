"""What `octet setup` would write: the servers and tiers of what was found, and what may be spent."""

from __future__ import annotations

from typing import Final, NamedTuple

from app.checkup.findings import Findings
from app.llm.config import ProviderSettings, TierSettings
from app.llm.known import SMALL_UP_TO, known_as, seconds_of, up_to_of
from app.llm.machine import SLOWEST_S, Fit
from app.settings import NO_FILE, Settings
from app.settings.models import llm_settings
from app.settings.writing import text_of

LOCAL_KINDS: Final = ("ollama", "openai", "embedded")
KEYS_OF: Final = {  # kind of provider → the variables that hold its key, in the order they are read
    "openai": ("OCTET_OPENAI_API_KEY",),
    "gemini": ("OCTET_GEMINI_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "anthropic": ("OCTET_ANTHROPIC_API_KEY",),
}
DAY_USD: Final = 1.0  # what a day may cost unless somebody says otherwise


class Wishes(NamedTuple):
    """What a person decides."""

    local: bool = True  # ask the local servers
    paid: bool | str | None = None  # ask models that cost money: True, False or "ask"; None where that is not decided
    day_usd: float | None = None  # most of it a day


class Plan(NamedTuple):
    """What is written."""

    text: str
    tiers: tuple[TierSettings, ...]
    servers: tuple[str, ...]


def usual_wishes(chosen: Settings) -> Wishes:
    """Local servers, and a cloud model where a key was given to Octet itself."""
    paid = chosen._replace(file=NO_FILE).allow_paid
    return Wishes(paid=paid or None, day_usd=DAY_USD if paid else None)


def plan_of(chosen: Settings, found: Findings, wishes: Wishes) -> Plan:
    """The settings of these wishes, of what is there now and whatever a settings file says."""
    servers = tuple(one.found for one in found.seen if one.found is not None and one.found.models) if wishes.local else ()
    made = llm_settings(chosen._replace(file=NO_FILE), servers)
    wanted = [provider for provider in made.providers if (wishes.local if _near(provider) else wishes.paid)]
    tiers = [_fitted(tier, found) for tier in made.tiers if tier.provider in {provider.name for provider in wanted}]
    used = {tier.provider for tier in tiers}
    providers = tuple((provider, _key_env(provider, chosen)) for provider in wanted if provider.name in used)
    slow = max((_seconds(tier, found) for tier, provider in _with_provider(tiers, wanted) if _near(provider)), default=0.0)
    own = chosen.file  # a person's own bounds are kept
    day_usd = None if "budget" in own else wishes.day_usd
    text = text_of(chosen.strategy, wishes.paid, providers, tiers, day_usd, 0.0 if "limits" in own else min(slow, SLOWEST_S))
    return Plan(text, tuple(tiers), tuple(provider.name for provider, _ in providers))


def _near(provider: ProviderSettings) -> bool:
    """Whether it is a server or a file of one's own; without an address these kinds mean a service elsewhere."""
    return provider.kind in LOCAL_KINDS and bool(provider.url or provider.path)


def _with_provider(tiers: list[TierSettings], providers: list[ProviderSettings]) -> list[tuple[TierSettings, ProviderSettings]]:
    return [(tier, provider) for tier in tiers for provider in providers if provider.name == tier.provider]


def _fitted(tier: TierSettings, found: Findings) -> TierSettings:
    """With the context that this machine has room for."""
    known = known_as(tier.model)
    fit = next((fit for fit in found.fits if known is not None and fit.tag == known.tag and fit.fits), None)
    return tier._replace(num_ctx=min(tier.num_ctx, fit.context)) if fit is not None else tier


def _seconds(tier: TierSettings, found: Findings) -> float:
    known = known_as(tier.model)
    return seconds_of(known, found.machine.device) if known is not None else 0.0


def _key_env(provider: ProviderSettings, chosen: Settings) -> str:
    return next((name for name in KEYS_OF.get(provider.kind, ()) if chosen.variables.get(name)), "")


def missing_model(found: Findings) -> tuple[str, Fit] | None:
    """The Ollama there is, and the model of this machine's setup that it lacks: the small one first. None where it lacks none."""
    for one in found.seen:
        if one.found is not None and one.found.kind == "ollama":
            sizes = {up_to_of(model) for model in one.found.models}
            for fit in (found.setup.small, found.setup.large):
                if fit is not None and fit.up_to not in sizes and not (fit.up_to == SMALL_UP_TO and sizes):
                    return one.found.url, fit
    return None
