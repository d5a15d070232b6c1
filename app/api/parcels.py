"""What goes to a worker process and back: functions with their arguments, results and errors, as bytes.

A genre's service and the registry travel as their names: whoever unpacks them takes its own.
"""

from __future__ import annotations

import io
import pickle
import traceback
from collections.abc import Callable
from types import MappingProxyType
from typing import IO, Any, Final, NamedTuple

from app.errors import OctetError, WorkLost
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.genre import Genre
from app.services.registry import Registry
from app.services.runtime import Runtime, run_straight
from app.services.scale import USUAL, Scale

LENGTH: Final = 8  # bytes before each parcel that say how long it is
PROTOCOL: Final = 5


class Home(NamedTuple):
    """What a process has of its own."""

    registry: Registry
    services: dict[str, BaseGenreGenerator]
    cache_folder: str = ""


_homes: list[Home] = []  # this process's, once it is a worker


def settle(home: Home) -> None:
    """Have what is unpacked from now on find its services here."""
    _homes[:] = [home]


def service_here(name: str, strategy: str, scale: Scale = USUAL) -> BaseGenreGenerator:
    """This process's service of a genre, without models. Raises UnknownGenre."""
    home = _homes[0]
    if name not in home.services:
        home.services[name] = home.registry.service(name, Runtime(strategy, home.cache_folder))
    found = home.services[name]
    own = found.runtime
    return found if (own.strategy, own.scale) == (strategy, scale) else found.within(own._replace(strategy=strategy, scale=scale))


def genre_here(name: str) -> Genre:
    """This process's tables of a genre. Raises UnknownGenre."""
    return service_here(name, Runtime().strategy).genre


def fixed(rows: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """A table that nobody changes."""
    return MappingProxyType(rows)


def registry_here() -> Registry:
    """This process's genres."""
    return _homes[0].registry


class _Packer(pickle.Pickler):
    def reducer_override(self, thing: Any) -> Any:  # Any: whatever is packed
        if isinstance(thing, BaseGenreGenerator):
            return service_here, (thing.name, thing.runtime.strategy, thing.runtime.scale)
        if isinstance(thing, Genre):
            return genre_here, (thing.name,)
        if isinstance(thing, Registry):
            return registry_here, ()
        if isinstance(thing, MappingProxyType):
            return fixed, (dict(thing),)
        return NotImplemented


def packed(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    """A piece of work. The function is one that a worker can import, or a method of a service."""
    return _packed((function, arguments))


def _packed(thing: Any) -> bytes:  # Any: whatever travels
    held = io.BytesIO()
    _Packer(held, PROTOCOL).dump(thing)
    return held.getvalue()


def worked(parcel: bytes) -> bytes:
    """The work done here: a packed result, or the packed error that it raised."""
    try:
        function, arguments = pickle.loads(parcel)  # noqa: S301, RUF100 - from the process that started this one
        return _packed((True, worked_here(function, arguments)))
    except Exception as error:  # noqa: BLE001 - it is raised again where the work was asked for
        return _failed(error)


def worked_here(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """What the function returns, or its coroutine, which waits for nothing. Raises what it raises."""
    made = function(*arguments)
    return run_straight(made) if hasattr(made, "send") else made


def result_of(reply: bytes) -> Any:
    """What the work gave. Raises what it raised."""
    good, value = pickle.loads(reply)  # noqa: S301, RUF100 - from a worker that this process started
    if not good:
        raise value
    return value


def _failed(error: Exception) -> bytes:
    """The error itself where it can travel; of what is not raised on purpose, with the lines of code that raised it."""
    if not isinstance(error, OctetError):
        error.add_note("".join(traceback.format_exception(error)))
    try:
        reply = _packed((False, error))
        pickle.loads(reply)  # noqa: S301, RUF100 - our own bytes: many errors cannot be made again from what they keep
    except Exception:  # noqa: BLE001 - a stranger's error may fail in any way
        return _packed((False, WorkLost(f"{type(error).__name__}: {error}")))
    return reply


def write_parcel(file: IO[bytes], parcel: bytes) -> None:
    """Send it. Raises OSError when the other side is gone."""
    file.write(len(parcel).to_bytes(LENGTH, "little") + parcel)
    file.flush()


def read_parcel(file: IO[bytes]) -> bytes:
    """The next one. Raises EOFError when the other side is gone."""
    length = int.from_bytes(_exactly(file, LENGTH), "little")
    return _exactly(file, length)


def _exactly(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise EOFError
    return data
