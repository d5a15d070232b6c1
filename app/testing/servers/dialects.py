"""Each provider's own wire format, as its server speaks it: a reply in pieces, and the ways in which it goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from app.testing.servers.loopback import Stage

MODEL: Final = "model-1"
ANSWER: Final = '{"bars":[["C",4]]}'


class Said(NamedTuple):
    """What a server says in one reply."""

    pieces: Sequence[str] = (ANSWER[:7], ANSWER[7:])
    finish: str = "stop"  # stop | length | refusal | load
    model: str = MODEL
    ended: bool = True  # whether the stream is ended as it should be
    usage: bool = True
    error: bool = False  # an error object in the middle of a 200
    thinking: str = ""


class Dialect(NamedTuple):
    """One wire format."""

    name: str
    kind: str  # of the provider
    content_type: str
    lines: Callable[[Said], list[bytes]]
    stream: bool = True
    reply: Callable[[Said], Any] | None = None  # of one that does not stream


def ollama(said: Said) -> list[bytes]:
    """NDJSON, as POST /api/chat answers."""
    rows: list[dict[str, Any]] = [_message(said, piece) for piece in said.pieces]
    if said.thinking:
        rows.insert(0, {**_message(said, ""), "message": {"role": "assistant", "content": "", "thinking": said.thinking}})
    if said.error:
        rows.append({"error": "llama runner process has terminated"})
    elif said.ended:
        usage = {"prompt_eval_count": 40, "eval_count": 20, "load_duration": 5_000_000} if said.usage else {}
        reason = {"refusal": "stop"}.get(said.finish, said.finish)
        rows.append({**_message(said, ""), "done": True, "done_reason": reason, "total_duration": 9, **usage})
    return [json.dumps(row).encode() + b"\n" for row in rows]


def _message(said: Said, piece: str) -> dict[str, Any]:
    at = "2026-11-20T10:00:00.000000Z"
    return {"model": said.model, "created_at": at, "message": {"role": "assistant", "content": piece}, "done": False}


def openai(said: Said) -> list[bytes]:
    """Server-sent events, as POST /v1/chat/completions answers."""
    base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": said.model}
    rows: list[dict[str, Any]] = [{**base, "choices": [{"index": 0, "delta": {"content": piece}}]} for piece in said.pieces]
    if said.error:
        rows.append({"error": {"message": "upstream failed", "code": 502}})
    elif said.ended:
        finish = {"refusal": "content_filter", "load": "stop"}.get(said.finish, said.finish)
        rows.append({**base, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        if said.usage:
            rows.append({**base, "choices": [], "usage": {"prompt_tokens": 40, "completion_tokens": 20, "total_tokens": 60}})
    done = [b"data: [DONE]\n\n"] if said.ended and not said.error else []
    return [_event(row) for row in rows] + done


def gemini(said: Said) -> list[bytes]:
    """Server-sent events, as :streamGenerateContent?alt=sse answers."""
    rows = [gemini_row(said, piece, last=False) for piece in said.pieces]
    if said.error:
        rows.append({"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}})
    elif said.ended:
        rows.append(gemini_row(said, "", last=True))
    return [_event(row) for row in rows]


def gemini_row(said: Said, piece: str, last: bool) -> dict[str, Any]:
    """One GenerateContentResponse."""
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": [{"text": piece}]}, "index": 0}
    row: dict[str, Any] = {"candidates": [candidate], "modelVersion": said.model}
    if last:
        candidate["finishReason"] = {"stop": "STOP", "length": "MAX_TOKENS", "refusal": "SAFETY"}.get(said.finish, "OTHER")
        if said.usage:
            row["usageMetadata"] = {"promptTokenCount": 40, "candidatesTokenCount": 20, "totalTokenCount": 60}
    return row


def gemini_whole(said: Said) -> Any:
    """One reply of :generateContent."""
    if said.error:
        return {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}
    row = gemini_row(said, "".join(said.pieces), last=said.ended)
    row.pop("modelVersion")
    return row


def anthropic(said: Said) -> list[bytes]:
    """Server-sent events, as POST /v1/messages answers."""
    usage = {"input_tokens": 40, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": said.model, "content": [], "usage": usage}
    start = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    rows: list[dict[str, Any]] = [{"type": "message_start", "message": message}, start]
    rows += [{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": p}} for p in said.pieces]
    if said.error:
        rows.append({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})
    elif said.ended:
        stop = {"stop": "end_turn", "length": "max_tokens"}.get(said.finish, said.finish)
        rows.append({"type": "content_block_stop", "index": 0})
        rows.append({"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": 20}})
        rows.append({"type": "message_stop"})
    return [f"event: {row['type']}\n".encode() + _event(row) for row in rows]


def _event(row: Mapping[str, Any]) -> bytes:
    return b"data: " + json.dumps(row).encode() + b"\n\n"


LIBRARIES: Final = {"ollama": "ollama", "openai": "openai", "gemini": "google.genai", "anthropic": "anthropic"}


SSE: Final = "text/event-stream"
DIALECTS: Final[Mapping[str, Dialect]] = MappingProxyType(
    {
        "ollama": Dialect("ollama", "ollama", "application/x-ndjson", ollama),
        "openai": Dialect("openai", "openai", SSE, openai),
        "gemini": Dialect("gemini", "gemini", SSE, gemini),
        "anthropic": Dialect("anthropic", "anthropic", SSE, anthropic),
        "gemini-legacy": Dialect("gemini-legacy", "gemini-legacy", "application/json", gemini, stream=False, reply=gemini_whole),
    }
)


async def speak(stage: Stage, dialect: Dialect, said: Said) -> None:
    """The whole reply."""
    if dialect.reply is not None:
        await stage.whole(200, dialect.reply(said))
        return
    await stage.head(200, dialect.content_type)
    for line in dialect.lines(said):
        await stage.send(line)
