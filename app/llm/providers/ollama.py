"""Ollama by its own API: schema in `format`, explicit context and token cap, and the model kept in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from app.errors import ProviderError
from app.llm.config import Limits, ProviderSettings, TierSettings
from app.llm.money import tokens_of
from app.llm.providers.mapping import expect_model, fault_of, same_model
from app.llm.reading import Reading, paced
from app.llm.schema import inlined
from app.llm.types import Call, Prompt, Reply
from app.llm.wire import http_of, sdk, transport

PORT = 11434


class Ollama:
    """One model of one Ollama."""

    LIBRARIES = ("ollama",)

    def __init__(self, server: ProviderSettings, tier: TierSettings, limits: Limits) -> None:
        self._server = server._replace(url=_with_port(server.url or f"http://127.0.0.1:{PORT}"))
        self._tier = tier
        self._limits = limits
        self._think: bool | None = False  # None once a server answered in its thinking: some old ones do

    async def complete(self, prompt: Prompt, call: Call) -> Reply:
        """The whole answer. Raises ProviderError."""
        self._fits(prompt)
        reading = Reading(call)
        async with self._client(call) as client:
            last = await self._read(await client.chat(**self._question(prompt), stream=True), reading, call)
        if last is None:
            raise ProviderError("the answer was cut off", "server")
        expect_model(self._tier.model, last.model or "")
        if last.done_reason == "length":
            raise ProviderError("the answer was cut at its longest; be brief", "content")
        if last.done_reason in ("load", "unload"):
            raise ProviderError("its server loaded the model and said nothing", "server")
        load = last.load_duration
        return Reply(
            reading.text(), last.model or "", last.prompt_eval_count, last.eval_count,
            first_token_ms=reading.first_token_ms, load_ms=load / 1e6 if load else None,
        )  # fmt: skip

    async def loaded(self) -> bool:
        """Whether the model is in the server's memory."""
        async with self._client(self._short()) as client:
            running = await client.ps()
        return any(same_model(self._tier.model, row.model or row.name or "") for row in running.models)

    async def warm(self) -> None:
        """Have the model loaded, with the context that questions will ask for: another one would load it anew."""
        async with self._client(Call(self._limits.connect_local_s, self._limits.warm_up_s, self._limits.warm_up_s)) as client:
            await client.generate(
                model=self._tier.model, keep_alive=self._tier.keep_alive, options={"num_ctx": self._tier.num_ctx}
            )

    async def _read(self, pieces: Any, reading: Reading, call: Call) -> Any:  # Any: the SDK's chunks
        """The last chunk, None when the stream ends before it."""
        thought = False
        async with aclosing(pieces):
            async for piece in paced(pieces, call):
                thought = thought or bool(piece.message.thinking)
                reading.add(piece.message.content)
                if piece.done:
                    if thought and reading.first_token_ms is None:
                        self._think = None
                    return piece
        return None

    def _question(self, prompt: Prompt) -> dict[str, Any]:  # Any: JSON
        system = [{"role": "system", "content": prompt.system}] if prompt.system else []
        turns = [{"role": turn.role, "content": turn.text} for turn in prompt.turns]
        options: dict[str, Any] = {"num_ctx": self._tier.num_ctx, "num_predict": prompt.max_tokens}
        temperature = self._tier.temperature if prompt.temperature is None else prompt.temperature
        options |= {} if temperature is None else {"temperature": temperature}
        options |= {} if prompt.seed is None else {"seed": prompt.seed}
        return {
            "model": self._tier.model,
            "messages": [*system, {"role": "user", "content": prompt.text}, *turns],
            "options": options,
            "keep_alive": self._tier.keep_alive,
            "think": self._think,
            "format": inlined(prompt.schema) if prompt.schema is not None else None,
        }

    def _fits(self, prompt: Prompt) -> None:
        """A prompt that is too long would be cut silently."""
        if tokens_of(prompt._replace(schema=None)) + prompt.max_tokens > self._tier.num_ctx:
            raise ProviderError(f"the question does not fit into {self._tier.num_ctx} tokens of context", "request")

    def _short(self) -> Call:
        seconds = self._limits.connect_local_s + 0.5
        return Call(self._limits.connect_local_s, seconds, seconds)

    @asynccontextmanager
    async def _client(self, call: Call) -> AsyncIterator[Any]:  # Any: ollama.AsyncClient
        """A client for one call, its faults mapped."""
        library = sdk("ollama", "all")
        carrier = transport(http_of(library), self._server, call)
        key = self._server.key.reveal()
        headers = {"authorization": f"Bearer {key}"} if key else {}
        try:
            async with carrier:
                yield library.AsyncClient(
                    host=self._server.url, transport=carrier, trust_env=False, follow_redirects=False, headers=headers,
                    timeout=call.first_s,
                )  # fmt: skip
        except library.ResponseError as error:
            raise self._response_fault(error) from None
        except Exception as error:  # noqa: BLE001 - whatever the library lets through is a fault of the server
            raise fault_of(error) from None

    def _response_fault(self, error: Any) -> ProviderError:
        """Ollama's own faults: a status, or -1 for an error inside a stream that began well."""
        if error.status_code == -1:
            return ProviderError("its server failed in the middle of the answer", "server")
        advice = {"model": f"{self._tier.model} is not on this Ollama: ollama pull {self._tier.model}"}
        return fault_of(error, advice)


def _with_port(url: str) -> str:
    parts = urlsplit(url)
    return url if parts.port or parts.scheme == "https" else f"{parts.scheme}://{parts.netloc}:{PORT}{parts.path}"
