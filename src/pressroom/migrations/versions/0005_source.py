"""The attached source folder: its files, and saves on their way to them."""

import sqlalchemy as sa
from alembic import op

from pressroom.kernel.db.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_files",
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("post_id", sa.Uuid()),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.LargeBinary()),
        sa.Column("error", sa.String(1000)),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_source_files"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_source_files_post_id", ondelete="CASCADE"),
        sa.UniqueConstraint("post_id", name="uq_source_files_post_id"),
    )
    op.create_table(
        "source_intents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("after", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_source_intents"),
    )
    op.create_index("ix_source_intents_path", "source_intents", ["path"])


def downgrade() -> None:
    op.drop_table("source_intents")
    op.drop_table("source_files")
