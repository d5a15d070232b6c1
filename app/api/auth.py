"""Who may do what: every request shows a key, or comes from the person at this machine; what is not allowed is refused."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.caller import LOCAL, PLACE, Caller, KeyBook, KeyRow, caller_of
from app.api.errors import problem
from app.api.limits import Buckets, Rate, headers_of, shared_verdict
from app.api.state import State
from app.errors import StoreError
from app.llm.money import PAYER, Payer
from app.theory.brief import Ask

OPEN: Final = ("/healthz", "/readyz")  # paths that answer anybody
LONGEST: Final = 512  # characters of a key
CHALLENGE: Final = MappingProxyType({"www-authenticate": 'Bearer realm="octet"'})
NO_KEY: Final = "show a key: Authorization: Bearer ..., made by octet keys create"
BAD_KEY: Final = "the key is not one that is valid here"
NO_STORE: Final = "keys cannot be looked up at the moment: ask again"
SCOPE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {  # a route's tag → what its callers need; a route with another tag needs `admin`
        "generate": "generate",
        "harmony": "generate",
        "genres": "read",
        "generations": "read",
        "models": "read",
        "health": "",
        "service": "admin",
    }
)
READING: Final = ("GET", "HEAD")


class Guest(NamedTuple):
    """A caller, how often they may ask, and who pays for the models they have asked; None for nobody's limit."""

    caller: Caller
    rate: Rate | None
    payer: Payer | None


class Doorkeeper:
    """A layer of the application: nothing behind it is reached by those whom it does not know, whatever is added there."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app, self._state, self._buckets = app, state, Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, with who sent it in its scope, or refuse it with status 401, 429 or 503."""
        if scope["type"] != "http" or scope["path"] in OPEN:
            await self._app(scope, receive, send)
            return
        try:
            guest = await self._guest(Headers(scope=scope))
            scope[PLACE] = guest.caller
            marks = await self._marks(guest)
        except HTTPException as error:
            await problem(error.status_code, error.detail, headers=dict(error.headers or {}))(scope, receive, send)
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = marks | await self._left(guest)
                if said:
                    MutableHeaders(scope=message).update(said)
            await send(message)

        token = PAYER.set(guest.payer)
        try:
            await self._app(scope, receive, send_marked)
        finally:
            PAYER.reset(token)

    async def _guest(self, headers: Headers) -> Guest:
        """Who shows this. Raises HTTPException 401, 503."""
        serving, shown = self._state.serving, list(_shown(headers))
        if not shown and not serving.require_keys:
            return Guest(LOCAL, Rate(serving.per_minute, serving.burst) if serving.limit_local else None, None)
        if len(shown) != 1:
            raise HTTPException(401, BAD_KEY if shown else NO_KEY, dict(CHALLENGE))
        key = await self._looked_up(shown[0]) if 0 < len(shown[0]) <= LONGEST else None
        if key is None:
            raise HTTPException(
                401, BAD_KEY, dict(CHALLENGE) | {"www-authenticate": 'Bearer realm="octet", error="invalid_token"'}
            )
        rate = Rate(key.rate_per_minute or serving.per_minute, key.burst or serving.burst)
        day = serving.day_usd if key.budget_day_usd is None else key.budget_day_usd
        month = serving.month_usd if key.budget_month_usd is None else key.budget_month_usd
        return Guest(Caller(key.owner, key.scopes, key.id), rate, Payer(key.id, day, month, "cloud" in key.scopes))

    async def _looked_up(self, secret: str) -> KeyRow | None:
        keys: KeyBook | None = self._state.keys
        if keys is None:
            return None
        try:
            return await keys.find(secret)
        except StoreError:
            raise HTTPException(503, NO_STORE, {"retry-after": "2"}) from None

    async def _marks(self, guest: Guest) -> dict[str, str]:
        """Headers that say how often more may be asked. Raises HTTPException 429."""
        if guest.rate is None:
            return {}
        subject, shared = guest.caller.key_id, self._state.usage
        verdict = self._buckets.take(subject, guest.rate)
        if verdict.allowed and shared is not None and self._state.serving.workers > 1:
            verdict = await shared_verdict(shared, subject, guest.rate, time.time()) or verdict
        headers = headers_of(verdict, guest.rate)
        if not verdict.allowed:
            raise HTTPException(429, f"too many requests: ask again in {headers['retry-after']} s", headers)
        return headers

    async def _left(self, guest: Guest) -> dict[str, str]:
        """Headers that say how much may still be spent, for a key with a budget."""
        payer = guest.payer
        if payer is None or (payer.day_usd is None and payer.month_usd is None):
            return {}
        llm = await self._state.llm_for(Ask(""))
        whole = {"day": payer.day_usd, "month": payer.month_usd}  # nothing is spent where there are no models
        left = await llm.left(payer) if llm is not None else {word: usd for word, usd in whole.items() if usd is not None}
        return {f"x-octet-budget-{period}": f"{usd:.4f}" for period, usd in left.items()}


def _shown(headers: Headers) -> Iterable[str]:
    """Every key that a request shows; "" for an Authorization of another kind."""
    for value in headers.getlist("authorization"):
        kind, _, secret = value.strip().partition(" ")
        yield secret.strip() if kind.lower() == "bearer" else ""
    yield from (value.strip() for value in headers.getlist("x-api-key"))


async def authorized(request: Request) -> None:
    """The dependency of every route: refuse a caller whose key lacks what the route needs. Raises HTTPException 403."""
    needed = needed_scope(getattr(request.scope.get("route"), "tags", ()), request.method)
    if needed and needed not in caller_of(request).scopes:
        raise HTTPException(403, f'the key may not do this: it needs the scope "{needed}"')


def needed_scope(tags: Iterable[object], method: str) -> str:
    """What a route's callers need; "" for nothing. What changes or makes something is never only reading."""
    scopes = {SCOPE_OF.get(str(tag), "admin") for tag in tags} or {"admin"}
    needed = "admin" if "admin" in scopes else min(scopes)
    return "generate" if needed == "read" and method not in READING else needed
