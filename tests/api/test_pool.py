"""Worker processes: they make what is asked, end with the service, and one that dies costs nobody an answer."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app import errors
from app.api.parcels import packed, result_of, worked
from app.api.pool import LOST, Pool
from app.errors import OctetError, RequestError, WorkLost
from app.services.registry import discover
from app.services.runtime import Runtime, run_straight
from app.services.scale import Scale
from app.theory.brief import Ask

ASK = Ask("jazz", "smoky swing in Eb", num_bars=8, seed=7)
SERVICE = discover().service("jazz", Runtime("rules_only"))
OWNER = """
import os, sys
from app.api.pool import Pool
pool = Pool(2)
print(*pool.pids, flush=True)
sys.stdin.read()
"""


def gone(pids: Iterator[int] | tuple[int, ...] | list[int]) -> bool:
    """Whether these processes end; waits for them."""
    there = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    return not psutil.wait_procs(there, timeout=20)[1]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """Two workers."""
    made = Pool(2)
    yield made
    made.close()
    assert gone(made.pids)


def test_a_worker_weighs_words_as_the_service_does(pool: Pool) -> None:
    """The scale goes with the work."""
    scale = Scale(words=(("smoky", "complex"),))
    weighing = discover().service("jazz", Runtime("rules_only", scale=scale))

    assert asyncio.run(pool.run(weighing.understand, ASK)).complexity == SERVICE.understand(ASK).complexity + 2


def test_a_worker_makes_what_this_process_would_make(pool: Pool) -> None:
    """The same bytes, from many at once."""

    async def several() -> list[bytes]:
        pieces = await asyncio.gather(*(pool.run(SERVICE.make, ASK) for _ in range(6)))
        return [piece.midi for piece in pieces]

    assert set(asyncio.run(several())) == {run_straight(SERVICE.make(ASK)).midi}


def test_a_workers_errors_are_raised_here(pool: Pool) -> None:
    """Those raised on purpose as they are; a mistake with the lines of code that made it."""
    with pytest.raises(RequestError, match="key") as refused:
        asyncio.run(pool.run(SERVICE.understand, ASK._replace(key="H sharp")))
    with pytest.raises(ZeroDivisionError) as mistake:
        asyncio.run(pool.run(divmod, 1, 0))

    assert refused.value.field == "key"
    assert "parcels.py" in "".join(mistake.value.__notes__)


def test_every_error_travels() -> None:
    """With its message and what it carries."""
    arguments = {"GenreFileError": ("polka", ["polka.toml:3: no"])}
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, OctetError)]
    for kind in kinds:
        error = kind(*arguments.get(kind.__name__, ("said",)))
        with pytest.raises(kind) as raised:
            result_of(worked(packed(_raised, (error,))))
        assert (str(raised.value), vars(raised.value)) == (str(error), vars(error))


def _raised(error: Exception) -> None:
    raise error


def test_a_worker_that_is_killed_costs_nothing(pool: Pool) -> None:
    """Its work is done by another, and there are as many as before."""

    async def under_fire() -> list[str]:
        before = pool.pids
        making = [asyncio.create_task(pool.run(SERVICE.make, ASK._replace(seed=seed, num_bars=64))) for seed in range(6)]
        await asyncio.sleep(0)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        return [piece.version for piece in await asyncio.gather(*making)]

    assert len(asyncio.run(under_fire())) == 6
    assert len(pool.pids) == 2


def test_workers_that_end_while_they_have_nothing_to_do_take_no_work_along(pool: Pool) -> None:
    """All of them: what comes then met no one who could lose it."""
    for pid in (before := pool.pids):
        os.kill(pid, signal.SIGKILL)
    assert gone(before)

    assert asyncio.run(pool.run(SERVICE.make, ASK)).version
    assert len(pool.pids) == 2


def test_work_that_kills_its_workers_is_given_up(pool: Pool) -> None:
    """After the second; the pool goes on."""

    async def deadly() -> str:
        with pytest.raises(WorkLost, match=LOST):
            await pool.run(os._exit, 1)
        return (await pool.run(SERVICE.make, ASK)).version

    assert asyncio.run(deadly())


def test_work_that_nobody_waits_for_is_not_begun(pool: Pool, tmp_path: Path) -> None:
    """What was cancelled before its turn leaves no trace."""
    trace = tmp_path / "trace"

    async def cancelled() -> None:
        busy = [asyncio.create_task(pool.run(time.sleep, 0.2)) for _ in range(2)]
        queued = asyncio.create_task(pool.run(os.mkdir, str(trace)))
        await asyncio.sleep(0.05)
        queued.cancel()
        await asyncio.gather(*busy, queued, return_exceptions=True)
        await pool.run(len, "")

    asyncio.run(cancelled())
    assert not trace.exists()


def test_work_that_does_not_end_is_ended(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A little after whoever waited for it has left; its place is free again."""
    monkeypatch.setattr("app.api.pool.LEFT_S", 0.05)

    async def endless() -> None:
        before = set(pool.pids)
        for task in [asyncio.create_task(pool.run(time.sleep, 600)) for _ in range(2)]:
            await asyncio.sleep(0.05)
            task.cancel()
        assert await pool.run(len, "four") == 4
        assert set(pool.pids).isdisjoint(before) or len(set(pool.pids) & before) < 2

    asyncio.run(endless())


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_the_service(how: signal.Signals) -> None:
    """However it ends, busy or not."""
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    with owner:
        assert owner.stdout is not None
        pids = [int(pid) for pid in owner.stdout.readline().split()]
        assert len(pids) == 2
        owner.send_signal(how)

    assert gone(pids)


def test_what_a_genre_prints_harms_nothing(pool: Pool) -> None:
    """It goes to stderr, not between us."""

    async def printed() -> int:
        await pool.run(print, "oompah")
        return await pool.run(len, "four")

    assert asyncio.run(printed()) == 4
