"""The settings of the REST service itself: who may call it and how often, by which names, and what it logs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, cast

from app.errors import RequestError
from app.services.nearest import did_you_mean
from app.settings import FLAGS, SERVING, Settings

LOGS: Final = ("json", "text", "off")
Log = Literal["json", "text", "off"]


class ServiceSettings(NamedTuple):
    """Each is a variable `OCTET_<NAME>` and a name in the file's table `[service]`; variables win."""

    require_keys: bool = False  # let nobody in without a key, on loopback neither
    hosts: tuple[str, ...] = ()  # names in the Host header that are answered; "*" for any
    connections: int = 500  # at once
    workers: int = 1  # processes that answer
    processes: int | None = None  # that make music; None: one for each processor, 0: threads
    waiting: int = 32  # requests in line to be made; more are answered 503
    asking: int = 64  # requests at once that ask models
    per_minute: float = 60.0  # requests of one key
    burst: int = 20  # requests of one key at once
    limit_local: bool = False  # limit requests without a key too
    key_day_usd: float | None = None  # what one key's requests may cost a day
    key_month_usd: float | None = None
    log: Log = "json"
    log_prompts: bool = False  # whether the log has what people ask for


def service_settings(chosen: Settings) -> ServiceSettings:
    """What is set. Raises RequestError for a value that is none."""
    table = chosen.file.get("service", {})
    if not isinstance(table, Mapping):
        raise RequestError(f"{chosen.path}: service: write a table [service]", "config")
    said = {name: table[name] for name in SERVING if name in table}
    said |= {name: chosen.variables[variable(name)] for name in SERVING if chosen.variables.get(variable(name))}
    usual = ServiceSettings()
    return ServiceSettings(
        require_keys=_flag("require_keys", said, usual.require_keys),
        hosts=_names(said.get("hosts", ())),
        connections=round(_number("connections", said, usual.connections, 1)),
        workers=round(_number("workers", said, usual.workers, 1)),
        processes=round(_number("processes", said, 0, 0)) if "processes" in said else None,
        waiting=round(_number("waiting", said, usual.waiting, 0)),
        asking=round(_number("asking", said, usual.asking, 1)),
        per_minute=_number("per_minute", said, usual.per_minute, 1),
        burst=round(_number("burst", said, usual.burst, 1)),
        limit_local=_flag("limit_local", said, usual.limit_local),
        key_day_usd=_money("key_day_usd", said),
        key_month_usd=_money("key_month_usd", said),
        log=_log(str(said.get("log", usual.log))),
        log_prompts=_flag("log_prompts", said, usual.log_prompts),
    )


def variable(name: str) -> str:
    """The variable of a setting."""
    return f"OCTET_{name.upper()}"


def _flag(name: str, said: Mapping[str, Any], usual: bool) -> bool:
    found = FLAGS.get(str(said.get(name, usual)).lower())
    if found is None:
        raise RequestError(f'{variable(name)} "{str(said[name])[:20]}": true or false', name)
    return found


def _number(name: str, said: Mapping[str, Any], usual: float, low: float) -> float:
    try:
        found = float(said.get(name, usual))
    except (TypeError, ValueError):
        found = -1.0
    if not low <= found < 1e9:
        raise RequestError(f'{variable(name)} "{str(said[name])[:20]}": a number from {low:g} on', name)
    return found


def _money(name: str, said: Mapping[str, Any]) -> float | None:
    return _number(name, said, 0.0, 0.0) if name in said else None


def _names(given: object) -> tuple[str, ...]:
    rows = given.split(",") if isinstance(given, str) else given
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, str) for row in rows):
        raise RequestError(f"{variable('hosts')}: names between commas, like octet.example", "hosts")
    return tuple(row.strip().lower() for row in rows if row.strip())


def _log(text: str) -> Log:
    if text not in LOGS:
        raise RequestError(f'{variable("log")} "{text[:20]}": {did_you_mean(text, LOGS)}', "log")
    return cast("Log", text)
