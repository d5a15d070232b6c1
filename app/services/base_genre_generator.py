"""What all genres share: from a request to a result, with harmony by rule."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, Self

from app.services.genre import Genre
from app.services.making import PIECES, made
from app.services.piece import Method, Piece, progression_by_rule
from app.services.runtime import Runtime, process_runtime
from app.services.understanding import understand
from app.theory.brief import LIMITS, Ask, Brief
from app.theory.progression import Progression

if TYPE_CHECKING:
    from app.services.reharmonizing import Reharmonization, Wanted
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
        return await made(self, ask, PIECES)

    def understand(self, ask: Ask) -> Brief:
        """What the words and fields say, with every field decided. A seed is drawn when none is given."""
        brief = understand(ask, self.genre.vocabulary, drawn_seed() if ask.seed is None else ask.seed, self.runtime.scale)
        if not brief.not_understood:
            return brief
        from app.services.elsewhere import styles_elsewhere

        return brief._replace(notes=(*brief.notes, *styles_elsewhere(brief, self.runtime)))

    async def progression_for(self, ask: Ask, brief: Brief) -> tuple[Progression, Method]:
        """The harmony and how it came to be: here always as `composed`."""
        found: tuple[Progression, Method] = await self.runtime.done(self.composed, ask, brief)
        return found

    async def understood(self, ask: Ask) -> tuple[Ask, Brief]:
        """The request and its Brief, words that nothing was read from said otherwise."""
        return await self.said_otherwise(ask, await self.runtime.done(self.understand, ask))

    async def said_otherwise(self, ask: Ask, brief: Brief) -> tuple[Ask, Brief]:
        """The request with what a model makes of words that nothing was read from, and its Brief: here as they are."""
        return ask, brief

    async def by_models(self, ask: Ask, brief: Brief) -> tuple[Progression | None, Method]:  # noqa: ARG002 - a model would be told
        """The harmony of a model; None, and why, where there is none: here always."""
        return None, Method()

    def composed(self, ask: Ask, brief: Brief) -> tuple[Progression, Method]:
        """The harmony as a file kept it, else by rule."""
        if ask.made:
            from app.services.charted import label_of, progression_from

            return progression_from(ask.made, brief), Method(label_of(ask.made), made=ask.made)
        return progression_by_rule(brief, self.genre), Method()

    def counted(self, ask: Ask) -> None:
        """One more by rule: here nobody counts."""

    def tier_of(self, ask: Ask, brief: Brief) -> str:  # noqa: ARG002
        """The label of the model that a request is sent to first, "" without models, as here."""
        return ""

    async def reharmonize(self, wanted: Wanted) -> Reharmonization:
        """Alternatives for every bar of a chart. Raises RequestError (ChordError) for what cannot be read."""
        from app.services.reharmonizing import reharmonized

        return reharmonized(wanted, self.genre)

    async def vary_harmony(self, ask: Ask, number: int) -> tuple[Ask, Method]:
        """The request whose chords are the `number`-th variation (from 1) of those of `ask`, and how they came to be."""
        from app.services.model_variation import by_rule, case_of

        return by_rule(case_of(self, ask, number), self.genre), Method()


def drawn_seed() -> int:
    """A seed nobody chose."""
    return int.from_bytes(os.urandom(4), "big") % (LIMITS["seed"][1] + 1)
