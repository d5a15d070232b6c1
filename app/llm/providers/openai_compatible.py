"""Any server with OpenAI's chat completions: LM Studio, llama.cpp, vLLM, OpenRouter, OpenAI itself."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from app.llm.config import Limits, ProviderSettings, TierSettings
from app.llm.providers.chat import MODES, Chat, question, refuses_format, telling
from app.llm.providers.mapping import fault_of, status_of, text_of
from app.llm.reading import paced
from app.llm.types import Call, Prompt, Reply
from app.llm.wire import http_of, opened, sdk

OPENAI: Final = "https://api.openai.com/v1"


class OpenAICompatible:
    """One model of one server. How it likes to be asked for JSON is found out once and remembered."""

    LIBRARIES = ("openai",)

    def __init__(self, server: ProviderSettings, tier: TierSettings, limits: Limits) -> None:  # noqa: ARG002
        self._server = server._replace(url=_base(server.url or OPENAI))
        self._tier = tier
        self._host = urlsplit(self._server.url).hostname or ""
        self._mode = 0

    async def complete(self, prompt: Prompt, call: Call) -> Reply:
        """The whole answer. Raises ProviderError."""
        library = sdk("openai", "openai")
        while True:
            mode = self._mode
            try:
                return await self._once(library, prompt, call, MODES[mode])
            except Exception as error:  # noqa: BLE001 - whatever the library lets through is a fault of the server
                if mode + 1 == len(MODES) or not refuses_format(status_of(error), text_of(error)):
                    raise fault_of(error, self._advice()) from None
                self._mode = max(self._mode, mode + 1)

    async def _once(self, library: Any, prompt: Prompt, call: Call, mode: str) -> Reply:  # Any: the SDK's module
        chat = Chat(self._tier.model, call)
        if prompt.temperature is None:
            prompt = prompt._replace(temperature=self._tier.temperature)
        async with opened(http_of(library), self._server, call) as http:
            client = library.AsyncOpenAI(
                api_key=self._server.key.reveal() or "none", base_url=self._server.url, http_client=http, max_retries=0
            )
            body = question(prompt, self._tier.model, mode)
            ask = client.chat.completions.with_streaming_response.create
            async with ask(**_extra(self._host, body)) as response:
                async for line in paced(telling(response.iter_lines()), call):
                    chat.line(line)
        return chat.reply()

    def _advice(self) -> dict[str, str]:
        return {"model": f"its server has no model {self._tier.model} loaded"}


def _base(url: str) -> str:
    """Servers serve under /v1; people give the address with it and without."""
    return url.rstrip("/") if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}/v1"


def _extra(host: str, body: dict[str, Any]) -> dict[str, Any]:
    """What single services want differently."""
    if host == "api.openai.com":
        body["max_completion_tokens"] = body.pop("max_tokens")
    if host == "openrouter.ai" or host.endswith(".openrouter.ai"):
        body["extra_body"] = {"provider": {"require_parameters": True}}
    form = body.get("response_format")
    if form is not None and "schema" in form:  # the library's types do not know it, its servers do
        body["extra_body"] = {**body.get("extra_body", {}), "response_format": body.pop("response_format")}
    return body
