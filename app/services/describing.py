"""A genre as JSON, for people who choose one: its applications with their defaults, who plays, and what may be asked."""

from __future__ import annotations

from typing import Any

from app.services.base_genre_generator import BaseGenreGenerator

Json = dict[str, Any]


def description(service: BaseGenreGenerator) -> Json:
    """A genre as JSON: its applications with their defaults, its parts."""
    facts = service.genre.facts
    applications = [
        {"name": name, "default": name == facts["default"], **row, "ensemble": list(service.genre.ensemble(name))}
        for name, row in facts["applications"].items()
    ]
    about = {"name": service.name, "title": facts["title"], "about": facts["about"]}
    return {**about, "applications": applications, "parts": list(service.genre.vocabulary.roles)}


def whole_description(service: BaseGenreGenerator) -> Json:
    """The same with each part's instrument as the genre's file has it, and the JSON Schema of the genre's request."""
    instruments = {role: dict(row) for role, row in service.genre.facts["parts"].items()}
    return {**description(service), "instruments": instruments, "schema": service.request_class().model_json_schema()}
