"""Gemini by google-generativeai, whose support has ended: for those who have it. It runs in threads of its own."""

from __future__ import annotations

import asyncio
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlsplit

from app.errors import ProviderError
from app.llm.config import Limits, ProviderSettings, TierSettings
from app.llm.providers.mapping import fault_of
from app.llm.reading import Reading
from app.llm.schema import as_proto, inlined
from app.llm.types import Call, Prompt, Reply
from app.llm.wire import checked, sdk

THREADS: Final = 4
PIECE: Final = 1 << 14


class GeminiLegacy:
    """One Gemini model. A call that is given up ends in its thread no later than its deadline."""

    def __init__(self, server: ProviderSettings, tier: TierSettings, limits: Limits) -> None:  # noqa: ARG002
        self._server = server
        self._tier = tier
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="gemini-legacy")

    async def complete(self, prompt: Prompt, call: Call) -> Reply:
        """The whole answer. Raises ProviderError."""
        loop = asyncio.get_running_loop()
        try:
            response = await loop.run_in_executor(self._threads, self._asked, prompt, call)
            return _reply(response, call)
        except Exception as error:  # noqa: BLE001 - whatever the library lets through is a fault of the server
            raise fault_of(error, {"model": f"Gemini has no model {self._tier.model}"}) from None

    async def aclose(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="gemini-legacy")

    def _asked(self, prompt: Prompt, call: Call) -> Any:  # Any: the SDK's response
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says at every import that its support has ended
            genai = sdk("google.generativeai", "gemini-legacy")
            services = sdk("google.ai.generativelanguage", "gemini-legacy")
        client = services.GenerativeServiceClient(transport="rest", client_options=self._options())
        try:
            _guard(client.transport._session, call, self._server.proxy)
            model = genai.GenerativeModel(self._tier.model, system_instruction=prompt.system or None)
            model._client = client  # its own way, configure(), is one key for the whole process
            return model.generate_content(
                _contents(prompt),
                generation_config=_config(prompt),
                request_options={"timeout": call.first_s, "retry": None},  # left to itself it retries beyond any deadline
            )
        finally:
            client.transport.close()

    def _options(self) -> dict[str, str]:
        key = {"api_key": self._server.key.reveal() or "none"}
        return key | ({"api_endpoint": self._server.url} if self._server.url else {})


def _guard(session: Any, call: Call, proxy: str) -> None:
    """The same bounds that the other providers' transport keeps, on the session of `requests` that this library uses."""
    adapter: Any = import_module("requests.adapters").HTTPAdapter
    until = time.monotonic() + call.first_s

    class Careful(adapter):  # type: ignore[misc]  # its base is imported when it is needed
        def send(self, request: Any, *args: Any, **options: Any) -> Any:
            request.headers["Accept-Encoding"] = "identity"
            for address in () if proxy else checked(request.url, call.connect_s)[:1]:
                parts = urlsplit(request.url)
                request.headers["Host"] = parts.netloc
                place = f"[{address}]" if ":" in address else address
                request.url = parts._replace(netloc=f"{place}:{parts.port or 80}").geturl()
            options |= {"stream": True, "timeout": (call.connect_s, call.first_s)}
            response = super().send(request, *args, **options)
            try:
                response._content = _body(response, call, until)
            finally:
                response.close()  # what was not read to its end would keep its socket
            return response

    session.trust_env = False
    session._refresh_status_codes = ()  # a key cannot be refreshed; it would ask three times
    session.proxies = {"http": proxy, "https": proxy} if proxy else {}
    session.mount("http://", Careful())
    session.mount("https://", Careful())


def _body(response: Any, call: Call, until: float) -> bytes:
    if 300 <= response.status_code < 400:
        raise ProviderError("it redirects elsewhere, which is not followed", "policy")
    if response.headers.get("content-encoding", "identity") not in ("", "identity"):
        raise ProviderError("it answered compressed, which was not asked for", "protocol")
    if int(response.headers.get("content-length", "0")) > call.max_bytes:
        raise ProviderError("the reply is too large", "too_large")
    body = bytearray()
    while piece := response.raw.read1(PIECE) if hasattr(response.raw, "read1") else response.raw.read(PIECE):
        body += piece
        if len(body) > call.max_bytes:
            raise ProviderError("the reply is too large", "too_large")
        if time.monotonic() > until:
            raise ProviderError("it did not answer in time", "timeout")
    return bytes(body)


def _contents(prompt: Prompt) -> list[dict[str, Any]]:
    said = [("user", prompt.text), *(("model" if turn.role == "assistant" else "user", turn.text) for turn in prompt.turns)]
    return [{"role": role, "parts": [text]} for role, text in said]


def _config(prompt: Prompt) -> dict[str, Any]:
    config: dict[str, Any] = {"max_output_tokens": prompt.max_tokens}
    if prompt.schema is not None:
        config |= {"response_mime_type": "application/json", "response_schema": as_proto(inlined(prompt.schema))}
    return config


def _reply(response: Any, call: Call) -> Reply:
    """The answer. Raises ProviderError when it is none."""
    if response.prompt_feedback is not None and response.prompt_feedback.block_reason:
        raise ProviderError("the model declined to answer", "content")
    if not response.candidates:
        raise ProviderError("an answer without an answer", "protocol")
    candidate = response.candidates[0]
    finish = candidate.finish_reason.name
    if finish == "MAX_TOKENS":
        raise ProviderError("the answer was cut at its longest; be brief", "content")
    if finish != "STOP":
        kind = "server" if finish == "FINISH_REASON_UNSPECIFIED" else "content"
        raise ProviderError("the model declined to answer, or was cut off", kind)
    reading = Reading(call)
    reading.add("".join(part.text for part in candidate.content.parts))
    used = response.usage_metadata
    known = used is not None and used.total_token_count > 0
    tokens_in = used.prompt_token_count if known else None
    return Reply(reading.text(), "", tokens_in, used.total_token_count - used.prompt_token_count if known else None)
