"""Processes that do the CPU work while the event loop answers. They end with the service; one that dies is replaced."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from threading import Lock
from typing import IO, Final, ParamSpec, TypeVar, cast

from app.api.parcels import packed, read_parcel, result_of, write_parcel
from app.errors import WorkLost

TRIES: Final = 2  # a piece of work that was lost with its worker is done once more
LEFT_S: Final = 2.0  # work that nobody waits for any more may go on so long before its worker is ended
END_S: Final = 1.0  # a worker may take so long to end when it is told to
BEGIN: Final = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from app.api.worker import main; main(sys.argv[2])"
LOST: Final = "the process that made it ended twice before it was done"
P = ParamSpec("P")
T = TypeVar("T")


class Worker:
    """One process, used by one thread at a time."""

    def __init__(self, cache_folder: str) -> None:
        command = [sys.executable, "-c", BEGIN, json.dumps(sys.path), cache_folder]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def gone(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def do(self, parcel: bytes) -> bytes:
        """The reply. Raises EOFError when the process is gone."""
        try:
            write_parcel(cast("IO[bytes]", self._process.stdin), parcel)
            return read_parcel(cast("IO[bytes]", self._process.stdout))
        except (OSError, ValueError) as error:
            raise EOFError from error

    def kill(self) -> None:
        """End it now."""
        self._process.kill()

    def hang_up(self) -> None:
        """Tell it to end."""
        try:
            cast("IO[bytes]", self._process.stdin).close()
        except OSError:
            self._process.kill()

    def bury(self) -> None:
        """Wait until it has ended; it is killed when it takes too long."""
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        cast("IO[bytes]", self._process.stdout).close()


class Job:
    """A piece of work, and the worker that does it now."""

    def __init__(self, parcel: bytes) -> None:
        self.parcel = parcel
        self.left = False  # nobody waits for it any more
        self.worker: Worker | None = None
        self.lock = Lock()

    def end(self) -> None:
        """End the worker that still does it."""
        with self.lock:
            if self.worker is not None:
                self.worker.kill()


class Pool:
    """So many workers, each with a thread that waits for it."""

    def __init__(self, processes: int, cache_folder: str = "") -> None:
        self._cache_folder = cache_folder
        self._closed = False
        self._threads = ThreadPoolExecutor(processes, "octet-worker")
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        self._all: set[Worker] = set()
        self._lock = Lock()
        for _ in range(processes):
            self._idle.put(self._hired())

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes there are."""
        with self._lock:
            return tuple(worker.pid for worker in self._all)

    async def run(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """What the function returns, done in a worker. Raises what it raises, WorkLost when workers died over it.

        Cancelled before its turn it is not done at all; later, its worker has LEFT_S to finish.
        """
        job = Job(packed(partial(function, **named) if named else function, arguments))
        try:
            reply = await asyncio.wrap_future(self._threads.submit(self._done, job))
        except asyncio.CancelledError:
            job.left = True
            asyncio.get_running_loop().call_later(LEFT_S, job.end)
            raise
        return cast("T", result_of(reply))

    def _done(self, job: Job) -> bytes:
        """The reply, from one worker or another. Runs in a thread."""
        for _ in range(TRIES):
            if job.left or self._closed:
                break
            worker = self._idle.get()
            if worker.gone:  # it ended while it had nothing to do: nothing is lost with it
                worker = self._replaced(worker)
            try:
                job.worker = worker
                return worker.do(job.parcel)
            except EOFError:
                worker = self._replaced(worker)
            finally:
                with job.lock:
                    job.worker = None
                self._idle.put(worker)
        raise WorkLost(LOST)

    def _hired(self) -> Worker:
        worker = Worker(self._cache_folder)
        with self._lock:
            self._all.add(worker)
        return worker

    def _replaced(self, worker: Worker) -> Worker:
        """Another one, unless the pool is being closed."""
        if self._closed:
            return worker
        with self._lock:
            self._all.discard(worker)
        worker.hang_up()
        worker.bury()
        return self._hired()

    def close(self) -> None:
        """End every worker, and wait for it."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            workers = tuple(self._all)
        for worker in workers:
            worker.hang_up()
        for worker in workers:
            worker.bury()
