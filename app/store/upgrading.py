"""Brings a database's tables up to date when it is opened. Several processes may do so at once: one does, the others wait."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.errors import StoreError

HEAD: Final = "0001"  # the newest of `migrations.versions`
VERSIONS: Final = sa.table("alembic_version", sa.column("version_num"))
TURN: Final = 0x0C7E7  # the number of PostgreSQL's lock that upgrading takes turns by


def upgrade(connection: Connection) -> None:
    """Have every table as this version of Octet knows it, within the transaction that is under way.

    Raises StoreError for a database that a newer version has upgraded.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(TURN)))
    found = version_of(connection)
    if found == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "app.store:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(f"the database is of another version of Octet ({found}): {error}") from error


def version_of(connection: Connection) -> str:
    """The name of the newest migration that was done, "" for none."""
    if not sa.inspect(connection).has_table(VERSIONS.name):
        return ""
    return str(connection.scalar(sa.select(VERSIONS.c.version_num)) or "")
