"""Read by Schemathesis: a MIDI body is sent as the bytes it is."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.serializer("audio/midi", "audio/x-midi", "application/octet-stream")
def midi(context: object, value: Any) -> dict[str, Any]:  # Any: whatever was generated
    """Whatever was generated, as bytes."""
    return {"data": value if isinstance(value, bytes) else getattr(value, "data", str(value).encode("utf-8", "replace"))}
