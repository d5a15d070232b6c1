"""Having Ollama download a model, by its own API, with its progress."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from app.errors import ProviderError

IDLE_S: Final = 60.0  # a download says something at least every second
MOST_LINE: Final = 1 << 16


class Step(NamedTuple):
    """How far it is: what is being done, and of how many bytes (0 where it is not a download)."""

    status: str
    completed: int = 0
    total: int = 0


def pulled(url: str, model: str, idle_s: float = IDLE_S) -> Iterator[Step]:
    """Have the Ollama at `url` download a model; each step as it comes. Raises ProviderError when it does not."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=idle_s)
    try:
        body = json.dumps({"model": model, "stream": True})
        connection.request("POST", f"{parts.path.rstrip('/')}/api/pull", body, {"Content-Type": "application/json"})
        done = False
        with connection.getresponse() as answer:
            if answer.status != 200:
                raise ProviderError(f"Ollama does not download {model}: it answered {answer.status}", "model")
            while line := answer.readline(MOST_LINE):
                step = _step(line, model)
                done = done or step.status == "success"
                yield step
        if not done:
            raise ProviderError(f"the download of {model} was cut off; ask again, and it goes on where it was", "server")
    except (OSError, HTTPException) as error:
        raise ProviderError(f"Ollama at {parts.netloc} does not answer: {error}", "unreachable") from error
    finally:
        connection.close()


def _step(line: bytes, model: str) -> Step:
    """One line of its answer. Raises ProviderError where it says that it cannot."""
    try:
        row: Any = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise ProviderError("what answers is no Ollama", "protocol")
    if row.get("error"):
        raise ProviderError(f"Ollama cannot download {model}: {str(row['error'])[:200]}", "model")
    return Step(str(row.get("status", ""))[:100], _count(row.get("completed")), _count(row.get("total")))


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
