"""Builds and releases."""

import sqlalchemy as sa
from alembic import op

from pressroom.kernel.db.base import JsonDocument, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "builds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("is_full", sa.Boolean(), nullable=False),
        sa.Column("files_written", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Uuid()),
        sa.Column("error", JsonDocument),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_builds"),
    )
    op.create_index("ix_builds_started_at", "builds", ["started_at"])
    op.create_table(
        "releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_releases"),
    )


def downgrade() -> None:
    op.drop_table("releases")
    op.drop_table("builds")
