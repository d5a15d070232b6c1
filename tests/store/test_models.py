"""What is kept of models survives a restart, keeps budgets across processes, and never stops a request."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from app.llm.types import Attempt, Check, Remembered, TaskRecord
from app.store import models
from app.store.models import ANSWERS, SPENDING, Database, SqliteLedger, SqliteMemory, SqliteTaskLog

T = TypeVar("T")
ANSWER = Remembered('{"bars": []}', "phi-3.5-mini", "ollama", "phi3.5", 1, 40, 20)
ATTEMPT = Attempt(
    "ollama", "phi3.5", 1, "rejected", (Check("key", False, "C is never heard"),), 40, 20, 0.0, 812.5, "phi-3.5-mini"
)
RECORD = TaskRecord(
    "id-1", "progression", "jazz", 3, "standard", "hybrid", 1_795_000_000.0, 900.0, "llama-3.3-70b", "accepted", "", (ATTEMPT,),
    (("phi-3.5-mini", "llama-3.3-70b"),), 0.0, "v1",
)  # fmt: skip


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def memory(folder: Path) -> SqliteMemory[Remembered]:
    return SqliteMemory(Database(str(folder)), Remembered)


def test_an_answer_is_there_after_a_restart(tmp_path: Path) -> None:
    """Another process's memory recalls the same value; what was forgotten is gone."""
    run(memory(tmp_path).remember("key", ANSWER))
    again = memory(tmp_path)

    assert run(again.recall("key")) == ANSWER
    assert run(again.recall("other")) is None
    run(again.forget("key"))
    assert run(memory(tmp_path).recall("key")) is None


def test_only_the_last_answers_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go when there are too many."""
    monkeypatch.setattr(models, "MOST_ANSWERS", 3)
    own = memory(tmp_path)
    for number in range(6):
        run(own.remember(f"00{number}", ANSWER))

    assert [run(own.recall(f"00{number}")) is not None for number in range(6)] == [False] * 3 + [True] * 3


def test_a_record_is_kept_whole(tmp_path: Path) -> None:
    """Attempts with their checks, escalations, costs: as plain values, the newest first."""
    log = SqliteTaskLog(Database(str(tmp_path)))
    run(log.record(RECORD))
    run(log.record(RECORD._replace(task_id="id-2", outcome="review", started=1_795_000_100.0)))
    rows = SqliteTaskLog(Database(str(tmp_path))).rows()

    assert [row["task_id"] for row in rows] == ["id-2", "id-1"]
    assert rows[1]["attempts"][0]["checks"][0]["reason"] == "C is never heard"
    assert rows[1]["escalations"] == [["phi-3.5-mini", "llama-3.3-70b"]]
    assert [row["task_id"] for row in log.rows(outcome="review")] == ["id-2"]
    assert [row["task_id"] for row in log.rows(since=1_795_000_050.0)] == ["id-2"]
    assert len(log.rows(most=1)) == 1


def test_only_the_last_records_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that runs for years stays bounded."""
    monkeypatch.setattr(models, "MOST_TASKS", 3)
    log = SqliteTaskLog(Database(str(tmp_path)))
    for number in range(6):
        run(log.record(RECORD._replace(task_id=f"id-{number}")))

    assert [row["task_id"] for row in log.rows()] == ["id-5", "id-4", "id-3"]


def test_no_log_is_an_empty_log(tmp_path: Path) -> None:
    """Reading makes no file."""
    assert SqliteTaskLog(Database(str(tmp_path / "none"))).rows() == []
    assert not (tmp_path / "none").exists()


def ledger(folder: Path) -> SqliteLedger:
    return SqliteLedger(Database(str(folder), SPENDING))


def test_what_is_set_aside_cannot_be_spent_twice(tmp_path: Path) -> None:
    """By another process neither; what was not needed is free again."""
    first, second = ledger(tmp_path), ledger(tmp_path)
    limits = [("2026-11-21", 1.0), ("2026-11", 5.0)]
    ticket = run(first.reserve(0.8, limits))

    assert ticket is not None
    assert run(second.reserve(0.3, limits)) is None
    assert run(second.spent("2026-11")) == pytest.approx(0.8)
    run(first.settle(ticket, 0.1))
    assert run(second.reserve(0.3, limits)) is not None
    assert run(first.spent("2026-11-21")) == pytest.approx(0.4)


def test_many_at_once_never_overspend(tmp_path: Path) -> None:
    """Forty threads with a connection each want a tenth of the budget: ten get it."""
    limits = [("day", 1.0)]

    def one(_: int) -> bool:
        return run(ledger(tmp_path).reserve(0.1, limits)) is not None

    run(ledger(tmp_path).spent("day"))
    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(one, range(40)))

    assert granted <= 10
    assert run(ledger(tmp_path).spent("day")) == pytest.approx(granted / 10)
    assert granted >= 9


def test_a_folder_that_cannot_be_used_stops_nothing(tmp_path: Path) -> None:
    """Nothing is remembered or logged; without a budget money may be spent, with one it may not."""
    place = tmp_path / "file"
    place.write_text("in the way")
    own, log, spending = memory(place), SqliteTaskLog(Database(str(place))), ledger(place)

    run(own.remember("key", ANSWER))
    run(log.record(RECORD))
    assert run(own.recall("key")) is None
    assert run(spending.reserve(0.1, [("day", float("inf"))])) is not None
    assert run(spending.reserve(0.1, [("day", 1.0)])) is None
    assert run(spending.spent("day")) == 0.0


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be looked at" * 40, b"SQLite format 3\0" + b"\xff" * 4096]
)
def test_a_damaged_file_is_begun_anew(content: bytes, tmp_path: Path) -> None:
    """Answers and log can be made again: the file is put aside. What was spent is never begun anew."""
    (tmp_path / ANSWERS).write_bytes(content)
    (tmp_path / SPENDING).write_bytes(content)
    own = memory(tmp_path)
    run(own.remember("key", ANSWER))

    assert run(own.recall("key")) == ANSWER
    assert (tmp_path / f"{ANSWERS}.damaged").read_bytes() == content
    assert run(ledger(tmp_path).reserve(0.1, [("day", 1.0)])) is None
    assert (tmp_path / SPENDING).read_bytes() == content


def test_what_an_older_version_kept_is_not_misread(tmp_path: Path) -> None:
    """An answer of another shape is none."""
    database = Database(str(tmp_path))
    database.now(lambda connection: connection.execute("INSERT INTO answers VALUES ('key', '[1]', 0)").rowcount)

    assert run(SqliteMemory(database, Remembered).recall("key")) is None


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    """Prompts may be in it when a person asked for that."""
    run(memory(tmp_path / "own").remember("key", ANSWER))

    assert (tmp_path / "own" / ANSWERS).stat().st_mode & 0o077 == 0
    with sqlite3.connect(tmp_path / "own" / ANSWERS) as connection:
        assert connection.execute("SELECT COUNT(*) FROM answers").fetchone() == (1,)
    connection.close()


def test_nobody_waits_for_what_is_written_and_everybody_finds_it(tmp_path: Path) -> None:
    """Answers and records are written in their turn, outside the event loop; when the loop has ended they are on the disk."""
    own = memory(tmp_path)
    log = SqliteTaskLog(own._database)

    async def work() -> list[object]:
        for number in range(20):
            await own.remember(f"key-{number}", ANSWER)
            await log.record(RECORD._replace(task_id=f"id-{number}"))
        await own.forget("key-3")
        return [await own.recall("key-19"), await own.recall("key-3")]

    assert run(work()) == [ANSWER, None]
    run(own.remember("last", ANSWER))
    assert run(memory(tmp_path).recall("last")) == ANSWER
    assert [row["task_id"] for row in SqliteTaskLog(Database(str(tmp_path))).rows(most=2)] == ["id-19", "id-18"]


def test_writes_that_nobody_waits_for_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a bound the next one waits until all are done."""
    monkeypatch.setattr(models, "MOST_WAITING", 5)
    monkeypatch.setattr(models, "GATHER_S", 0.2)
    own = memory(tmp_path)

    async def work() -> int:
        return max([(await own.remember(f"key-{number}", ANSWER), len(own._database._waiting))[1] for number in range(30)])

    assert run(work()) <= 5
