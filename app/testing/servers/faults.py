"""Every way in which a server of models is known to fail: an act, and the kind of fault that it must be taken for."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from app.testing.servers.dialects import Dialect, Said, speak
from app.testing.servers.loopback import Act, Stage

RETRY_INFO: Final = {  # as Gemini says for how long it wants to be left alone
    "error": {
        "code": 429, "message": "Resource has been exhausted.", "status": "RESOURCE_EXHAUSTED",
        "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"}],
    }
}  # fmt: skip
CANARY: Final = "sk-canary/0123+456789"
Play = Callable[[Stage, Dialect], Awaitable[None]]


class Fault(NamedTuple):
    """`kind` as every dialect shows it, but for those in `other`; `slow` ones end by a deadline only."""

    kind: str
    play: Play
    slow: bool = False
    other: Mapping[str, str] = MappingProxyType({})


def act(fault: Fault, dialect: Dialect) -> Act:
    """The fault as this dialect's server plays it. What is asked beside the answer (loaded models) is answered well."""

    async def play(stage: Stage) -> None:
        if stage.asked.path == "/api/ps":
            await stage.whole(200, {"models": [{"name": "model-1", "model": "model-1"}]})
        else:
            await fault.play(stage, dialect)

    return play


def healthy(dialect: Dialect) -> Act:
    """A server in its best health."""
    return act(Fault("", said()), dialect)


def said(**how: object) -> Play:
    async def play(stage: Stage, dialect: Dialect) -> None:
        await speak(stage, dialect, Said(**how))  # type: ignore[arg-type]

    return play


def status(code: int, text: str = "no", **headers: str) -> Play:
    async def play(stage: Stage, _: Dialect) -> None:
        body = {"error": {"code": code, "message": text, "status": "X", "type": "x"}}
        await stage.whole(code, body, **headers)

    return play


def whole(code: int, body: object) -> Play:
    async def play(stage: Stage, _: Dialect) -> None:
        await stage.whole(code, body)

    return play


def raw(data: bytes, content_type: str = "", **headers: str) -> Play:
    async def play(stage: Stage, dialect: Dialect) -> None:
        await stage.head(200, content_type or dialect.content_type, **headers)
        await stage.send(data)

    return play


async def hang(_: Stage, __: Dialect) -> None:
    await asyncio.sleep(60)


async def head_drip(stage: Stage, _: Dialect) -> None:
    await stage.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(2000):
        await stage.send(b"x-%d: y\r\n" % number)
        await asyncio.sleep(0.03)


async def body_hang(stage: Stage, dialect: Dialect) -> None:
    await stage.head(200, dialect.content_type)
    await stage.send(dialect.lines(Said())[0])
    await asyncio.sleep(60)


async def comment_drip(stage: Stage, dialect: Dialect) -> None:
    await stage.head(200, dialect.content_type)
    for _ in range(2000):
        await stage.send(b": wait\n\n" if "event-stream" in dialect.content_type else b" ")
        await asyncio.sleep(0.03)


async def reset(stage: Stage, _: Dialect) -> None:
    stage.reset()


async def closed(_: Stage, __: Dialect) -> None:
    return


async def body_reset(stage: Stage, dialect: Dialect) -> None:
    await stage.head(200, dialect.content_type)
    await stage.send(dialect.lines(Said())[0])
    await asyncio.sleep(0.02)
    stage.reset()


async def body_short(stage: Stage, dialect: Dialect) -> None:
    await stage.head(200, dialect.content_type, content_length="5000")
    await stage.send(dialect.lines(Said())[0])


async def compressed(stage: Stage, dialect: Dialect) -> None:
    whole = json.dumps(dialect.reply(Said())).encode() if dialect.reply else b"".join(dialect.lines(Said()))
    await stage.head(200, dialect.content_type, content_encoding="gzip")
    await stage.send(gzip.compress(whole))


async def slowly(stage: Stage, dialect: Dialect) -> None:
    await asyncio.sleep(0.1)
    await speak(stage, dialect, Said())


async def endless(stage: Stage, dialect: Dialect) -> None:
    await stage.head(200, dialect.content_type)
    line = dialect.lines(Said(pieces=("abcdefghijklmnopqrstuvwxyz-0123456789" * 400,), ended=False))[0]
    while True:
        await stage.send(line)


FAULTS: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        "hang": Fault("timeout", hang, slow=True),
        "head drip": Fault("timeout", head_drip, slow=True),
        "body hang": Fault("timeout", body_hang, slow=True),
        "comment drip": Fault("timeout", comment_drip, slow=True, other={"gemini": "protocol"}),
        "reset": Fault("server", reset),
        "closed": Fault("server", closed),
        "body reset": Fault("server", body_reset),
        "body short": Fault("server", body_short),
        "400": Fault("request", status(400)),
        "401": Fault("auth", status(401)),
        "401 with the key": Fault("auth", status(401, f"bad key {CANARY}")),
        "402": Fault("quota", status(402)),
        "403": Fault("auth", status(403)),
        "404": Fault("model", status(404, "model 'model-1' not found")),
        "408": Fault("timeout", status(408)),
        "413": Fault("request", status(413)),
        "longer than its context": Fault("request", status(400, "exceed_context_size_error: 9000 tokens of 4096")),
        "429": Fault("rate", status(429)),
        "429 in an hour": Fault("rate", status(429, retry_after="3600")),
        "429 for a moment": Fault("rate", status(429, retry_after="0.5")),
        "429 until a date": Fault("rate", status(429, retry_after="Wed, 21 Oct 2026 07:28:00 GMT")),
        "429 in the past": Fault("rate", status(429, retry_after="-5")),
        "429 in junk": Fault("rate", status(429, retry_after="soon")),
        "429 in Google's words": Fault("rate", whole(429, RETRY_INFO)),
        "429 without credit": Fault("quota", status(429, "insufficient_quota: check your plan")),
        "500": Fault("server", status(500)),
        "502 page": Fault("server", status(502, "<html>")),
        "503": Fault("overload", status(503, "server busy, please try again. maximum pending requests exceeded")),
        "503 for a moment": Fault("overload", status(503, retry_after="1")),
        "503 in an hour": Fault("overload", status(503, retry_after="3600")),
        "504": Fault("timeout", status(504)),
        "529": Fault("server", status(529)),
        "redirect": Fault("policy", status(307, location="http://127.0.0.1:9/steal")),
        "page": Fault("protocol", raw(b"<html><body>Welcome to the hotel network</body></html>", "text/html")),
        "bad json": Fault("protocol", raw(b'data: {"choices": [{"delta"\n\n')),
        "nothing in it": Fault("protocol", raw(b"data: {}\n\n")),
        "deep": Fault("protocol", raw(b"data: " + b"[" * 200_000 + b"\n\n")),
        "bad utf-8": Fault("protocol", raw(b'{"\xff\xfe": ')),
        "empty": Fault("protocol", raw(b""), other={"ollama": "server"}),
        "gzip": Fault("protocol", compressed),
        "announced 2 MB": Fault("too_large", raw(b"x", content_length="2000000")),
        "endless": Fault("too_large", endless),
        "error in a 200": Fault("server", said(error=True), other={"gemini": "overload", "gemini-legacy": "protocol"}),
        "cut off": Fault("server", said(ended=False)),
        "at its longest": Fault("content", said(finish="length")),
        "declined": Fault("content", said(finish="refusal"), other={"ollama": ""}),
        "thoughts alone": Fault("content", said(pieces=("",), thinking='{"bars": []}')),
        "nothing said": Fault("content", said(pieces=("", "  \n"))),
        "whitespace": Fault("content", said(pieces=('{"bars":[', *["\n    "] * 200))),
        "a loop": Fault("content", said(pieces=("{", *["]]]]"] * 200))),
        "another model": Fault("model", said(model="tiny-7b"), other={"gemini-legacy": ""}),
        "no usage": Fault("", said(usage=False)),
        "slow to begin": Fault("", slowly),
    }
)
