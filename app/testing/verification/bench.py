"""One genre on the bench: its service, model servers that answer as they are told, and the ladder that climbs between them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from app.errors import RejectedReply
from app.llm.ask import LLM
from app.llm.build import build
from app.llm.config import Limits, LLMSettings, ProviderSettings, TierSettings
from app.llm.secret import Secret
from app.services.local_llm_generator_mixin import LocalLLMGeneratorMixin
from app.services.piece import Piece
from app.services.runtime import Runtime
from app.testing.answers import good_answer
from app.testing.servers.loopback import Loopback, refused_url
from app.testing.servers.models import gemini, ollama
from app.theory.brief import Ask

SMALL, LARGE, CLOUD = "phi-3.5-mini", "llama-3.3-70b", "gemini-pro"
BY_RULE: Final = "rule-based"
TIERS: Final = (  # label, model, up to, words that are to be sent there
    (SMALL, "phi3.5", 4, "simple"),
    (LARGE, "llama3.3:70b", 7, "sophisticated and elaborate"),
    (CLOUD, "gemini-3.8-flash", 10, "experimental and avant-garde"),
)
WORDS: Final = {label: words for label, _, _, words in TIERS}
BARS: Final = 8
SEED: Final = 7
GEMINI_KINDS: Final = (("gemini", "google.genai"), ("gemini-legacy", "google.generativeai"))
LIMITS: Final = Limits(deadline_s=40.0, local_s=15.0, cloud_s=15.0, cold_s=10.0, retry_share=0.0, retry_reserve=0.0)


Spoil = Callable[[str], str]  # what becomes of a model's answer on its way; `str` leaves it as it is


class Broken(Exception):
    """A promise that a genre does not keep; the text says which and how."""


def gemini_kind() -> str:
    """The kind of provider that can speak to Gemini here, "" when no library for it is installed."""
    return next((kind for kind, library in GEMINI_KINDS if _there(library)), "")


def load_libraries() -> None:
    """Import what asks models now, so that it takes no request's time."""
    for library in ("ollama", dict(GEMINI_KINDS).get(gemini_kind(), "")):
        if library and _there(library):
            import_module(library)


def _there(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:  # the package that it would be in
        return False


class Bench:
    """Servers on loopback for one genre, while it is entered."""

    def __init__(self, service: LocalLLMGeneratorMixin, spoil: Spoil = str) -> None:
        self.answers: dict[str, str] = {}  # by the model that is asked
        self._spoil = spoil
        self.local = Loopback([ollama({model: self._say(model) for model in ("phi3.5:latest", "llama3.3:70b")})])
        self.cloud = Loopback([gemini(self._say("gemini"))])
        self.made: list[Piece] = []
        self.llm: LLM | None = None  # who is asked now
        self.service = service.with_runtime(Runtime(models=lambda: self.llm))
        self._stack = AsyncExitStack()
        self._nobody = ""

    async def __aenter__(self) -> Bench:
        await self._stack.enter_async_context(self.local)
        await self._stack.enter_async_context(self.cloud)
        self._nobody = await refused_url()
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._stack.aclose()

    def _say(self, model: str) -> Any:
        return lambda _: self._spoil(self.answers.get(model, "nobody told me what to say"))

    async def make(self, label: str, *, local: bool = True, cloud: bool = True) -> Piece:
        """The piece of the words that are meant for this tier, with the servers up or down. Raises Broken."""
        ask = Ask(self.service.name, WORDS[label], seed=SEED + len(self.made), num_bars=BARS, strategy="hybrid")
        try:
            answer = good_answer(self.service, ask)
        except RejectedReply as error:
            raise Broken(f'no answer to "{WORDS[label]}" passes its own judge: {error}') from None
        self.answers = dict.fromkeys(("phi3.5:latest", "llama3.3:70b", "gemini"), answer)
        self.llm = build(self._settings(self.local.url if local else self._nobody, self.cloud.url if cloud else self._nobody))
        try:
            piece = await self.service.make(ask)
        finally:
            await self.llm.aclose()
        self.made.append(piece)
        return piece

    def _settings(self, local: str, cloud: str) -> LLMSettings:
        kind = gemini_kind()
        providers = [ProviderSettings("ollama", "ollama", local)]
        providers += [ProviderSettings("gemini", kind, cloud, Secret("a-key"), local=False)] if kind else []
        there = {provider.name for provider in providers}
        named = [TierSettings(label, "gemini" if label == CLOUD else "ollama", model, up_to) for label, model, up_to, _ in TIERS]
        tiers = tuple(tier for tier in named if tier.provider in there)
        return LLMSettings(tuple(providers), tiers, allow_paid=True, limits=LIMITS)

    def asked(self, server: Loopback) -> list[str]:
        """The models that were asked for an answer, in order, as the wire named them."""
        found = []
        for row in server.asked:
            if row.path == "/api/chat":
                found.append(row.json["model"])
            elif "generateContent" in row.path or "GenerateContent" in row.path:
                found.append(row.path.partition("?")[0].rpartition("/")[2].partition(":")[0])
        return found
