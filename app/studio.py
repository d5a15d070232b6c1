"""The use cases that all doors share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.base_genre_generator import BaseGenreGenerator
from app.services.piece import Method, Piece
from app.services.registry import Registry
from app.services.runtime import Runtime, run
from app.theory.brief import Ask
from app.theory.progression import Progression

if TYPE_CHECKING:
    from app.services.explaining import Explanation
    from app.services.reharmonizing import Reharmonization, Wanted


def generate(ask: Ask, registry: Registry, runtime: Runtime) -> Piece:
    """Make the piece that is asked for: understand, find the harmony, arrange, write."""
    service = registry.service(ask.genre, runtime)
    llm = runtime.llm_for(ask)
    return run(service.make(ask), llm)


def progression(ask: Ask, service: BaseGenreGenerator) -> Progression:
    """The harmony alone, as `generate` would make it."""

    async def harmony() -> Progression:
        found, _ = await service.progression_for(*await service.understood(ask))
        return found

    llm = service.runtime.llm_for(ask)
    return run(harmony(), llm)


def vary_harmony(ask: Ask, number: int, registry: Registry, runtime: Runtime) -> tuple[Ask, Method]:
    """The request whose chords are the `number`-th variation of those of a file's: a model's where one may be asked."""
    service = registry.service(ask.genre, runtime)
    return run(service.vary_harmony(ask, number), runtime.llm_for(ask._replace(chords=None, made=None)))


def explain(source: bytes, name: str, key: str, registry: Registry, runtime: Runtime) -> Explanation:
    """What the chords of a chart or a MIDI file are; `key` "" for the one that it says, or that is found in them.

    Raises RequestError (ChordError) for what cannot be read, MidiError for a broken MIDI file.
    """
    from app.services.explaining import explain_midi, explain_text, is_midi
    from app.services.understand_fields import checked_key

    asked = checked_key(key) if key else None
    if is_midi(source):
        return explain_midi(source, name, asked, lambda ask: progression(ask, registry.service(ask.genre, runtime)))
    return explain_text(source.decode("utf-8-sig", "replace"), asked)


def reharmonize(wanted: Wanted, registry: Registry, runtime: Runtime) -> Reharmonization:
    """Alternatives for every bar of a chart in a genre's harmony. Raises RequestError (ChordError, UnknownGenre)."""
    service = registry.service(wanted.genre, runtime)
    return run(service.reharmonize(wanted), runtime.llm_for(wanted.ask))
