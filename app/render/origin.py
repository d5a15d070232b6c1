"""How a file says how it was made: the text at its start that holds request, seed and version as JSON."""

from __future__ import annotations

import json
from typing import Any, Final

from app.render.midi import ORIGIN
from app.render.smf import read_midi

LONGEST: Final = 1 << 18  # characters of JSON that are looked at


def origin_of(data: bytes) -> dict[str, Any] | None:
    """The JSON object that `write_midi` was given as `origin`; None in anyone else's file. Raises MidiError for no MIDI file.

    The file may have passed through strangers' hands: what is in the object is to be checked like any request.
    """
    found = (text for tick, track, kind, text in read_midi(data).texts if (tick, track, kind) == (0, 0, "text"))
    text = next((text for text in found if text.startswith(ORIGIN)), "")
    try:
        made = json.loads(text[len(ORIGIN) : LONGEST])
    except (ValueError, RecursionError):
        return None
    return made if isinstance(made, dict) else None
