"""Gemini by google-genai: raw JSON Schema, streamed, with as little thinking as the model allows."""

from __future__ import annotations

from typing import Any, Final

from app.errors import ProviderError
from app.llm.config import Limits, ProviderSettings, TierSettings
from app.llm.providers.mapping import expect_model, fault_of
from app.llm.reading import Reading, paced
from app.llm.schema import inlined
from app.llm.types import Call, Prompt, Reply
from app.llm.wire import http_of, no_trust, opened, sdk

GEMINI: Final = "https://generativelanguage.googleapis.com"
THINKS: Final = "gemini-3"  # from this family on models think unless told how little; thoughts count as output


class Gemini:
    """One Gemini model."""

    LIBRARIES = ("google.genai",)

    def __init__(self, server: ProviderSettings, tier: TierSettings, limits: Limits) -> None:  # noqa: ARG002
        self._server = server._replace(url=server.url or GEMINI)
        self._tier = tier

    async def complete(self, prompt: Prompt, call: Call) -> Reply:
        """The whole answer. Raises ProviderError."""
        genai = sdk("google.genai", "gemini")
        http = http_of(genai)
        answer = Told(self._tier.model, call)
        try:
            async with opened(http, self._server, call) as client:
                stream = await self._models(genai, http, client).generate_content_stream(
                    model=self._tier.model, contents=_contents(prompt), config=self._config(prompt)
                )
                async for piece in paced(aiter(stream), call):
                    answer.add(piece)
        except Exception as error:  # noqa: BLE001 - whatever the library lets through is a fault of the server
            advice = {"model": f"Gemini has no model {self._tier.model}"}
            raise fault_of(error, advice) from None
        return answer.reply()

    def _models(self, genai: Any, http: Any, client: Any) -> Any:  # Any: the SDK's own types
        unused = no_trust()  # for connections that are never made; the library would read all certificates for them
        options = {
            "base_url": self._server.url,
            "httpx_async_client": client,
            "httpx_client": http.Client(trust_env=False, verify=unused),
            "async_client_args": {"ssl": unused},
        }
        if "api_version" in self._server.options:
            options["api_version"] = self._server.options["api_version"]
        return genai.Client(api_key=self._server.key.reveal() or "none", vertexai=False, http_options=options).aio.models

    def _config(self, prompt: Prompt) -> dict[str, Any]:  # Any: JSON
        config: dict[str, Any] = {"max_output_tokens": prompt.max_tokens}
        config |= {"system_instruction": prompt.system} if prompt.system else {}
        config |= {} if prompt.seed is None else {"seed": prompt.seed}
        if prompt.schema is not None:
            config |= {"response_mime_type": "application/json", "response_json_schema": inlined(prompt.schema)}
        level = self._server.options.get("thinking_level", "MINIMAL" if self._tier.model.startswith(THINKS) else None)
        return config | ({"thinking_config": {"thinking_level": level}} if level else {})


class Told:
    """What the stream said so far."""

    def __init__(self, model: str, call: Call) -> None:
        self._asked = model
        self._reading = Reading(call)
        self._finish = self._model = ""
        self._usage: Any = None  # Any: the SDK's usage
        self._blocked = self._begun = False

    def add(self, piece: Any) -> None:
        """One chunk. Raises ProviderError."""
        self._begun = True
        self._model = piece.model_version or self._model
        self._usage = piece.usage_metadata or self._usage
        if piece.prompt_feedback is not None and piece.prompt_feedback.block_reason:
            self._blocked = True
        for candidate in (piece.candidates or ())[:1]:
            parts = candidate.content.parts if candidate.content is not None else None
            for part in parts or ():
                if not part.thought:
                    self._reading.add(part.text)
            if candidate.finish_reason is not None:
                self._finish = str(getattr(candidate.finish_reason, "value", candidate.finish_reason))

    def reply(self) -> Reply:
        """The whole answer. Raises ProviderError when it is none."""
        if self._blocked:
            raise ProviderError("the model declined to answer", "content")
        if not self._finish:
            cut = self._begun and self._reading.first_token_ms is not None
            raise ProviderError(*(("the answer was cut off", "server") if cut else ("an answer without an answer", "protocol")))
        if self._finish == "MAX_TOKENS":
            raise ProviderError("the answer was cut at its longest; be brief", "content")
        if self._finish != "STOP":
            raise ProviderError("the model declined to answer", "content")
        expect_model(self._asked, self._model)
        used = self._usage
        out = None if used is None else (used.candidates_token_count or 0) + (used.thoughts_token_count or 0)
        tokens_in = None if used is None else used.prompt_token_count
        return Reply(self._reading.text(), self._model, tokens_in, out, first_token_ms=self._reading.first_token_ms)


def _contents(prompt: Prompt) -> list[dict[str, Any]]:
    said = [("user", prompt.text), *(("model" if turn.role == "assistant" else "user", turn.text) for turn in prompt.turns)]
    return [{"role": role, "parts": [{"text": text}]} for role, text in said]
