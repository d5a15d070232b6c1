"""A piece made again from its own file: one part anew, one section of it, or several variations, the rest as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any, Final

from app import __version__
from app.errors import RequestError
from app.render.origin import origin_of
from app.theory.brief import LIMITS, Ask

NOT_OURS: Final = "holds no request: only files that Octet wrote can be made again"
TUPLES: Final = ("parts", "with_parts", "without_parts")


def ask_of_file(data: bytes) -> tuple[Ask, tuple[str, ...]]:
    """The request that a file of ours says it was made by, with its seed, and what a person should know.

    Raises RequestError for a file without one, MidiError for bytes that are no MIDI file. Its fields are checked like any other's
    when the piece is made.
    """
    origin = origin_of(data)
    request = origin.get("request") if origin else None
    if not isinstance(origin, Mapping) or not isinstance(request, Mapping):
        raise RequestError(f"the file {NOT_OURS}")
    unknown = sorted(str(name) for name in request if name not in Ask._fields)
    if unknown or not isinstance(request.get("genre"), str):
        raise RequestError(f"the file's request cannot be read: {', '.join(unknown) or 'it names no genre'}")
    version = origin.get("version")
    notes = () if version == __version__ else (f"made by version {version}, now {__version__}: other parts may differ too",)
    return Ask(**_fields(request))._replace(seed=_seed(origin.get("seed"))), notes


def _fields(request: Mapping[str, Any]) -> dict[str, Any]:  # a stranger's JSON: every field is checked again by understanding
    given = dict(request)
    for name in TUPLES:
        given[name] = tuple(str(part) for part in given.get(name) or ())
    given["reseed"] = tuple((str(name), seed) for name, seed in given.get("reseed") or ())
    for name in ("description", "key", "application", "time_signature", "chords", "form", "strategy", "model", "made"):
        if given.get(name) is not None and not isinstance(given[name], str):
            raise RequestError(f"the file's request cannot be read: {name} is no text")
    return given


def _seed(value: object) -> int:
    low, high = LIMITS["seed"]
    if not isinstance(value, int) or not low <= value <= high:
        raise RequestError("the file's request cannot be read: its seed is none")
    return value


def regenerated(ask: Ask, parts: Iterable[str], section: str, seed: int) -> Ask:
    """The request that makes these parts anew, in one section of them if one is named, and all else as it was."""
    targets = [f"{part}@{section}" if section else part for part in parts]
    kept = [(name, value) for name, value in ask.reseed if name not in targets]
    return ask._replace(reseed=(*kept, *((target, seed) for target in targets)))


def varied(ask: Ask, roles: Iterable[str], locked: Iterable[str], number: int) -> Ask:
    """The `number`-th variation (from 1): same harmony and form, every part that is not locked played anew."""
    chance = Random(f"vary:{ask.seed}:{number}")  # noqa: S311 - music, not secrets
    kept = set(locked)
    fresh = {role: chance.getrandbits(31) for role in roles}
    reseed = {**dict(ask.reseed), **{role: seed for role, seed in fresh.items() if role not in kept}}
    return ask._replace(reseed=tuple(reseed.items()))
