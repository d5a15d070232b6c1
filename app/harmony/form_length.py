"""How long a form is that someone asks for by name, when no number of bars is said."""

from __future__ import annotations

import re
from typing import Final

from app.harmony.forms import KINDS, NAMED, listed, sized
from app.harmony.tables import read_form
from app.theory.techniques import FORMS

PHRASE: Final = 8  # bars of a section


def bars_to_play(form: str, usual: int, beside: int = 0) -> int:
    """Bars of a piece in a form: as many whole times through as the usual number holds, but once at least, and those beside."""
    bars = once_through(form)
    if not bars or _is_whole_piece(form):
        return max(bars, usual)
    return max(usual // bars, 1) * bars + beside


def once_through(form: str) -> int:
    """Bars of a form as it is named, 0 where that is not known: `AABA` 32, `intro, verse, chorus` 20, `12-bar blues` 12."""
    plain = form.strip().lower()
    if plain in NAMED:
        return read_form(NAMED[plain]).bars
    if FORMS.get(form, (0, ()))[0]:
        return FORMS[form][0]
    if re.fullmatch("[a-d]{2,9}", plain):
        return PHRASE * len(plain)
    return sum(section.bars for section in listed(plain))


def sized_length(form: str) -> int:
    """Bars of a list of sections that has lengths: `intro 8, verse 16` 24; 0 for any other form."""
    known = form.strip().lower() in NAMED or FORMS.get(form, (0, ()))[0]
    return 0 if known or not sized(form) else once_through(form)


def _is_whole_piece(form: str) -> bool:
    """Whether the form says how the piece begins or ends: it is played once and stretched."""
    return any(KINDS[label] in ("intro", "tag", "ending") for label, *_ in listed(form))
