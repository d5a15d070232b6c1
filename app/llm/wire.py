"""The HTTP client under every provider: no redirects, no proxies of the environment, plain bytes only, and not too many."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial
from importlib import import_module
from types import ModuleType
from typing import Any

from app.errors import ProviderError, RequestError, ToolMissing
from app.llm.address import at_home, is_named, looked_up
from app.llm.config import ProviderSettings
from app.llm.types import Call


def sdk(name: str, extra: str) -> ModuleType:
    """The module of an optional library. Raises ProviderError `missing` that says how to install it."""
    try:
        return import_module(name)
    except ImportError as error:
        absent = isinstance(error, ModuleNotFoundError) and name.startswith(error.name or name)
        lack = ToolMissing(f"{name} {'is not installed' if absent else 'cannot be imported'}: pip install 'octet-music[{extra}]'")
        raise ProviderError(str(lack), "missing") from lack


def http_of(library: ModuleType) -> ModuleType:
    """The HTTP library that an SDK was built on: httpx, or httpx2, which newer ones take."""
    default = getattr(library, "DefaultAsyncHttpxClient", None)
    for base in getattr(default, "__mro__", ()):
        if base.__name__ == "AsyncClient":
            return import_module(base.__module__.partition(".")[0])
    return import_module("httpx")


@asynccontextmanager
async def opened(http: Any, server: ProviderSettings, call: Call) -> AsyncIterator[Any]:  # Any: httpx or httpx2
    """A client for one call of `server`; closing it drops the connection, which is how a server learns that nobody waits."""
    async with http.AsyncClient(transport=transport(http, server, call), trust_env=False) as client:
        yield client


def transport(http: Any, server: ProviderSettings, call: Call) -> Any:
    """What carries the requests, guarded."""
    secure = _trusted() if server.url.startswith("https://") or server.proxy or not server.url else no_trust()
    inner = http.AsyncHTTPTransport(verify=secure, trust_env=False, proxy=server.proxy or None)
    return Guard(http, inner, bool(server.key), call, direct=not server.proxy)


@cache
def _trusted() -> ssl.SSLContext:
    """The system's certificates, read once."""
    context = ssl.create_default_context()
    if not context.get_ca_certs():
        context.load_verify_locations(import_module("certifi").where())
    return context


@cache
def no_trust() -> ssl.SSLContext:
    """For plain http, where reading certificates would be the slowest part: it trusts nobody."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Guard:
    """A transport that refuses what no well-meaning server sends. Its inner one is of httpx or httpx2."""

    def __init__(self, http: Any, inner: Any, keyed: bool, call: Call, *, direct: bool = True) -> None:
        self._http = http
        self._direct = direct  # no proxy looks the names up
        self._inner = inner
        self._keyed = keyed
        self._call = call
        self._steps = {"connect": call.connect_s, "read": call.first_s, "write": call.first_s, "pool": call.first_s}

    async def handle_async_request(self, request: Any) -> Any:
        """The response, its body bounded. Raises ProviderError: `policy`, `protocol`, `too_large`."""
        request.headers["accept-encoding"] = "identity"
        request.extensions["timeout"] = self._steps  # some libraries bound nothing, others everything but connecting
        if not self._keyed:
            request.headers.pop("authorization", None)  # a key that a library found in the environment
        response = await self._sent(request)
        problem = _refused(response, self._call.max_bytes)
        if problem is not None:
            await response.aclose()
            raise problem
        response.stream = _capped_of(self._http)(response.stream, self._call.max_bytes)
        return response

    async def _sent(self, request: Any) -> Any:
        """The response of the first address that answers: of those that were checked, where there was a name to look up."""
        url = str(request.url)
        addresses = await asyncio.to_thread(checked, url, self._call.connect_s) if self._direct and is_named(url) else ()
        refused: Exception | None = None
        for address in addresses:
            request.url = request.url.copy_with(host=address)  # the Host header keeps the name
            try:
                return await self._inner.handle_async_request(request)
            except self._http.ConnectError as error:
                refused = error
        if refused is not None:
            raise refused
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Drop its connections."""
        await self._inner.aclose()

    async def __aenter__(self) -> Guard:
        await self._inner.__aenter__()
        return self

    async def __aexit__(self, *raised: Any) -> None:
        await self._inner.__aexit__(*raised)


@cache
def _capped_of(http: Any) -> Any:
    class Capped(http.AsyncByteStream):  # type: ignore[misc]  # its base is chosen at run time
        def __init__(self, inner: Any, most: int) -> None:
            self._inner = inner
            self._left = most

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for piece in self._inner:
                self._left -= len(piece)
                if self._left < 0:
                    raise ProviderError("the reply is too large", "too_large")
                yield piece

        async def aclose(self) -> None:
            await self._inner.aclose()

    return Capped


def checked(url: str, seconds: float) -> tuple[str, ...]:
    """The addresses to connect to for a name behind plain http, () for any other URL. Raises ProviderError `policy`."""
    try:
        return at_home(url, partial(looked_up, seconds=seconds))
    except RequestError as refusal:
        raise ProviderError(str(refusal), "policy") from refusal


def _refused(response: Any, most: int) -> ProviderError | None:
    if 300 <= response.status_code < 400:
        return ProviderError("it redirects elsewhere, which is not followed", "policy")
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        return ProviderError("it answered compressed, which was not asked for", "protocol")
    length = response.headers.get("content-length", "0")
    if length.isdigit() and int(length[:12]) > most:
        return ProviderError("the reply is too large", "too_large")
    return None
