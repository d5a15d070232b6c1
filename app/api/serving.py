"""What the service allows: one frozen value, made from the settings."""

from __future__ import annotations

import os
from typing import NamedTuple

from app.settings import TRACES, Settings
from app.settings.service import service_settings


class Patience(NamedTuple):
    """How long streams of events are kept, in seconds."""

    dropped_s: float = 10.0  # with nobody who reads it, before what it does is cancelled
    replay_s: float = 60.0  # after its end
    beat_s: float = 15.0  # between two signs of life


class Serving(NamedTuple):
    """The defaults are those of a service on loopback."""

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")  # names it is called by; others are refused; "*" for any
    body_bytes: int = 1_000_000
    deadline_s: float = 60.0  # for a request's whole answer
    body_s: float = 15.0  # for a request's whole body to arrive
    origins: tuple[str, ...] = ()  # of web pages that may read the answers; none by default
    head_s: float = 10.0  # for a request's line and headers to arrive
    idle_s: float = 10.0  # that a connection is kept without a request
    write_s: float = 30.0  # that a caller may take to read what was sent
    connections: int = 500  # at once; more are answered 503
    workers: int = 1  # processes that answer at the same address
    processes: int = 1  # that make music, for each of these; 0: threads do
    waiting: int = 32  # requests in line to be made; more are answered 503
    asking: int = 64  # requests at once that ask models
    patience: Patience = Patience()  # with streams of events
    require_keys: bool = False  # whether a key must be shown; also as soon as it listens beyond loopback
    per_minute: float = 60.0  # requests a minute that a key may make in the long run
    burst: int = 20  # requests at once
    limit_local: bool = False  # whether the person at this machine, who needs no key, is limited too
    day_usd: float | None = None  # what a key's requests may cost a day; None: no bound but the service's own
    month_usd: float | None = None
    log_prompts: bool = False  # whether the log has what people ask for
    traces: str = ""  # where traces are sent by OTLP over HTTP; "" for nowhere
    traced_as: str = "octet"


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def serving_of(chosen: Settings) -> Serving:
    """What these settings allow. Raises RequestError for a value that is none."""
    said = service_settings(chosen)
    made = Serving()
    return made._replace(
        origins=chosen.origins,
        workers=said.workers,
        processes=max(1, cores() // said.workers) if said.processes is None else said.processes,
        waiting=said.waiting,
        asking=said.asking,
        hosts=said.hosts or made.hosts,
        connections=said.connections,
        require_keys=said.require_keys,
        per_minute=said.per_minute,
        burst=said.burst,
        limit_local=said.limit_local,
        day_usd=said.key_day_usd,
        month_usd=said.key_month_usd,
        log_prompts=said.log_prompts,
        traces=chosen.variables.get(TRACES[0], ""),
        traced_as=chosen.variables.get(TRACES[1], made.traced_as),
    )
