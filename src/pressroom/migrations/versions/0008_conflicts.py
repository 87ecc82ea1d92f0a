"""Both sides changed one file: rows that are ahead of their files, and conflicts."""

import sqlalchemy as sa
from alembic import op

from pressroom.kernel.db.base import JsonDocument, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source_files", sa.Column("base", sa.LargeBinary()))
    op.add_column("source_files", sa.Column("ours", sa.LargeBinary()))
    op.add_column("source_files", sa.Column("conflict_id", sa.Uuid()))
    op.create_table(
        "source_conflicts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("resolved_at", UtcDateTime()),
        sa.Column("resolved_by", sa.Uuid()),
        sa.Column("resolution", sa.String(20)),
        sa.Column("clashes", JsonDocument, nullable=False),
        sa.Column("base", sa.LargeBinary(), nullable=False),
        sa.Column("ours", sa.LargeBinary(), nullable=False),
        sa.Column("theirs", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_source_conflicts"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_source_conflicts_post_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["users.id"], name="fk_source_conflicts_resolved_by", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_source_conflicts_post_id", "source_conflicts", ["post_id"])
    op.create_index("ix_source_conflicts_resolved_at_id", "source_conflicts", ["resolved_at", "id"])


def downgrade() -> None:
    op.drop_table("source_conflicts")
    for name in ("conflict_id", "ours", "base"):
        op.drop_column("source_files", name)
