"""Claude by Anthropic's Messages API, streamed, with a JSON schema as output format."""

from __future__ import annotations

import json
from typing import Any, Final

from app.errors import ProviderError
from app.llm.config import Limits, ProviderSettings, TierSettings
from app.llm.providers.mapping import expect_model, fault_of, status_of, text_of
from app.llm.reading import Reading, paced
from app.llm.schema import inlined, without
from app.llm.types import Call, Prompt, Reply
from app.llm.wire import http_of, opened, sdk

ANTHROPIC: Final = "https://api.anthropic.com"
NOT_UNDERSTOOD: Final = ("minItems", "maxItems", "minimum", "maximum")  # its schemas refuse them; our own checks do not
FORMAT_WORDS: Final = ("output_config", "output_format", "schema")


class Anthropic:
    """One Claude model."""

    LIBRARIES = ("anthropic",)

    def __init__(self, server: ProviderSettings, tier: TierSettings, limits: Limits) -> None:  # noqa: ARG002
        self._server = server._replace(url=server.url or ANTHROPIC)
        self._tier = tier
        self._schema = True  # False once a model refused the format

    async def complete(self, prompt: Prompt, call: Call) -> Reply:
        """The whole answer. Raises ProviderError."""
        library = sdk("anthropic", "anthropic")
        try:
            return await self._once(library, prompt, call)
        except Exception as error:  # noqa: BLE001 - whatever the library lets through is a fault of the server
            refused = status_of(error) == 400 and any(word in text_of(error) for word in FORMAT_WORDS)
            if not (refused and self._schema and prompt.schema is not None):
                raise fault_of(error, self._advice()) from None
        self._schema = False
        try:
            return await self._once(library, prompt, call)
        except Exception as error:  # noqa: BLE001 - as above
            raise fault_of(error, self._advice()) from None

    async def _once(self, library: Any, prompt: Prompt, call: Call) -> Reply:  # Any: the SDK's module
        answer = Told(self._tier.model, call)
        async with opened(http_of(library), self._server, call) as http:
            client = library.AsyncAnthropic(
                api_key=self._server.key.reveal() or "none", base_url=self._server.url, http_client=http, max_retries=0
            )
            async with await client.messages.create(**self._question(prompt)) as stream:
                async for event in paced(aiter(stream), call):
                    answer.add(event)
        return answer.reply()

    def _question(self, prompt: Prompt) -> dict[str, Any]:  # Any: JSON
        system, extra = prompt.system, {}
        if prompt.schema is not None and self._schema:
            shape = without(inlined(prompt.schema), NOT_UNDERSTOOD)
            extra = {"extra_body": {"output_config": {"format": {"type": "json_schema", "schema": shape}}}}
        elif prompt.schema is not None:
            shape = json.dumps(inlined(prompt.schema), separators=(",", ":"))
            system = f"{system}\n\nAnswer with JSON alone, valid against this JSON Schema:\n{shape}".strip()
        said = [{"role": "user", "content": prompt.text}, *({"role": turn.role, "content": turn.text} for turn in prompt.turns)]
        return {
            "model": self._tier.model, "max_tokens": prompt.max_tokens, "messages": said, "stream": True,
            **({"system": system} if system else {}), **extra,
        }  # fmt: skip

    def _advice(self) -> dict[str, str]:
        return {"model": f"Anthropic has no model {self._tier.model}"}


class Told:
    """What the stream said so far."""

    def __init__(self, model: str, call: Call) -> None:
        self._asked = model
        self._reading = Reading(call)
        self._stop = self._model = ""
        self._tokens_in: int | None = None
        self._tokens_out: int | None = None
        self._begun = self._ended = False

    def add(self, event: Any) -> None:
        """One event. Raises ProviderError."""
        if event.type == "message_start":
            self._begun = True
            self._model = event.message.model
            self._tokens_in = event.message.usage.input_tokens
        elif event.type == "content_block_delta":
            self._reading.add(getattr(event.delta, "text", None))
        elif event.type == "message_delta":
            self._stop = event.delta.stop_reason or self._stop
            self._tokens_out = event.usage.output_tokens if event.usage is not None else None
        elif event.type == "message_stop":
            self._ended = True

    def reply(self) -> Reply:
        """The whole answer. Raises ProviderError when it is none."""
        if not self._begun:
            raise ProviderError("its server answered without an answer", "protocol")
        if not self._ended or not self._stop:
            raise ProviderError("the answer was cut off", "server")
        if self._stop == "max_tokens":
            raise ProviderError("the answer was cut at its longest; be brief", "content")
        if self._stop not in ("end_turn", "stop_sequence"):
            raise ProviderError("the model declined to answer", "content")
        expect_model(self._asked, self._model)
        reading = self._reading
        return Reply(reading.text(), self._model, self._tokens_in, self._tokens_out, first_token_ms=reading.first_token_ms)
