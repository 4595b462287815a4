"""What Alembic runs for each command: on the connection that it was given, inside the transaction begun there."""

from alembic import context

from bot.storage.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite can undo DDL when BEGIN is ours, as it is here; a failed migration leaves nothing half done.
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
