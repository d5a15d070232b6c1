"""What all genres share: from a request to a result, with harmony by rule."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, Self

from app.services.genre import Genre
from app.services.piece import Method, Piece, finished, progression_by_rule
from app.services.runtime import Runtime, process_runtime
from app.services.understanding import understand
from app.theory.brief import LIMITS, Ask, Brief
from app.theory.progression import Progression

if TYPE_CHECKING:
    from schemas.base import GenerateRequest
    from schemas.result import GenerationResult


class BaseGenreGenerator:
    """A genre's service. A subclass says its name; all else it finds beside itself."""

    name: ClassVar[str]
    tables: ClassVar[str] = ""  # the package that holds the TOML files; "" for the one that defines the class
    request: ClassVar[str] = ""  # "module:Class" of its pydantic request; "" for one made of its applications

    def __init__(self, runtime: Runtime | None = None) -> None:
        self._runtime = runtime
        self._genre: Genre | None = None

    def with_runtime(self, runtime: Runtime) -> Self:
        """The same service in another runtime, with counts of its own."""
        return type(self)(runtime)

    def within(self, runtime: Runtime) -> Self:
        """This service with its files and counts, in another runtime: for a request that is watched by its own eyes."""
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__ | {"_runtime": runtime, "_genre": self.genre})
        return other

    @property
    def runtime(self) -> Runtime:
        """The runtime given, else the process's, taken on first use."""
        if self._runtime is None:
            self._runtime = process_runtime()
        return self._runtime

    @property
    def genre(self) -> Genre:
        """The genre's files, opened on first use. Raises GenreFileError with every problem they have."""
        if self._genre is None:
            self._genre = Genre(self.folder(), self.runtime.cache_folder)
        return self._genre

    def open(self) -> Genre:
        """Open the genre's files now. Raises GenreFileError with every problem they have."""
        return self.genre

    def request_class(self) -> type[GenerateRequest]:
        """The pydantic request of this genre: the one it names, else the common one narrowed to its applications."""
        from schemas.base import narrowed

        if not self.request:
            return narrowed(self.name, tuple(self.genre.vocabulary.applications))
        module, _, name = self.request.partition(":")
        found: type[GenerateRequest] = getattr(import_module(module), name)
        return found

    @classmethod
    def folder(cls) -> str:
        """Where the genre's files lie."""
        package = cls.tables or cls.__module__
        __import__(package)
        return os.path.dirname(os.path.abspath(sys.modules[package].__file__ or ""))

    async def generate_arrangement(self, request: GenerateRequest) -> GenerationResult:
        """Make the piece a request asks for. Raises RequestError when it asks for what cannot be."""
        from app.services.answer import answer_of
        from schemas.result import GenerationResult

        piece = await self.make(request.ask(self.name))
        return GenerationResult.model_validate(answer_of(piece))

    async def make(self, ask: Ask) -> Piece:
        """Understand, find the harmony, arrange, write: the whole way from an Ask to a Piece."""
        brief = self.understand(ask)
        progression, method = await self.progression_for(ask, brief)
        return finished(ask, brief, progression, self.genre, method)

    def understand(self, ask: Ask) -> Brief:
        """What the words and fields say, with every field decided. A seed is drawn when none is given."""
        return understand(ask, self.genre.vocabulary, drawn_seed() if ask.seed is None else ask.seed)

    async def progression_for(self, ask: Ask, brief: Brief) -> tuple[Progression, Method]:
        """The harmony and how it came to be: as a file kept it, else here always by rule."""
        if ask.made:
            from app.services.charted import label_of, progression_from

            return progression_from(ask.made, brief), Method(label_of(ask.made), made=ask.made)
        return progression_by_rule(brief, self.genre), Method()


def drawn_seed() -> int:
    """A seed nobody chose."""
    return int.from_bytes(os.urandom(4), "big") % (LIMITS["seed"][1] + 1)
