"""Alembic's entry: migrations run on the connection that `dti_core.records.database` hands over."""

from alembic import context

from dti_core.records.tables import Record

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
