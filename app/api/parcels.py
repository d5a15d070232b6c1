"""What goes to a worker process and back: functions with their arguments, results and errors, as bytes.

A genre's service and the registry travel as their names: whoever unpacks them takes its own.
"""

from __future__ import annotations

import io
import pickle
import traceback
from collections.abc import Callable
from typing import IO, Any, Final, NamedTuple

from app.errors import OctetError, WorkLost
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.registry import Registry
from app.services.runtime import Runtime

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


def service_here(name: str, strategy: str) -> BaseGenreGenerator:
    """This process's service of a genre, without models. Raises UnknownGenre."""
    home = _homes[0]
    if name not in home.services:
        home.services[name] = home.registry.service(name, Runtime(strategy, home.cache_folder))
    found = home.services[name]
    return found if found.runtime.strategy == strategy else found.within(found.runtime._replace(strategy=strategy))


def registry_here() -> Registry:
    """This process's genres."""
    return _homes[0].registry


class _Packer(pickle.Pickler):
    def reducer_override(self, thing: Any) -> Any:  # Any: whatever is packed
        if isinstance(thing, BaseGenreGenerator):
            return service_here, (thing.name, thing.runtime.strategy)
        if isinstance(thing, Registry):
            return registry_here, ()
        return NotImplemented


def packed(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    """A piece of work. The function is one that a worker can import, or a method of a service."""
    held = io.BytesIO()
    _Packer(held, PROTOCOL).dump((function, arguments))
    return held.getvalue()


def worked(parcel: bytes) -> bytes:
    """The work done here: a packed result, or the packed error that it raised."""
    from app.services.runtime import run_straight

    try:
        function, arguments = pickle.loads(parcel)  # noqa: S301, RUF100 - from the process that started this one
        made = function(*arguments)
        return pickle.dumps((True, run_straight(made) if hasattr(made, "send") else made), PROTOCOL)
    except Exception as error:  # noqa: BLE001 - it is raised again where the work was asked for
        return _failed(error)


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
        reply = pickle.dumps((False, error), PROTOCOL)
        pickle.loads(reply)  # noqa: S301, RUF100 - our own bytes: many errors cannot be made again from what they keep
    except Exception:  # noqa: BLE001 - a stranger's error may fail in any way
        return pickle.dumps((False, WorkLost(f"{type(error).__name__}: {error}")), PROTOCOL)
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
