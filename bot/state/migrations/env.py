"""Run by Alembic: apply migrations on the connection that ``database.migrate`` hands over."""

from alembic import context
from sqlalchemy import text

from bot.state.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        # Any constant will do: it makes processes that start together take turns.
        connection.execute(text("SELECT pg_advisory_xact_lock(7283901)"))
    context.run_migrations()
