"""Ollama's API over a real llama.cpp engine, which is what Ollama runs too: `format` becomes the engine's own schema."""

from __future__ import annotations

import json
from typing import Any

import httpx

from app.testing.servers.loopback import Act, Stage


def over(engine: str, key: str) -> Act:
    """POST /api/chat and GET /api/ps."""

    async def play(stage: Stage) -> None:
        if stage.asked.path == "/api/ps":
            await stage.whole(200, {"models": [{"name": "tiny:latest", "model": "tiny:latest"}]})
            return
        asked, url, headers = stage.asked.json, f"{engine}/v1/chat/completions", {"authorization": f"Bearer {key}"}
        await stage.head(200, "application/x-ndjson")
        async with (
            httpx.AsyncClient(trust_env=False, timeout=30) as client,
            client.stream("POST", url, json=_body(asked), headers=headers) as reply,
        ):
            async for line in reply.aiter_lines():
                if line.startswith("data: {"):
                    await stage.send(json.dumps(_row(asked["model"], json.loads(line[6:]))).encode() + b"\n")

    return play


def _body(asked: Any) -> dict[str, Any]:
    options = asked["options"]
    form = {"type": "json_schema", "json_schema": {"name": "format", "schema": asked["format"]}}
    return {
        "messages": asked["messages"], "stream": True, "response_format": form, "max_tokens": options["num_predict"],
        "seed": options["seed"], "temperature": options["temperature"],
    }  # fmt: skip


def _row(model: str, chunk: Any) -> dict[str, Any]:
    choice = chunk["choices"][0]
    message = {"role": "assistant", "content": choice["delta"].get("content") or ""}
    row = {"model": model, "created_at": "2026-11-20T10:00:00Z", "message": message, "done": bool(choice["finish_reason"])}
    if choice["finish_reason"]:
        counts = chunk["timings"]
        row |= {"done_reason": choice["finish_reason"]}
        row |= {"prompt_eval_count": counts["prompt_n"], "eval_count": counts["predicted_n"]}
    return row
