"""A worker process: makes music for the service that started it, and ends with it."""

from __future__ import annotations

import gc
import os
import signal
import sys
from importlib import import_module
from queue import SimpleQueue
from threading import Thread
from typing import IO, Final

from app.api.parcels import Home, read_parcel, service_here, settle, worked, write_parcel
from app.errors import OctetError
from app.services.registry import discover
from app.services.runtime import BY_RULE_ALONE, Runtime, run_straight
from app.theory.brief import Ask

WORK: Final = "app.api.crafting"  # what is asked most
NICE: Final = 5  # whoever answers requests goes first
BEFORE: Final = ("SIGINT", "SIGTERM", "SIGHUP")  # sent to a whole group: the service decides when its workers end
TRIED_BARS: Final = 4
SELDOM: Final = 50_000  # objects made and kept between two looks for garbage: a piece of music has few circles, and ends soon


def main(cache_folder: str) -> None:
    """Answer each parcel on stdin with one on stdout, until stdin ends."""
    for name in BEFORE:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)
    inbox, outbox = _private_pipes()
    waiting: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_receive, args=(inbox, waiting), daemon=True).start()
    _move_in(cache_folder, waiting)
    while True:
        parcel = waiting.get()
        try:
            write_parcel(outbox, worked(parcel))
        except OSError:
            os._exit(0)


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Stdin and stdout for us alone: what a stranger's genre prints goes to stderr."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return inbox, outbox


def _receive(inbox: IO[bytes], waiting: SimpleQueue[bytes]) -> None:
    """Take in what comes; when the service is gone, so is this process, whatever it does."""
    try:
        while True:
            waiting.put(read_parcel(inbox))
    except (EOFError, OSError):
        os._exit(0)


def _move_in(cache_folder: str, waiting: SimpleQueue[bytes]) -> None:
    """Open the genres, and play a little of each while nothing waits, so that the first request finds all in its place."""
    import_module(WORK)
    settle(Home(discover(cache_folder), {}, cache_folder))
    for name in discover(cache_folder).names:
        if not waiting.empty():
            break
        _tried(name)
    collect_seldom()


def collect_seldom() -> None:
    """Leave what is there now to itself, and look for garbage but now and then."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)


def _tried(name: str) -> None:
    try:
        service = service_here(name, Runtime().strategy)
        run_straight(service.make(Ask(name, num_bars=TRIED_BARS, seed=0, strategy=BY_RULE_ALONE)))
    except OctetError as error:
        sys.stderr.write(f"octet: genre {name}: {' '.join(str(error).split())[:200]}\n")
