"""Answers that are given once, and again to whoever repeats the request."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa

from app.store.answers import DAY, Answer, Answers
from app.store.durable import Durable
from app.store.record import microseconds
from app.store.tables import ANSWERS

GIVEN = Answer("digest", 200, '{"x-octet-id": "1"}', b"body")


def test_one_of_many_who_ask_at_once_makes_the_answer(database: Durable) -> None:
    """The others are told that it is under way, and find it when it is made."""
    answers = Answers(database)

    async def use() -> None:
        found = await asyncio.gather(*(answers.begin("ann", "k", "digest", 60) for _ in range(20)))
        assert found.count(None) == 1
        assert {one for one in found if one is not None} == {Answer("digest", 0)}
        await answers.finish("ann", "k", GIVEN, "")
        assert await answers.begin("ann", "k", "other", 60) == GIVEN
        assert await answers.begin("bob", "k", "digest", 60) is None

    asyncio.run(use())


def test_an_answer_that_was_given_up_is_the_next_ones(database: Durable) -> None:
    """And so is one whose maker is late; one that was given stays."""
    answers = Answers(database)

    async def use() -> None:
        assert await answers.begin("", "k", "d", 60) is None
        await answers.give_up("", "k")
        assert await answers.begin("", "k", "d", -1) is None
        assert await answers.begin("", "k", "d", 60) is None
        await answers.finish("", "k", GIVEN, "")
        await answers.give_up("", "k")
        assert await answers.begin("", "k", "d", 60) == GIVEN

    asyncio.run(use())


def test_answers_are_kept_for_a_day(database: Durable) -> None:
    """Then they are swept away; those that a process left behind are swept when the next begins."""
    answers = Answers(database)

    async def use() -> None:
        await answers.begin("", "dead", "d", 60)
        await answers.begin("", "k", "d", 60)
        await answers.finish("", "k", GIVEN, "")
        await answers.sweep(begun_before=microseconds() + 1)
        assert await answers.begin("", "dead", "d", 60) is None
        assert await answers.begin("", "k", "d", 60) == GIVEN
        later = sa.update(ANSWERS).values(until=ANSWERS.c.until - DAY - 1)
        await database.write(lambda connection: connection.execute(later).rowcount)
        assert await answers.begin("", "dead", "d", -1) is None
        await answers.sweep()
        left = await database.read(lambda connection: connection.scalar(sa.select(sa.func.count()).select_from(ANSWERS)))
        assert left == 0

    asyncio.run(use())
