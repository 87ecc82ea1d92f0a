"""Builds with an attached site's own command: what they were made from, their log, and the posts they stopped at."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("builds", sa.Column("by_command", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("builds", sa.Column("revision", sa.BigInteger()))
    op.add_column("builds", sa.Column("fingerprint", sa.String(64)))
    op.add_column("builds", sa.Column("log", sa.Text()))
    op.add_column("releases", sa.Column("by_command", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "post_troubles",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("field", sa.String(200)),
        sa.Column("line", sa.Integer()),
        sa.PrimaryKeyConstraint("post_id", name="pk_post_troubles"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_troubles_post_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table("post_troubles")
    op.drop_column("releases", "by_command")
    for name in ("log", "fingerprint", "revision", "by_command"):
        op.drop_column("builds", name)
