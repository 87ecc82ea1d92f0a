"""Posts whose words wait to be valid, and what the site's build would refuse in files."""

import sqlalchemy as sa
from alembic import op

from pressroom.kernel.db.base import JsonDocument

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source_files", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("source_files", sa.Column("problems", JsonDocument))


def downgrade() -> None:
    op.drop_column("source_files", "problems")
    op.drop_column("source_files", "held")
