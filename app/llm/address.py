"""Where a server is, by its address: this machine, a private network, or elsewhere; and which addresses are refused."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

from app.errors import RequestError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str], Sequence[str]]
SHARED: Final = ipaddress.ip_network("100.64.0.0/10")  # carrier-grade and overlay networks
CLOUD_TAGS: Final = ("cloud",)  # Ollama's tags of models that run elsewhere: gpt-oss:120b-cloud, qwen3.5:cloud


def is_local(url: str, resolve: Resolve) -> bool:
    """Whether `url` is on loopback or a private address. Raises RequestError for an address that is not allowed at all.

    Names behind https are taken to be elsewhere without being looked up. Plain http is for loopback and private ones only.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise RequestError(f'server address "{_shown(url)}": must begin with http:// or https://', "url")
    addresses = _addresses(host, parts.scheme, resolve)
    for address in addresses:
        _refuse(address, url)
    local = bool(addresses) and all(_near(address) for address in addresses)
    if parts.scheme == "http" and not local:
        at = _shown(url)
        raise RequestError(f'server address "{at}": plain http is for this machine and private networks; use https', "url")
    return local


def at_home(url: str, resolve: Resolve) -> tuple[str, ...]:
    """The addresses to connect to for a name behind plain http, looked up now and all of them near; () for any other URL.

    A name that was near when settings were read may lead elsewhere by now: whoever connects must connect to what was checked.
    Raises RequestError for a name that leads elsewhere, or nowhere.
    """
    if not is_named(url):
        return ()
    found = _addresses(urlsplit(url).hostname or "", "http", resolve)
    for address in found:
        _refuse(address, url)
    if not found or not all(_near(address) for address in found):
        where = "leads elsewhere now" if found else "has no address now"
        raise RequestError(f'server address "{_shown(url)}": {where}, and plain http is for private networks', "url")
    return tuple(str(address) for address in found)


def is_named(url: str) -> bool:
    """Whether `url` is plain http to a name that must be looked up."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "http" and host != "localhost" and not host.endswith(".localhost") and not _is_address(host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def runs_elsewhere(kind: str, model: str) -> bool:
    """Whether a local server only passes this model's questions on: Ollama's `:cloud` tags."""
    return kind == "ollama" and model.rpartition(":")[2].endswith(CLOUD_TAGS) and ":" in model


def looked_up(host: str, seconds: float = 1.0) -> Sequence[str]:
    """The addresses of a name, or none when it has none or `seconds` pass."""
    import socket
    import threading

    found: list[str] = []

    def look() -> None:
        try:
            found.extend(str(row[4][0]) for row in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
        except OSError:
            return

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(seconds)
    return tuple(found)


def _addresses(host: str, scheme: str, resolve: Resolve) -> list[Address]:
    if host == "localhost" or host.endswith(".localhost"):
        return [ipaddress.ip_address("127.0.0.1")]
    try:
        return [_plain(ipaddress.ip_address(host))]
    except ValueError:
        return [_plain(ipaddress.ip_address(text.partition("%")[0])) for text in resolve(host)] if scheme == "http" else []


def _plain(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _near(address: Address) -> bool:
    return address.is_loopback or address.is_private or (address.version == 4 and address in SHARED)


def _refuse(address: Address, url: str) -> None:
    if address.is_link_local or address.is_unspecified or address.is_multicast:
        raise RequestError(f'server address "{_shown(url)}": {address} is no server\'s own address', "url")


def _shown(url: str) -> str:
    """The URL without what may be secret in it: user, password, query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}"[:80] if parts.hostname else url.partition("?")[0].rpartition("@")[2][:80]
