"""Servers of models as people run them: they list what they have, and answer questions in their own wire format."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from app.testing.servers.dialects import DIALECTS, Said, speak
from app.testing.servers.loopback import Act, Stage

Say = Callable[[Any], str]  # from a question, as it came over the wire, to the answer's text
PIECE: Final = 200  # characters of a streamed piece


def saying(text: str) -> Say:
    """The same answer to every question."""
    return lambda _: text


def ollama(models: Mapping[str, Say], loaded: tuple[str, ...] | None = None, pulled: Say | None = None) -> Act:
    """Ollama with these models, by their tags; `loaded` are in memory (None: all). What `pull` brings answers like `pulled`."""
    there = dict(models)

    async def play(stage: Stage) -> None:
        path = stage.asked.path
        rows = [{"name": name, "model": name, "size": 2_200_000_000} for name in there]
        if path == "/api/version":
            await stage.whole(200, {"version": "0.32.9"})
        elif path == "/api/tags":
            await stage.whole(200, {"models": rows})
        elif path == "/api/ps":
            await stage.whole(200, {"models": [row for row in rows if loaded is None or row["name"] in loaded]})
        elif path == "/api/pull" and stage.asked.method == "POST":
            await _pull(stage, there, pulled)
        elif path == "/api/generate":
            await stage.whole(200, {"model": stage.asked.json["model"], "created_at": "x", "response": "", "done": True})
        elif path == "/api/chat" and stage.asked.method == "POST":
            await _chat(stage, there)
        else:
            await stage.whole(404, b"404 page not found", "text/plain")

    return play


async def _chat(stage: Stage, there: Mapping[str, Say]) -> None:
    asked = stage.asked.json
    name = next((name for name in there if name.removesuffix(":latest") == asked["model"].removesuffix(":latest")), None)
    if name is None:
        await stage.whole(404, {"error": f"model '{asked['model']}' not found"})
    else:
        await _said(stage, "ollama", there[name](asked), asked["model"])


async def _pull(stage: Stage, there: dict[str, Say], pulled: Say | None) -> None:
    name = stage.asked.json["model"]
    if pulled is None:
        await stage.whole(200, {"error": "pull model manifest: file does not exist"}, "application/x-ndjson")
        return
    steps: list[dict[str, Any]] = [{"status": "pulling manifest"}]
    steps += [
        {"status": "pulling 633fc5be925f", "digest": "sha256:633f", "total": 1000, "completed": done} for done in (0, 400, 1000)
    ]
    steps += [{"status": "verifying sha256 digest"}, {"status": "success"}]
    await stage.head(200, "application/x-ndjson")
    for step in steps:
        await stage.send(json.dumps(step).encode() + b"\n")
    there[name if ":" in name else f"{name}:latest"] = pulled


def lm_studio(models: Mapping[str, Say], loaded: tuple[str, ...] = ()) -> Act:
    """LM Studio: a path that it does not know is a 200 with an error in it."""

    async def play(stage: Stage) -> None:
        path = stage.asked.path
        if path == "/api/v0/models":
            rows = [{"id": name, "type": "llm", "state": "loaded" if name in loaded else "not-loaded"} for name in models]
            await stage.whole(200, {"object": "list", "data": rows})
        elif not await _openai(stage, models, "organization_owner"):
            await stage.whole(200, {"error": f"Unexpected endpoint or method. ({stage.asked.method} {path})"})

    return play


def openai_like(models: Mapping[str, Say], owner: str = "llamacpp", key: str = "") -> Act:
    """Another server with OpenAI's API: llama.cpp (`llamacpp`), vLLM (`vllm`). With a `key` it answers nobody without it."""

    async def play(stage: Stage) -> None:
        if key and stage.asked.headers.get("authorization") != f"Bearer {key}":
            await stage.whole(401, {"error": {"message": "Invalid API Key", "type": "authentication_error", "code": 401}})
        elif stage.asked.path == "/version" and owner == "vllm":
            await stage.whole(200, {"version": "0.12.0"})
        elif not await _openai(stage, models, owner):
            await stage.whole(404, {"error": {"message": "File Not Found", "type": "not_found_error", "code": 404}})

    return play


async def _openai(stage: Stage, models: Mapping[str, Say], owner: str) -> bool:
    """Answer what all of them know. Returns whether it was that."""
    if stage.asked.path == "/v1/models":
        await stage.whole(
            200, {"object": "list", "data": [{"id": name, "object": "model", "owned_by": owner} for name in models]}
        )
    elif stage.asked.path == "/v1/chat/completions" and stage.asked.method == "POST":
        asked = stage.asked.json
        name = asked["model"] if asked["model"] in models else next(iter(models))
        await _said(stage, "openai", models[name](asked), name)
    else:
        return False
    return True


def gemini(say: Say, key: str = "") -> Act:
    """Gemini: any of its models, which is in the path. With a `key` it answers nobody without it."""

    async def play(stage: Stage) -> None:
        model, _, method = stage.asked.path.partition("?")[0].rpartition("/")[2].partition(":")
        if key and stage.asked.headers.get("x-goog-api-key") != key:
            await stage.whole(400, {"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}})
        elif method in ("streamGenerateContent", "generateContent"):
            await _said(stage, "gemini" if method.startswith("stream") else "gemini-legacy", say(stage.asked.json), model)
        else:
            await stage.whole(404, {"error": {"code": 404, "message": "not found", "status": "NOT_FOUND"}})

    return play


async def _said(stage: Stage, dialect: str, text: str, model: str) -> None:
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)] or [""]
    await speak(stage, DIALECTS[dialect], Said(pieces=pieces, model=model))
