"""Which genres there are: found by entry point, imported when asked for, and what is broken with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from app.errors import GenreFileError, UnknownGenre
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.installed import EntryPoint, installed
from app.services.nearest import did_you_mean
from app.services.runtime import Runtime


class Registry(NamedTuple):
    """The genres of this environment by name. `broken` says what was left out and why; names are `genre (package)`."""

    points: Mapping[str, EntryPoint]
    broken: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """Every genre that is registered, Octet's own first."""
        return tuple(self.points)

    def service(self, name: str, runtime: Runtime | None = None) -> BaseGenreGenerator:
        """The genre's service; imports its package alone. Raises UnknownGenre, with the nearest name or with what broke."""
        point = self.points.get(name) or self.points.get(name.lower())
        if point is None:
            raise UnknownGenre(f'unknown genre "{name[:40]}": {did_you_mean(name.lower(), self.names)}', "genre")
        made = _load(point)
        if isinstance(made, str):
            raise UnknownGenre(f'genre "{point.name}" of {point.package} cannot be used: {made}', "genre")
        return made(runtime)

    def usable(self, runtime: Runtime | None = None) -> tuple[tuple[BaseGenreGenerator, ...], Mapping[str, str]]:
        """Every genre that loads and whose genre.toml reads, and the others with why they do not."""
        services, broken = [], dict(self.broken)
        for name, point in self.points.items():
            try:
                service = self.service(name, runtime)
                service.open()
                services.append(service)
            except (UnknownGenre, GenreFileError) as error:
                broken[f"{name} ({point.package})"] = str(error)
        return tuple(services), MappingProxyType(broken)


def discover(cache_folder: str = "") -> Registry:
    """The registered genres. A name belongs to the first that claims it, and Octet's own come first."""
    points: dict[str, EntryPoint] = {}
    broken: dict[str, str] = {}
    for point in installed("octet.genres", cache_folder):
        if point.name in points:
            broken[f"{point.name} ({point.package})"] = f'the name "{point.name}" is taken by {points[point.name].package}'
        else:
            points[point.name] = point
    return Registry(MappingProxyType(points), MappingProxyType(broken))


def _load(point: EntryPoint) -> type[BaseGenreGenerator] | str:
    """The service class, or why it cannot be used."""
    try:
        made = point.load()
    except Exception as error:  # noqa: BLE001 - the one permitted place: a stranger's code may raise anything
        first = (str(error).splitlines() or [""])[0]
        return f"{type(error).__name__}: {first[:200]}"
    if not (isinstance(made, type) and issubclass(made, BaseGenreGenerator)):
        return f"{point.value} is no BaseGenreGenerator"
    if getattr(made, "name", "") != point.name:
        return f"{point.value} names itself {getattr(made, 'name', None)!r}"
    return made
