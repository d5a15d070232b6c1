"""Answers as models write them: what the rules make of a request, as the JSON that a model is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from app.errors import RejectedReply
from app.services.local_llm_generator_mixin import LocalLLMGeneratorMixin
from app.services.piece import progression_by_rule
from app.theory.brief import Ask
from app.theory.progression import Progression
from schemas.progression import QUALITIES

NAMES: Final = MappingProxyType({suffix: name for name, suffix in QUALITIES.items()})
SEEDS: Final = range(99, 139)


def said(progression: Progression) -> str:
    """A progression as a model would answer it, its rarer colours left out."""
    bars = [
        [_said(str(span.chord), span.chord.root, span.chord.bass, int(span.beats)) for span in spans]
        for spans in progression.bars
    ]
    return json.dumps({"plan": ["to I"], "bars": bars})


def good_answer(service: LocalLLMGeneratorMixin, ask: Ask) -> str:
    """An answer to this request that the service's own judge takes. Raises RejectedReply with its last word when none is."""
    brief = service.understand(ask)
    refused = RejectedReply("the rules make nothing of it")
    for seed in SEEDS:
        text = said(progression_by_rule(service.understand(ask._replace(seed=seed)), service.genre))
        try:
            service._parse_llm_response(text, brief)
        except RejectedReply as error:
            refused = error
        else:
            return text
    raise refused


def _said(text: str, root: str, bass: str, beats: int) -> Mapping[str, Any]:
    suffix = text[len(root) :].partition("/")[0]
    while suffix not in NAMES:
        suffix = suffix[:-1]
    return {"root": root, "quality": NAMES[suffix], "bass": bass or None, "beats": beats}
