"""The first tables: generations, feedback, answers to be repeated, usage, keys."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None
MARK: Final = sa.String(36)
WORD: Final = sa.String(255)
TIME: Final = sa.BigInteger()


def upgrade() -> None:
    """Make them."""
    _generations()
    _feedback()
    _answers()
    _usage()
    _keys()


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, WORD, nullable=False) for name in names]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _generations() -> None:
    op.create_table(
        "generations",
        sa.Column("id", MARK, primary_key=True),
        sa.Column("owner", WORD, nullable=False),
        sa.Column("created", TIME, nullable=False),
        *_words("genre", "application"),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        *_words("method", "version", "key"),
        sa.Column("tempo", sa.Float(), nullable=False),
        *_words("time_signature"),
        sa.Column("num_bars", sa.Integer(), nullable=False),
        *_words("how"),
        sa.Column("parent", MARK, nullable=False),
        *_texts("changed", "request"),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        *_texts("progression"),
        sa.Column("cost_usd", sa.Float()),
        sa.Column("midi", sa.LargeBinary(), nullable=False),
    )
    op.create_index("generations_owner", "generations", ["owner", "created", "id"])
    op.create_index("generations_created", "generations", ["created"])
    op.create_index("generations_parent", "generations", ["parent"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", MARK, primary_key=True),
        sa.Column("generation", MARK, sa.ForeignKey("generations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created", TIME, nullable=False),
        *_words("action"),
        sa.Column("rating", sa.Integer()),
        *_words("part"),
    )
    op.create_index("feedback_generation", "feedback", ["generation"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("owner", WORD, primary_key=True),
        sa.Column("key", WORD, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("begun", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        *_texts("headers"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        *_texts("made"),
    )
    op.create_index("answers_until", "answers", ["until"])


def _usage() -> None:
    op.create_table(
        "usage",
        sa.Column("subject", WORD, primary_key=True),
        sa.Column("period", WORD, primary_key=True),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("usd", sa.Float(), nullable=False),
        sa.Column("changed", TIME, nullable=False),
    )
    op.create_index("usage_period", "usage", ["period"])


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", MARK, primary_key=True),
        sa.Column("owner", WORD, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("prefix", WORD, nullable=False),
        *_texts("scopes"),
        sa.Column("rate_per_minute", sa.Float()),
        sa.Column("burst", sa.Integer()),
        sa.Column("budget_day_usd", sa.Float()),
        sa.Column("budget_month_usd", sa.Float()),
        sa.Column("created", TIME, nullable=False),
        sa.Column("expires", TIME),
        sa.Column("revoked", TIME),
        sa.Column("last_used", TIME),
    )
