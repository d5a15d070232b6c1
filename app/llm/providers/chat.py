"""The chat-completions dialect that many servers share: what is sent, and what comes back line by line."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, Final

from app.errors import ProviderError
from app.llm.providers.mapping import expect_model
from app.llm.reading import Reading
from app.llm.schema import inlined
from app.llm.types import Call, Prompt, Reply

MODES: Final = ("json_schema", "json_object with schema", "json_object", "prompt only")  # from best to least
REFUSALS: Final = ("response_format", "response format", "json_schema", "json_object", "literal_error", "grammar")


def refuses_format(status: int, text: str) -> bool:
    """Whether a fault means that this way of asking for JSON is not understood."""
    return status in (400, 422, 500, 501) and any(word in text for word in REFUSALS)


def question(prompt: Prompt, model: str, mode: str) -> dict[str, Any]:  # Any: JSON
    """The body of a request, to be streamed."""
    system = prompt.system
    prompt = prompt if prompt.schema is None else prompt._replace(schema=inlined(prompt.schema))
    if prompt.schema is not None and mode != MODES[0]:
        shape = json.dumps(prompt.schema, separators=(",", ":"))
        system = f"{system}\n\nAnswer with JSON alone, valid against this JSON Schema:\n{shape}".strip()
    messages = [{"role": "system", "content": system}] if system else []
    messages += [{"role": "user", "content": prompt.text}]
    messages += [{"role": turn.role, "content": turn.text} for turn in prompt.turns]
    body: dict[str, Any] = {"model": model, "messages": messages, "max_tokens": prompt.max_tokens, "stream": True}
    body["stream_options"] = {"include_usage": True}
    body |= {} if prompt.seed is None else {"seed": prompt.seed}
    body |= {} if prompt.temperature is None else {"temperature": prompt.temperature}
    if prompt.schema is not None and mode != MODES[3]:
        body["response_format"] = _format(prompt, mode)
    return body


def _format(prompt: Prompt, mode: str) -> dict[str, Any]:
    if mode == MODES[0]:
        return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": prompt.schema}}
    return {"type": "json_object", "schema": prompt.schema} if mode == MODES[1] else {"type": "json_object"}


async def telling(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """The lines that say something: comments and blank ones keep a connection open for ever, and are no progress."""
    async for line in lines:
        if line and not line.startswith(":"):
            yield line


class Chat:
    """Reads one reply: server-sent chunks, or (from servers that do not stream) one whole object."""

    def __init__(self, model: str, call: Call) -> None:
        self._asked = model
        self._reading = Reading(call)
        self._model = self._finish = ""
        self._usage: dict[str, Any] = {}
        self._plain: list[str] = []
        self._choices = False

    def line(self, line: str) -> None:
        """One line of the body. Raises ProviderError."""
        if line.startswith("data:"):
            data = line[5:].strip()
            if data and data != "[DONE]":
                self._chunk(_object(data))
        elif line and not line.startswith((":", "event:", "id:", "retry:")):
            self._plain.append(line)

    def reply(self) -> Reply:
        """The whole answer. Raises ProviderError when it is none."""
        if self._plain and not self._choices:
            self._chunk(_object("\n".join(self._plain)))
        if not self._finish:
            raise _unfinished(self._choices, self._reading)
        expect_model(self._asked, self._model)
        if self._finish == "length":
            raise ProviderError("the answer was cut at its longest; be brief", "content")
        if self._finish not in ("stop", "eos"):
            raise ProviderError("the model declined to answer", "content")
        tokens_in, tokens_out = self._usage.get("prompt_tokens"), self._usage.get("completion_tokens")
        cost = self._usage.get("cost")
        return Reply(
            self._reading.text(), self._model,
            tokens_in if isinstance(tokens_in, int) else None,
            tokens_out if isinstance(tokens_out, int) else None,
            float(cost) if isinstance(cost, int | float) else None,
            self._reading.first_token_ms,
        )  # fmt: skip

    def _chunk(self, chunk: dict[str, Any]) -> None:
        if chunk.get("error"):
            raise ProviderError("its server failed in the middle of the answer", "server")
        self._model = str(chunk.get("model") or self._model)
        if isinstance(chunk.get("usage"), dict):
            self._usage = chunk["usage"]
        choices = chunk.get("choices")
        if not isinstance(choices, list):
            raise ProviderError("its server answered with something else", "protocol")
        for choice in choices[:1]:
            self._choices = True
            said = choice.get("delta") or choice.get("message") or {}
            self._reading.add(said.get("content"))
            self._finish = str(choice.get("finish_reason") or self._finish)
            if said.get("refusal"):
                self._finish = "refusal"


def _unfinished(begun: bool, reading: Reading) -> ProviderError:
    if begun or reading.first_token_ms is not None:
        return ProviderError("the answer was cut off", "server")
    return ProviderError("its server answered without an answer", "protocol")


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProviderError("its server answered with something else than JSON", "protocol") from error
    if not isinstance(found, dict):
        raise ProviderError("its server answered with something else", "protocol")
    return found
