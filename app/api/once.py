"""`Idempotency-Key`: whoever repeats a request gets the answer that was given, for a day; it is made once however many ask.

As draft-ietf-httpapi-idempotency-key-header has it: a key that came with another request is refused (422); a repetition that
comes while the answer is being made waits for it, and is refused (409) only where another process takes too long over it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, NamedTuple

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from app.api.caller import caller_of
from app.api.presence import ClientGone
from app.errors import StoreError
from app.store.answers import UNDER_WAY, Answer, Answers

LOG: Final = logging.getLogger("octet.store")
NAME: Final = "idempotency-key"
LONGEST: Final = 255
AGAIN_S: Final = 0.1  # between two looks at what another process makes
MARGIN_S: Final = 15.0  # that whoever makes an answer may be late before another does
NOT_OWN: Final = ("content-length", "date")  # headers that each answer has anew
REUSED: Final = "this Idempotency-Key came with another request: use a new one"
BUSY: Final = "the first request with this Idempotency-Key is still under way: ask again later"
Make = Callable[[], Awaitable[Response]]


class _UnderWay(NamedTuple):
    """An answer that this process makes: None in the end where none was made."""

    digest: str
    answer: asyncio.Future[Answer | None]


class Once:
    """The answers of a service."""

    def __init__(self, answers: Answers, deadline_s: float = 60.0) -> None:
        self._answers, self._deadline_s = answers, deadline_s
        self._under_way: dict[tuple[str, str], _UnderWay] = {}

    async def __call__(self, request: Request, make: Make) -> Response:
        """What `make` answers, or what it answered to the same key before.

        Answers of status 2xx are kept; after an error, or an answer that is a stream, the key is free again.
        Raises HTTPException 400 for a key that is none, 422 for one of another request, 409 for one that stays under way.
        """
        key = _key_of(request)
        if not key:
            return await make()
        place, digest = (caller_of(request).owner, key), await _digest(request)
        while found := self._under_way.get(place):
            _same(found.digest, digest)
            answer = await asyncio.shield(found.answer)
            if answer is not None:
                return _given_again(answer)
        mine = _UnderWay(digest, asyncio.get_running_loop().create_future())
        self._under_way[place] = mine
        try:
            return await self._answered(place, mine, make)
        except ClientGone:
            raise  # others who asked the same are still there: one of them makes it
        except Exception as error:
            mine.answer.set_exception(error)  # all who asked the same are told the same
            mine.answer.exception()
            raise
        finally:
            del self._under_way[place]
            if not mine.answer.done():
                mine.answer.set_result(None)

    async def _answered(self, place: tuple[str, str], mine: _UnderWay, make: Make) -> Response:
        before = await self._before(place, mine.digest)
        if before is not None:
            mine.answer.set_result(before)
            return _given_again(before)
        kept = False
        try:
            response = await make()
            answer = _answer_of(response, mine.digest)
            if answer is not None:
                kept = await self._keep(place, answer, response.headers.get("x-octet-id", ""))
                mine.answer.set_result(answer)
            return response
        finally:
            if not kept:
                with suppress(StoreError):
                    await asyncio.shield(self._answers.give_up(*place))

    async def _before(self, place: tuple[str, str], digest: str) -> Answer | None:
        """What was answered before, by whichever process; None: it is ours to make. Where nothing can be kept it is ours too."""
        until = time.monotonic() + self._deadline_s + MARGIN_S
        while True:
            try:
                found = await self._answers.begin(*place, digest, self._deadline_s + MARGIN_S)
            except StoreError as error:
                LOG.warning("a key is known to this process alone: %s", error)
                return None
            if found is None:
                return None
            _same(found.digest, digest)
            if found.status != UNDER_WAY:
                return found
            if time.monotonic() > until:
                raise HTTPException(409, BUSY, {"Retry-After": "1"})
            await asyncio.sleep(AGAIN_S)

    async def _keep(self, place: tuple[str, str], answer: Answer, made: str) -> bool:
        try:
            await self._answers.finish(*place, answer, made)
        except StoreError as error:
            LOG.warning("an answer cannot be repeated later: %s", error)
            return False
        return True


def _key_of(request: Request) -> str:
    """The key, without the quotation marks of a structured header. Raises HTTPException 400."""
    given = request.headers.getlist(NAME)
    if not given:
        return ""
    key = given[0].strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if len(given) > 1 or not 0 < len(key) <= LONGEST or not all(" " <= letter <= "~" for letter in key):
        raise HTTPException(400, f"Idempotency-Key: one text of 1 to {LONGEST} printable ASCII characters, such as a UUID")
    return key


async def _digest(request: Request) -> str:
    """Of all that makes one request another."""
    about = [request.method, request.url.path, request.url.query, request.headers.get("accept", "")]
    return hashlib.sha256("\n".join(about).encode() + b"\n" + await request.body()).hexdigest()


def _same(one: str, other: str) -> None:
    """Raises HTTPException 422 for digests of two requests."""
    if one != other:
        raise HTTPException(422, REUSED)


def _answer_of(response: Response, digest: str) -> Answer | None:
    """A response as it can be given again; None for an error and for a stream."""
    body = getattr(response, "body", None)
    if not isinstance(body, bytes) or not 200 <= response.status_code < 300:
        return None
    own = {name: value for name, value in response.headers.items() if name not in NOT_OWN}
    return Answer(digest, response.status_code, json.dumps(own), body)


def _given_again(answer: Answer) -> Response:
    headers = {**json.loads(answer.headers), "idempotency-replayed": "true"}
    return Response(answer.body, answer.status, headers)
