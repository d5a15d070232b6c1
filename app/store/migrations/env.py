"""What alembic runs: the steps that are due, on the connection that it is given."""

from __future__ import annotations

from alembic import context

from app.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()
