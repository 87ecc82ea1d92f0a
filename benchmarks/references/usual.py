"""The usual FastAPI and async ORM endpoints over the same SQLite file, as a careful developer writes them.

A session for each request, models with relationships loaded by `selectinload`, a Pydantic model made from
attributes. `python -m benchmarks.references.usual PORT DATABASE`.
"""

import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, defer, mapped_column, relationship, selectinload

from benchmarks.references.serving import serve


class Base(DeclarativeBase):
    """The same tables as the program's, as far as readers see them."""


class User(Base):
    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    username: Mapped[str]
    display_name: Mapped[str]


class PostTag(Base):
    __tablename__ = "post_tags"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("tags.id"), primary_key=True)


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str]


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    slug: Mapped[str]
    status: Mapped[str]
    visibility: Mapped[str]
    published_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    summary: Mapped[str]
    lang: Mapped[str]
    first_category: Mapped[str | None]
    second_category: Mapped[str | None]
    cover: Mapped[str | None]
    word_count: Mapped[int]
    minutes: Mapped[int]
    comments_count: Mapped[int]
    likes_count: Mapped[int]
    content_html: Mapped[str]
    author: Mapped[User | None] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary="post_tags", order_by=Tag.name)


class FromAttributes(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AuthorOut(FromAttributes):
    username: str
    display_name: str


class TagOut(FromAttributes):
    name: str
    slug: str


class PostListed(FromAttributes):
    id: UUID
    title: str
    slug: str
    visibility: str
    published_at: datetime
    updated_at: datetime
    summary: str
    lang: str
    first_category: str | None
    second_category: str | None
    cover: str | None
    word_count: int
    minutes: int
    comments_count: int
    likes_count: int
    author: AuthorOut | None
    tags: list[TagOut]


class PostOut(PostListed):
    content_html: str


class Meta(BaseModel):
    total: int
    limit: int
    offset: int


class PostList(BaseModel):
    data: list[PostListed]
    meta: Meta


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]
READABLE = (Post.status == "published", Post.visibility == "public", Post.deleted_at.is_(None))
WITH_ALL = (selectinload(Post.author), selectinload(Post.tags))


def build(database: Path) -> FastAPI:
    """The application over this SQLite file."""
    app = FastAPI()
    app.state.engine = create_async_engine(f"sqlite+aiosqlite:///{database}")
    app.state.sessions = async_sessionmaker(app.state.engine, expire_on_commit=False)
    app.get("/api/v1/posts/{slug}", response_model=PostOut)(get_post)
    app.get("/api/v1/posts", response_model=PostList)(list_posts)
    return app


async def get_post(slug: str, session: Session) -> Any:
    post = await session.scalar(select(Post).where(Post.slug == slug, *READABLE).options(*WITH_ALL))
    if post is None:
        raise HTTPException(404)
    return post


async def list_posts(
    session: Session, limit: Annotated[int, Query(ge=1, le=100)] = 20, offset: Annotated[int, Query(ge=0)] = 0
) -> Any:
    total = await session.scalar(select(func.count()).select_from(Post).where(*READABLE))
    newest = select(Post).where(*READABLE).order_by(Post.published_at.desc(), Post.id.desc())
    page = newest.options(*WITH_ALL, defer(Post.content_html)).limit(limit).offset(offset)
    posts = (await session.scalars(page)).all()
    return {"data": posts, "meta": Meta(total=total or 0, limit=limit, offset=offset)}


if __name__ == "__main__":
    serve(build(Path(sys.argv[2])), sys.argv[1])
