"""The tables of posts. Private to the slice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from pressroom.kernel.db.base import Base, JsonDocument

TITLE = 300
SUMMARY = 1000
SLUG = 100
NAME = 100
TERM_SLUG = 120
UNTYPESET = text("NOT is_typeset")


class Post(Base):
    """One post: its words as a row, and what was made from them.

    `public_at` is `published_at` while readers may see the post and empty otherwise: the one condition of every
    public query. `public_revision` is the public revision at which readers last saw a change of it, its
    disappearance included. `deletion` is empty while the post lives and its own id in the trash, so that the
    address is free again. While `is_typeset` is false only the words and what they name are there; nothing was made
    from them yet, and readers see nothing of the post. What is large stands last: lists never read that far.
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("slug", "deletion", name="uq_posts_slug"),
        Index("ix_posts_public_at_id", "public_at", "id"),
        Index("ix_posts_public_revision", "public_revision"),
        Index("ix_posts_status_published_at", "status", "published_at"),
        Index("ix_posts_updated_at_id", "updated_at", "id"),
        Index("ix_posts_author_id", "author_id"),
        # PostgreSQL's half stands in the migration: said here, it would load that dialect at every start.
        Index("ix_posts_untypeset", "published_at", sqlite_where=UNTYPESET),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    author_name: Mapped[str] = mapped_column(String(200))
    author_handle: Mapped[str] = mapped_column(String(TERM_SLUG))
    title: Mapped[str] = mapped_column(String(TITLE))
    slug: Mapped[str] = mapped_column(String(SLUG))
    deletion: Mapped[str] = mapped_column(String(32), default="")
    status: Mapped[str] = mapped_column(String(20))
    visibility: Mapped[str] = mapped_column(String(20))
    published_at: Mapped[datetime | None]
    public_at: Mapped[datetime | None]
    public_revision: Mapped[int | None] = mapped_column(BigInteger)
    description: Mapped[str] = mapped_column(String(SUMMARY))
    summary: Mapped[str] = mapped_column(String(SUMMARY))
    lang: Mapped[str] = mapped_column(String(35))
    first_category: Mapped[str | None] = mapped_column(String(NAME))
    first_category_slug: Mapped[str | None] = mapped_column(String(TERM_SLUG))
    second_category: Mapped[str | None] = mapped_column(String(NAME))
    second_category_slug: Mapped[str | None] = mapped_column(String(TERM_SLUG))
    tags: Mapped[list[Any]]
    cover: Mapped[str | None] = mapped_column(String(2000))
    word_count: Mapped[int]
    minutes: Mapped[int]
    comments_count: Mapped[int] = mapped_column(default=0)
    likes_count: Mapped[int] = mapped_column(default=0)
    bookmarks_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    front: Mapped[dict[str, Any]] = mapped_column("metadata", JsonDocument)
    content_json: Mapped[dict[str, Any]]
    content_html: Mapped[str] = mapped_column(Text)
    content_raw: Mapped[str] = mapped_column(Text)
    content_text: Mapped[str] = mapped_column(Text)
    is_typeset: Mapped[bool] = mapped_column(server_default=true())


class PostVersion(Base):
    """A saved state of a post's words and front matter; `note` says how it came about."""

    __tablename__ = "post_versions"
    __table_args__ = (UniqueConstraint("post_id", "version", name="uq_post_versions_post_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    version: Mapped[int]
    saved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(TITLE))
    word_count: Mapped[int]
    created_at: Mapped[datetime]
    front: Mapped[dict[str, Any]]
    content_raw: Mapped[str] = mapped_column(Text)


class PostShowing(Base):
    """From this public revision on readers saw the post at this version; no version: they saw it no more.

    Written in the transaction that moves the revision. What a release shows of a post is its row with the greatest
    revision that is not above the release's.
    """

    __tablename__ = "post_showings"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True, index=True)
    version: Mapped[int | None]


class PostTrouble(Base):
    """What keeps the site from being built with a post as it was at `version`; it counts until the next one."""

    __tablename__ = "post_troubles"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    message: Mapped[str] = mapped_column(Text)
    field: Mapped[str | None] = mapped_column(String(200))
    line: Mapped[int | None]


class PostDraft(Base):
    """What one person has typed into one post and not saved. Never shown to readers.

    The row stays when the draft is saved or thrown away, without its words and based on no version, so that the
    counter goes on: a window that saw the draft before never takes the next one for it.
    """

    __tablename__ = "post_drafts"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    counter: Mapped[int]
    based_on: Mapped[int]
    words: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class PostSlug(Base):
    """An address that a post had while readers could see it; it leads to the post's present one."""

    __tablename__ = "post_slugs"

    slug: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]


class Tag(Base):
    """A tag. `key` is the folded name by which two spellings count as the same."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("key", name="uq_tags_key"), UniqueConstraint("slug", name="uq_tags_slug"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME))
    key: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(TERM_SLUG))


class PostTag(Base):
    """Which post carries which tag; the order stands in `Post.tags`."""

    __tablename__ = "post_tags"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True)


class Category(Base):
    """A category; `parent` is the first level's slug, empty for the first level itself."""

    __tablename__ = "categories"
    __table_args__ = (
        UniqueConstraint("parent", "key", name="uq_categories_parent_key"),
        UniqueConstraint("parent", "slug", name="uq_categories_parent_slug"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    parent: Mapped[str] = mapped_column(String(TERM_SLUG))
    name: Mapped[str] = mapped_column(String(NAME))
    key: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(TERM_SLUG))


class PostImport(Base):
    """Which file a post was imported from, what the file was like then, and which version came of it."""

    __tablename__ = "post_imports"

    source: Mapped[str] = mapped_column(String(1000), primary_key=True)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    imported_at: Mapped[datetime]
