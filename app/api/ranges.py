"""Bytes as HTTP hands them over: whole, in part, or not at all because the caller has them (RFC 9110, 13 and 14)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from fastapi.responses import Response
from starlette.exceptions import HTTPException

RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")  # of one range; more of them are answered with the whole


def etag_of(content: bytes) -> str:
    """A strong validator: other bytes have another."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def file_response(content: bytes, media_type: str, name: str, asked: Mapping[str, str], marks: Mapping[str, str]) -> Response:
    """The file, as the request's headers want it, with `marks`: 200, 206 or 304.

    Raises HTTPException 416 for a range outside of it.
    """
    etag = etag_of(content)
    headers = {
        **marks,
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    if _known(asked.get("if-none-match", ""), etag):
        return Response(status_code=304, headers={name: headers[name] for name in ("ETag", "Cache-Control")})
    part = _part(asked.get("range", ""), len(content)) if asked.get("if-range", etag) == etag else None
    if part is None:
        return Response(content, headers=headers, media_type=media_type)
    first, last = part
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], 206, headers, media_type)


def _known(header: str, etag: str) -> bool:
    """Whether one of the validators is this one, be it of a compressed answer (W/)."""
    found = [item.strip().removeprefix("W/") for item in header[:2000].split(",")]
    return etag in found or found == ["*"]


def _part(header: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of a range; None for no range, or for what is to be ignored. Raises HTTPException 416."""
    found = RANGE.fullmatch(header.strip())
    if found is None or found.group(0) == "bytes=-":
        return None
    begin, end = found.groups()
    if begin and end and int(begin) > int(end):
        return None
    first = int(begin) if begin else max(size - int(end), 0)
    last = min(int(end), size - 1) if begin and end else size - 1
    if first > last:
        raise HTTPException(416, f"the file has {size} bytes", {"Content-Range": f"bytes */{size}"})
    return first, last
