"""What readers saw at one public revision and at another, and where the two differ."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, ScalarSelect, Select, and_, case, delete, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from pressroom.features.posts.models import Post, PostShowing, PostVersion


class Difference(StrEnum):
    """How a post differs between what readers saw *then* and what they see *now*.

    `newer`: seen now, and not before. `brought_back`: seen now and long ago, but not then. `changed`: seen both times.
    `hidden`: seen then, and taken back since. `unseen`: seen then, but not yet now, the older moment of the two.
    """

    newer = "newer"
    brought_back = "brought_back"
    changed = "changed"
    hidden = "hidden"
    unseen = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDifference:
    """One post that differs.

    Attributes:
        slug: its present address; that of then where readers see it no more.
        version_then: what readers saw then; `None` when they did not see it. `version_now` likewise.
        title_then: its title then; its title now when readers did not see it then. `title_now` likewise.
        words: whether the words of the two versions differ; otherwise it is where it stands, or whose name it bears.
    """

    id: UUID
    slug: str
    kind: Difference
    version_then: int | None
    version_now: int | None
    title_then: str
    title_now: str
    words: bool


@dataclass(frozen=True, slots=True)
class Span:
    """Two public revisions: that of what was, or would be, shown `then`, and that of what is shown `now`."""

    then: int
    now: int


_then, _now = aliased(PostShowing, name="shown_then"), aliased(PostShowing, name="shown_now")


async def differences(
    session: AsyncSession, span: Span, *, limit: int | None = None, offset: int = 0, only: Difference | None = None
) -> list[PostDifference]:
    """Posts that differ, in the order of the kinds, then by address. One query.

    Args:
        session: where to read.
        span: between which revisions; either may be the greater one.
        limit: how many at most; all without one.
        offset: how many to pass over.
        only: those of one kind.
    """
    titles = (_title(_then), _title(_now))
    states = (_state(_then), _state(_now))
    slug = case((_now.version.is_not(None), Post.slug), else_=_saved(_then, PostVersion.front["slug"].as_string()))
    columns = (Post.id, slug.label("slug"), _kind, _then.version, _now.version, *titles, *states)
    statement = _differing(span, *columns)
    if only:
        statement = statement.where(_kind == only)
    page = statement.order_by(_order, slug, Post.id).limit(limit).offset(offset)
    return [_difference(row) for row in (await session.execute(page)).all()]


async def count_differences(session: AsyncSession, span: Span) -> dict[Difference, int]:
    """How many posts differ, by kind. One query."""
    statement = _differing(span, _kind, func.count()).group_by(_kind)
    counted = dict((await session.execute(statement)).all())
    return {kind: counted.get(kind, 0) for kind in Difference}


async def count_changed_words(session: AsyncSession, span: Span) -> int:
    """How many posts were seen both times with different words."""
    differing = _differing(span, func.count()).where(_kind == Difference.changed, _state(_then) != _state(_now))
    return await session.scalar(differing) or 0


async def forget_showings(session: AsyncSession, kept: Collection[int]) -> int:
    """Forgets what no kept revision shows any more. Returns how many rows that were.

    A row is needed by the kept revisions from its own up to that of the post's next row. Rows above the greatest kept
    revision all stay: a release that is being made may need them.
    """
    if not kept:
        return 0
    later = aliased(PostShowing)
    first_needing = case(*((PostShowing.revision <= each, each) for each in sorted(kept)), else_=literal(0))
    overtaken = select(later.post_id).where(
        later.post_id == PostShowing.post_id, later.revision > PostShowing.revision, later.revision <= first_needing
    )
    statement = delete(PostShowing).where(overtaken.exists())
    done = await session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount


def _differing(span: Span, *columns: Any) -> Select[Any]:
    """The columns, of all posts that differ."""
    earlier, later = sorted((span.then, span.now))
    touched = select(PostShowing.post_id).where(PostShowing.revision > earlier, PostShowing.revision <= later)
    statement = select(*columns).select_from(Post)
    statement = statement.outerjoin(_then, _latest(_then, span.then)).outerjoin(_now, _latest(_now, span.now))
    is_seen = or_(_then.version.is_not(None), _now.version.is_not(None))
    return statement.where(Post.id.in_(touched), is_seen)


def _latest(shown: type[PostShowing], revision: int) -> ColumnElement[bool]:
    """The row that says how readers saw the post at this revision."""
    each = aliased(PostShowing)
    last = select(func.max(each.revision)).where(each.post_id == Post.id, each.revision <= revision)
    return and_(shown.post_id == Post.id, shown.revision == last.correlate(Post).scalar_subquery())


def _saved(shown: type[PostShowing], column: Any) -> ScalarSelect[Any]:
    """A column of the saved state that the post had at the version that was shown."""
    saved = select(column).where(PostVersion.post_id == Post.id, PostVersion.version <= shown.version)
    return saved.order_by(PostVersion.version.desc()).limit(1).correlate(Post, shown).scalar_subquery()


def _title(shown: type[PostShowing]) -> ScalarSelect[Any]:
    return _saved(shown, PostVersion.title)


def _state(shown: type[PostShowing]) -> ScalarSelect[Any]:
    return _saved(shown, PostVersion.version)


_kind = case(
    (_then.post_id.is_(None), literal(Difference.newer.value)),
    (_then.version.is_(None), literal(Difference.brought_back.value)),
    (_now.post_id.is_(None), literal(Difference.unseen.value)),
    (_now.version.is_(None), literal(Difference.hidden.value)),
    else_=literal(Difference.changed.value),
)
_order = case({kind.value: place for place, kind in enumerate(Difference)}, value=_kind)


def _difference(row: Any) -> PostDifference:
    post_id, slug, kind, then, now, title_then, title_now, state_then, state_now = row
    return PostDifference(
        id=post_id,
        slug=slug,
        kind=Difference(kind),
        version_then=then,
        version_now=now,
        title_then=title_then or title_now,
        title_now=title_now or title_then,
        words=state_then != state_now,
    )
