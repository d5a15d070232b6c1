"""The log: one JSON object a line, one line a request; of what people ask for nothing, unless the settings say so."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Final, TextIO

from starlette.types import Scope

from app.api.errors import BODY

REQUESTS: Final = logging.getLogger("octet.requests")
TEXT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
FIELDS: Final = "octet"  # of a record: what it says as a mapping


class JsonLines(logging.Formatter):
    """A record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """With time (UTC, seconds), level and logger; an error's traceback in one field."""
        when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        row = {"time": f"{when}.{int(record.msecs):03d}Z", "level": record.levelname.lower(), "logger": record.name}
        fields = getattr(record, FIELDS, None)
        row |= fields if isinstance(fields, dict) else {"message": record.getMessage()}
        if record.exc_info:
            row["traceback"] = self.formatException(record.exc_info)
        return json.dumps(row)


def set_up(how: str, stream: TextIO | None = None) -> None:
    """Have all that Octet logs written as `json` or `text` on the standard error stream, or not at all (`off`)."""
    logger = logging.getLogger("octet")
    for old in tuple(logger.handlers):
        logger.removeHandler(old)
    logger.propagate = False
    if how == "off":
        logger.addHandler(logging.NullHandler())
        return
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if how == "json" else logging.Formatter(TEXT))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


class Row(dict[str, str | int | float]):
    """What a line says; as text it is made only for those who read it."""

    def __str__(self) -> str:
        return json.dumps(self)


def answered(row: dict[str, str | int | float]) -> None:
    """Log an answered request."""
    if REQUESTS.isEnabledFor(logging.INFO):
        REQUESTS.info("%s", Row(row), extra={FIELDS: row})


def description_in(scope: Scope) -> str:
    """What was asked for in words, for a log that may have it; "" where the body has none."""
    try:
        body = json.loads(scope.get(BODY, b"null"))
    except ValueError:
        return ""
    words = body.get("description", "") if isinstance(body, dict) else ""
    return str(words)[:2000]
