"""Every setting, read once into one frozen value: the only place that reads environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from app.errors import RequestError
from app.services.runtime import STRATEGIES


class Settings(NamedTuple):
    """What a person has set; the defaults need nothing."""

    strategy: str = "hybrid"  # OCTET_STRATEGY: how requests are routed that name no strategy
    data_dir: str = ""  # OCTET_DATA_DIR: where Octet keeps what it keeps; "" for the user's own folders
    cache_folder: str = ""  # what can be made anew: in data_dir, else in the user's cache folder


def settings(variables: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment, or of other `variables`. Raises RequestError for a value that is none."""
    from_user = os.environ if variables is None else variables
    strategy = from_user.get("OCTET_STRATEGY", "") or "hybrid"
    if strategy not in STRATEGIES:
        raise RequestError(f'OCTET_STRATEGY "{strategy[:40]}": choose one of {", ".join(STRATEGIES)}', "strategy")
    data_dir = from_user.get("OCTET_DATA_DIR", "")
    return Settings(strategy, data_dir, os.path.join(data_dir, "cache") if data_dir else _user_cache(from_user))


def _user_cache(variables: Mapping[str, str]) -> str:
    """The folder the desktop conventions give for caches; "" when there is no home to keep it in."""
    base = variables.get("XDG_CACHE_HOME") or variables.get("LOCALAPPDATA", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        base = os.path.join(home, ".cache") if os.path.isabs(home) else ""
    return os.path.join(base, "octet") if base else ""
