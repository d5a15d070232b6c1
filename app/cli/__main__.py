"""`python -m app.cli`: the same as `octet`."""

from __future__ import annotations

from app.cli.main import entry

entry()
