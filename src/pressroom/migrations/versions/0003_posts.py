"""Posts, their versions, drafts, old addresses, tags, categories, imports and the search index."""

import sqlalchemy as sa
from alembic import op

from pressroom.kernel.db.base import JsonDocument, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _posts()
    _around_posts()
    _terms()
    _search()


def _posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("author_name", sa.String(200), nullable=False),
        sa.Column("author_handle", sa.String(120), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("deletion", sa.String(32), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("visibility", sa.String(20), nullable=False),
        sa.Column("published_at", UtcDateTime()),
        sa.Column("public_at", UtcDateTime()),
        sa.Column("public_revision", sa.BigInteger()),
        sa.Column("description", sa.String(1000), nullable=False),
        sa.Column("summary", sa.String(1000), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("first_category", sa.String(100)),
        sa.Column("first_category_slug", sa.String(120)),
        sa.Column("second_category", sa.String(100)),
        sa.Column("second_category_slug", sa.String(120)),
        sa.Column("tags", JsonDocument, nullable=False),
        sa.Column("cover", sa.String(2000)),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("comments_count", sa.Integer(), nullable=False),
        sa.Column("likes_count", sa.Integer(), nullable=False),
        sa.Column("bookmarks_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime()),
        sa.Column("metadata", JsonDocument, nullable=False),
        sa.Column("content_json", JsonDocument, nullable=False),
        sa.Column("content_html", sa.Text(), nullable=False),
        sa.Column("content_raw", sa.Text(), nullable=False),
        sa.Column("content_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_posts_author_id", ondelete="SET NULL"),
        sa.UniqueConstraint("slug", "deletion", name="uq_posts_slug"),
    )
    op.create_index("ix_posts_public_at_id", "posts", ["public_at", "id"])
    op.create_index("ix_posts_public_revision", "posts", ["public_revision"])
    op.create_index("ix_posts_status_published_at", "posts", ["status", "published_at"])
    op.create_index("ix_posts_updated_at_id", "posts", ["updated_at", "id"])
    op.create_index("ix_posts_author_id", "posts", ["author_id"])


def _around_posts() -> None:
    op.create_table(
        "post_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.Uuid()),
        sa.Column("note", sa.String(100), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("front", JsonDocument, nullable=False),
        sa.Column("content_raw", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_post_versions"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_versions_post_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["saved_by"], ["users.id"], name="fk_post_versions_saved_by", ondelete="SET NULL"),
        sa.UniqueConstraint("post_id", "version", name="uq_post_versions_post_id"),
    )
    op.create_table(
        "post_drafts",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("words", JsonDocument, nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", "user_id", name="pk_post_drafts"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_drafts_post_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_post_drafts_user_id", ondelete="CASCADE"),
    )
    op.create_table(
        "post_slugs",
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_post_slugs"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_slugs_post_id", ondelete="CASCADE"),
    )
    op.create_index("ix_post_slugs_post_id", "post_slugs", ["post_id"])
    op.create_table(
        "post_imports",
        sa.Column("source", sa.String(1000), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_post_imports"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_imports_post_id", ondelete="CASCADE"),
    )
    op.create_index("ix_post_imports_post_id", "post_imports", ["post_id"])


def _terms() -> None:
    op.create_table(
        "tags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("key", name="uq_tags_key"),
        sa.UniqueConstraint("slug", name="uq_tags_slug"),
    )
    op.create_table(
        "post_tags",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", "tag_id", name="pk_post_tags"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_tags_post_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_post_tags_tag_id", ondelete="CASCADE"),
    )
    op.create_index("ix_post_tags_tag_id", "post_tags", ["tag_id"])
    op.create_table(
        "categories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent", sa.String(120), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_categories"),
        sa.UniqueConstraint("parent", "key", name="uq_categories_parent_key"),
        sa.UniqueConstraint("parent", "slug", name="uq_categories_parent_slug"),
    )


def _search() -> None:
    """Each database its own full-text index over the same encoded tokens; see `search_index.py`."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE post_search (post_id UUID NOT NULL, document TSVECTOR NOT NULL,"
            " CONSTRAINT pk_post_search PRIMARY KEY (post_id),"
            " CONSTRAINT fk_post_search_post_id FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE)"
        )
        op.execute("CREATE INDEX ix_post_search_document ON post_search USING GIN (document)")
        return
    # FTS5 knows rows by number only, and the numbers must survive VACUUM: hence a table of their own.
    op.execute("CREATE TABLE post_search_rows (id INTEGER PRIMARY KEY, post_id CHAR(32) NOT NULL UNIQUE)")
    op.execute("CREATE VIRTUAL TABLE post_search USING fts5(title, summary, body, closed, tokenize = 'ascii')")


def downgrade() -> None:
    for table in ("post_search", *(() if _is_postgresql() else ("post_search_rows",))):
        op.drop_table(table)
    for table in ("categories", "post_tags", "tags", "post_imports", "post_slugs", "post_drafts", "post_versions"):
        op.drop_table(table)
    op.drop_table("posts")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
