"""Posts whose words are there while what is made from them is not: found newest first, at the cost of those alone.

Every post that is there now is whole. Before a downgrade let `posts.typeset` finish: the program before this one
would never typeset what is left, and show those posts to nobody until they are saved again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("is_typeset", sa.Boolean(), server_default=sa.true(), nullable=False))
    left = sa.text("NOT is_typeset")
    op.create_index("ix_posts_untypeset", "posts", ["published_at"], sqlite_where=left, postgresql_where=left)


def downgrade() -> None:
    op.drop_index("ix_posts_untypeset", "posts")
    op.drop_column("posts", "is_typeset")
