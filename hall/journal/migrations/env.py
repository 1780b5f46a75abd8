"""Run by Alembic, once an upgrade, on the connection and in the transaction that hall.journal.migrate opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # SQLite cannot alter most of a table: Alembic copies it into a new one instead
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
