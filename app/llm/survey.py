"""A look at many addresses at once: who serves models there, within a second in all, whatever the addresses do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from app.llm.config import NO_SECRET
from app.llm.look import ALL_PORTS, KEYED, Found, Visit, identified
from app.llm.secret import Secret

SECONDS: Final = 1.0
LOOPBACK: Final = "http://127.0.0.1"
NOBODY: Final = "nobody listens"
NO_SERVER: Final = "what listens there serves no models"
LATE: Final = "no answer in time"
KEY_ASKED: Final = "it wants a key"


class Place(NamedTuple):
    """An address that may have a server, and whose it is: a configured provider's name, "" for a usual address."""

    url: str
    name: str = ""
    key: Secret = NO_SECRET


class Sighting(NamedTuple):
    """What was seen at a place; `why` says what is wrong where no server is found, or where it wants a key."""

    place: Place
    found: Found | None
    why: str = ""


def usual_places(ports: Sequence[int] = ALL_PORTS) -> tuple[Place, ...]:
    """Where servers of models listen unless somebody tells them otherwise."""
    return tuple(Place(f"{LOOPBACK}:{port}") for port in ports)


def survey(places: Sequence[Place], seconds: float = SECONDS, now: Callable[[], float] = time.monotonic) -> tuple[Sighting, ...]:
    """What is seen at each place, asked at the same time. At most `seconds` in all, and so long only for those that hang."""
    until = now() + seconds
    seen: dict[int, Sighting] = {}
    threads = [
        threading.Thread(target=_visit, args=(number, place, until, now, seen), daemon=True)
        for number, place in enumerate(places)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - now()))
    return tuple(seen.get(number, Sighting(place, None, LATE)) for number, place in enumerate(places))


def _visit(number: int, place: Place, until: float, now: Callable[[], float], seen: dict[int, Sighting]) -> None:
    key = place.key.reveal()
    visit = Visit(base_of(place.url), until, now, until - now(), f"Authorization: Bearer {key}\r\n" if key else "")
    found = identified(visit, whole=True)
    if found is None:
        why = LATE if now() >= until else NO_SERVER if _listens(visit) else NOBODY
        seen[number] = Sighting(place, None, why)
    else:
        seen[number] = Sighting(place, found, KEY_ASKED if found.server == KEYED else "")


def _listens(visit: Visit) -> bool:
    import socket

    parts = urlsplit(visit.url)
    try:
        address = (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        with socket.create_connection(address, timeout=max(0.001, visit.until - visit.now())):
            return True
    except (OSError, ValueError):
        return False


def base_of(url: str) -> str:
    """An address without the /v1 that people write behind it."""
    return url.rstrip("/").removesuffix("/v1")
