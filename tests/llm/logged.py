"""A task log in hand, an LLM that writes into it, and what counts as an answer."""

from __future__ import annotations

from app.errors import RejectedReply
from app.llm.ask import LLM
from app.llm.types import TaskRecord


class Log:
    """A task log in a list."""

    def __init__(self) -> None:
        self.records: list[TaskRecord] = []

    async def record(self, record: TaskRecord) -> None:
        self.records.append(record)


def with_log(llm: LLM) -> Log:
    log = Log()
    llm.keeping = llm.keeping._replace(log=log)
    return log


def good(text: str) -> str:
    """The only word that is accepted."""
    if text != "good":
        raise RejectedReply("say good")
    return text
