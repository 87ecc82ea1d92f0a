"""How Alembic runs here: on the connection it is handed, in that connection's transaction."""

from alembic import context

import pressroom.composition  # noqa: F401  # imports every feature and so every table
from pressroom.kernel.db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
