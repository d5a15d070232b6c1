"""Where servers of models are looked for: the addresses that the settings name, else the usual ports of this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.errors import RequestError
from app.llm.look import QUICK_PORTS, Found
from app.llm.survey import Place, Sighting, survey, usual_places
from app.settings import Settings

NOWHERE: Final = ("none", "no", "off")
HERE: Final = "http://127.0.0.1:"


def named_places(chosen: Settings) -> tuple[Place, ...] | None:
    """The addresses of OCTET_LOOK: ports or URLs, between commas. None where it says nothing. Raises RequestError."""
    said = chosen.variables.get("OCTET_LOOK") or chosen.file.get("look", "")
    words = [str(word).strip() for word in (said if isinstance(said, list) else str(said).split(","))]
    words = [word for word in words if word]
    if not words:
        return None
    return () if words[0].lower() in NOWHERE else tuple(Place(_url(word)) for word in words)


def _url(word: str) -> str:
    if word.isdecimal() and 0 < int(word[:6]) < 65536:
        return f"{HERE}{word}"
    if not word.startswith(("http://", "https://")):
        raise RequestError(f'OCTET_LOOK "{word[:60]}": ports or addresses between commas, or none', "look")
    return word


def places(chosen: Settings) -> tuple[Place, ...]:
    """Everywhere that `octet doctor` and `octet serve` look: the servers that are configured, then the usual addresses."""
    from app.settings.models import providers_of

    configured = [
        Place(one.url, one.name, one.key) for one in providers_of(chosen) if one.url and one.kind in ("ollama", "openai")
    ]
    configured = [place for place in configured if _allowed(place)]
    named = named_places(chosen)
    seen = {place.url.rstrip("/").removesuffix("/v1") for place in configured}
    others = usual_places() if named is None else named
    return (*configured, *(place for place in others if place.url.rstrip("/").removesuffix("/v1") not in seen))


def seen_everywhere(chosen: Settings) -> tuple[Found, ...]:
    """The servers that have models, of everywhere; of the one that is named alone, where its models are not."""
    asked = places(chosen)
    return usable(chosen, survey(tuple(place for place in asked if place.name) if chosen.names_local else asked))


def _allowed(place: Place) -> bool:
    """Whether it may be asked, with its key: not by plain http where others listen in. Whoever makes models of it says so."""
    from app.llm.address import is_local, looked_up

    try:
        is_local(place.url, looked_up)
    except RequestError:
        return False
    return place.key.reveal().isprintable()


def usable(chosen: Settings, seen: Sequence[Sighting]) -> tuple[Found, ...]:
    """What of that which was seen the chain is built of: nothing where it is configured, with its models."""
    if chosen.names_local and not chosen.names_no_model:
        return ()
    return tuple(
        one.found for one in seen if one.found is not None and one.found.models and (one.place.name or not chosen.names_local)
    )


def quick_ports(chosen: Settings) -> Sequence[int]:
    """The ports of this machine that the command line looks at."""
    named = named_places(chosen)
    if named is None:
        return QUICK_PORTS
    return tuple(
        int(place.url[len(HERE) :]) for place in named if place.url.startswith(HERE) and place.url[len(HERE) :].isdecimal()
    )
