"""The settings file as `octet setup` writes it: its own lines are replaced, all others stay, and what was before comes back."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Sequence
from typing import Any, Final

from app.errors import OutputError, RequestError
from app.llm.config import Limits, ProviderSettings, TierSettings
from app.services.whole_file import write_whole

HEAD: Final = "# Written by `octet setup`; `octet setup --undo` brings back what was before. What may be here: docs/setup.md\n"
OURS: Final = ("strategy", "allow_paid")  # plain settings that setup writes
OUR_TABLES: Final = ("providers", "tiers")
BEFORE: Final = ".before"
PRIVATE: Final = 0o600


def text_of(
    strategy: str,
    allow_paid: bool | str | None,
    providers: Sequence[tuple[ProviderSettings, str]],
    tiers: Sequence[TierSettings],
    day_usd: float | None = None,
    slow_s: float = 0.0,
) -> str:
    """The lines that setup writes. Each provider comes with the name of the variable that holds its key, "" for none.

    `day_usd` bounds what a day costs; `slow_s` is how long a request takes on the slowest local model, where that is long.
    """
    lines = [HEAD, f"strategy = {_value(strategy)}"]
    lines += [f"allow_paid = {_value(allow_paid)}"] if allow_paid is not None else []
    lines += [""]
    for provider, key_env in providers:
        fields = {"kind": provider.kind, "url": provider.url, "path": provider.path, "key_env": key_env}
        rows = [f"{name} = {_value(value)}" for name, value in fields.items() if value]
        lines += [f"[providers.{_key(provider.name)}]", *rows, ""]
    below = 0
    for tier in tiers:
        lines += [f"[[tiers]] # complexity {below + 1} to {tier.up_to}"]
        fields = {"label": tier.label, "provider": tier.provider, "model": tier.model}
        lines += [*(f"{name} = {_value(value)}" for name, value in fields.items()), f"up_to = {tier.up_to}"]
        lines += [f"num_ctx = {tier.num_ctx}"] if tier.num_ctx != TierSettings._field_defaults["num_ctx"] else []
        lines += [""]
        below = tier.up_to
    lines += ["[budget]", f"day_usd = {day_usd}", ""] if day_usd is not None else []
    lines += _limits(slow_s)
    return "\n".join(lines).rstrip() + "\n"


def _limits(slow_s: float) -> list[str]:
    """Longer waits, where the usual ones would give up a model that is only slow."""
    usual = Limits()
    if slow_s * 2 <= usual.local_s:
        return []
    local = round(slow_s * 2)
    return ["[limits] # seconds: this machine needs longer", f"local_s = {local}", f"deadline_s = {round(local * 1.5)}", ""]


def written(path: str, text: str) -> str:
    """Write the file with these lines, keeping what else it says; the file before lies beside it. Returns the whole text.

    Raises RequestError where a file is there that cannot be read as TOML, or not be kept; OutputError where it cannot be written.
    """
    before = _read(path)
    whole = _joined(text, before or "")
    _checked(whole, before or "", path, text)
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        _write(path + BEFORE, before or "")
        _write(path, whole)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from None
    return whole


def undone(path: str) -> bool:
    """Bring back the file that was before the last setup. Returns whether there was one. Raises RequestError without a setup."""
    before = _read(path + BEFORE)
    if before is None:
        raise RequestError(f"{path}: there is no setup to undo")
    try:
        if before:
            _write(path, before)
        elif os.path.exists(path):
            os.unlink(path)
        os.unlink(path + BEFORE)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from None
    return bool(before)


def _joined(text: str, before: str) -> str:
    """Setup's lines, and those of the file before that are not setup's: other settings, other tables, with their comments."""
    ours = tuple(tomllib.loads(text))
    plain: list[str] = []
    tables: list[str] = []
    table = ""
    for line in before.splitlines():
        if line.startswith("["):
            table = line.strip("[ \t").partition("]")[0].partition(".")[0].strip().strip('"')
        name = table or line.partition("=")[0].strip()
        if name not in (*ours, *OURS, *OUR_TABLES) and not line.startswith(HEAD[:30]):
            (tables if table else plain).append(line)
    own_plain, mark, own_tables = text.partition("\n[")
    rest = "\n".join(tables).strip()
    parts = (own_plain.rstrip(), "\n".join(plain).strip(), f"[{own_tables}".rstrip() if mark else "", rest)
    return "\n\n".join(part for part in parts if part) + "\n"


def _checked(whole: str, before: str, path: str, text: str) -> None:
    """Nothing that was said may be lost. Raises RequestError."""
    try:
        old, new, own = tomllib.loads(before), tomllib.loads(whole), tomllib.loads(text)
    except ValueError as error:
        raise RequestError(f"{path}: {error}", "config") from None
    lost = [name for name in old if name not in (*OURS, *OUR_TABLES, *own) and new.get(name) != old[name]]
    if lost:
        raise RequestError(f"{path}: setup cannot keep {lost[0]}: set up by hand", "config")


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(f"{path}: {error}", "config") from None


def _write(path: str, text: str) -> None:
    write_whole(path, text.encode(), replace=True)
    os.chmod(path, PRIVATE)


def _value(value: Any) -> str:  # Any: what TOML holds
    if isinstance(value, bool):
        return ("false", "true")[value]
    text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON lets it stand, TOML does not
    return text.encode("utf-8", "replace").decode()


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else _value(name)
