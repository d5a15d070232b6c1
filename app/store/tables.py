"""The tables of the database, alike on SQLite and PostgreSQL. How a database comes to have them is `migrations`."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

METADATA: Final = sa.MetaData()
MARK: Final = sa.String(36)  # an id
WORD: Final = sa.String(255)
TIME: Final = sa.BigInteger()  # microseconds since 1970

GENERATIONS: Final = sa.Table(
    "generations",
    METADATA,
    sa.Column("id", MARK, primary_key=True),
    sa.Column("owner", WORD, nullable=False),
    sa.Column("created", TIME, nullable=False),
    sa.Column("genre", WORD, nullable=False),
    sa.Column("application", WORD, nullable=False),
    sa.Column("seed", sa.BigInteger(), nullable=False),
    sa.Column("method", WORD, nullable=False),
    sa.Column("version", WORD, nullable=False),
    sa.Column("key", WORD, nullable=False),
    sa.Column("tempo", sa.Float(), nullable=False),
    sa.Column("time_signature", WORD, nullable=False),
    sa.Column("num_bars", sa.Integer(), nullable=False),
    sa.Column("how", WORD, nullable=False),
    sa.Column("parent", MARK, nullable=False),  # may have been deleted since
    sa.Column("changed", sa.Text(), nullable=False),
    sa.Column("request", sa.Text(), nullable=False),
    sa.Column("result", sa.LargeBinary(), nullable=False),
    sa.Column("progression", sa.Text(), nullable=False),
    sa.Column("cost_usd", sa.Float()),
    sa.Column("midi", sa.LargeBinary(), key="file", nullable=False),
    sa.Index("generations_owner", "owner", "created", "id"),
    sa.Index("generations_created", "created"),
    sa.Index("generations_parent", "parent"),
)
FEEDBACK: Final = sa.Table(
    "feedback",
    METADATA,
    sa.Column("id", MARK, primary_key=True),
    sa.Column("generation", MARK, sa.ForeignKey("generations.id", ondelete="CASCADE"), nullable=False),
    sa.Column("created", TIME, nullable=False),
    sa.Column("action", WORD, nullable=False),
    sa.Column("rating", sa.Integer()),
    sa.Column("part", WORD, nullable=False),
    sa.Index("feedback_generation", "generation"),
)
ANSWERS: Final = sa.Table(  # to requests that came with an Idempotency-Key
    "answers",
    METADATA,
    sa.Column("owner", WORD, primary_key=True),
    sa.Column("key", WORD, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),  # of the request
    sa.Column("begun", TIME, nullable=False),
    sa.Column("until", TIME, nullable=False),  # under way: who began it is thought dead then; done: it is forgotten then
    sa.Column("status", sa.Integer(), nullable=False),  # 0 while it is under way
    sa.Column("headers", sa.Text(), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("made", sa.Text(), nullable=False),  # ids of generations in the body
    sa.Index("answers_until", "until"),
)
USAGE: Final = sa.Table(
    "usage",
    METADATA,
    sa.Column("subject", WORD, primary_key=True),
    sa.Column("period", WORD, primary_key=True),
    sa.Column("requests", sa.BigInteger(), nullable=False),
    sa.Column("usd", sa.Float(), nullable=False),
    sa.Column("changed", TIME, nullable=False),
    sa.Index("usage_period", "period"),
)
KEYS: Final = sa.Table(
    "api_keys",
    METADATA,
    sa.Column("id", MARK, primary_key=True),
    sa.Column("owner", WORD, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),  # SHA-256 of the key, hexadecimal
    sa.Column("prefix", WORD, nullable=False),  # the key's first characters, to know it by
    sa.Column("scopes", sa.Text(), nullable=False),  # words between spaces
    sa.Column("rate_per_minute", sa.Float()),
    sa.Column("burst", sa.Integer()),
    sa.Column("budget_day_usd", sa.Float()),
    sa.Column("budget_month_usd", sa.Float()),
    sa.Column("created", TIME, nullable=False),
    sa.Column("expires", TIME),
    sa.Column("revoked", TIME),
    sa.Column("last_used", TIME),
)


def insertion(connection: Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An insertion that can say what to do where the row is there already."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
