"""Which format a caller wants, by its Accept header and the table of formats."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException

from app.render import FORMATS

JSON: Final = "application/json"


def wanted_format(accept: str, *also: str) -> str:
    """The name of a row of FORMATS, JSON for the whole result, or one of `also`, media types that a route has besides.

    Raises HTTPException 406 with what there is.
    """
    kinds = {JSON: JSON} | {row.media_type: name for name, row in FORMATS.items()} | {name: name for name in also}
    for wanted in _ranges(accept):
        for media_type, name in kinds.items():
            if wanted in (media_type, "*/*", f"{media_type.partition('/')[0]}/*"):
                return name
    raise HTTPException(406, f"there is {', '.join(kinds)}")


def _ranges(accept: str) -> list[str]:
    """The media ranges that are accepted, the most wanted first; anything when nothing is said."""
    rows = []
    for item in accept[:1000].split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        quality = next((_quality(text[2:]) for text in parameters if text.startswith("q=")), 1.0)
        if name and quality > 0:
            rows.append((-quality, name))
    return [name for _, name in sorted(rows, key=lambda row: row[0])] or ([] if accept.strip() else ["*/*"])


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0
