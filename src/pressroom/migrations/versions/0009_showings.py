"""Which version of each post readers saw from which public revision on."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# What readers see now.
_NOW = """
INSERT INTO post_showings (post_id, revision, version)
SELECT id, public_revision, CASE WHEN public_at IS NOT NULL THEN version END
FROM posts WHERE public_revision IS NOT NULL
"""

# What they saw in releases made before: of posts that changed since and whose date had come by then, the newest words
# that were saved by then. A post that was taken back at that time is told as shown; nothing kept says otherwise.
_THEN = """
INSERT INTO post_showings (post_id, revision, version)
SELECT posts.id, made.revision, MAX(post_versions.version)
FROM (SELECT revision, MIN(created_at) AS at FROM releases GROUP BY revision) AS made
JOIN posts ON posts.public_revision > made.revision AND posts.published_at <= made.at
JOIN post_versions ON post_versions.post_id = posts.id AND post_versions.created_at <= made.at
GROUP BY posts.id, made.revision
"""


def upgrade() -> None:
    op.create_table(
        "post_showings",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.PrimaryKeyConstraint("post_id", "revision", name="pk_post_showings"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_showings_post_id", ondelete="CASCADE"),
    )
    op.create_index("ix_post_showings_revision", "post_showings", ["revision"])
    op.execute(_NOW)
    op.execute(_THEN)


def downgrade() -> None:
    op.drop_table("post_showings")
