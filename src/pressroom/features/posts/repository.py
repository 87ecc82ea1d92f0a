"""All SQL of writing posts. Private to the slice."""

from collections.abc import Awaitable, Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, delete, func, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.errors import DraftNotFound, PostNotFound, SlugTaken, VersionNotFound
from pressroom.features.posts.models import (
    UNTYPESET,
    Post,
    PostDraft,
    PostShowing,
    PostSlug,
    PostTag,
    PostVersion,
)
from pressroom.features.posts.states import Status
from pressroom.kernel.db.base import Base, insert_into
from pressroom.kernel.text.slugs import numbered

_CHUNK = 500
_NUMBERS = ((1, 1), (2, 20), (21, 1_000))
K = TypeVar("K", bound=Hashable)
# Prebuilt and without the ORM, because every publication and every first look at a folder waits for them.
_POSTS, _VERSIONS, _SHOWINGS = (Base.metadata.tables[each.__tablename__] for each in (Post, PostVersion, PostShowing))
_COLUMNS = {each.key: each.columns[0].name for each in inspect(Post).column_attrs}
_SEEN_AT = case((_POSTS.c.public_at.is_not(None), _POSTS.c.version))
_SEEN = select(_POSTS.c.id, _POSTS.c.public_revision, _SEEN_AT).where(_POSTS.c.public_revision == bindparam("at"))
_SHOW = insert(_SHOWINGS).from_select(["post_id", "revision", "version"], _SEEN)
_COUNT_WORDS = update(_VERSIONS).where(_VERSIONS.c.post_id == bindparam("of")).values(word_count=bindparam("words"))


_TYPED = PostDraft.based_on > 0
_NOTHING_TYPED: Mapping[str, Any] = {"based_on": 0, "words": {}}


def _drafts_of(post_id: UUID, user_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return PostDraft.post_id == post_id, PostDraft.user_id == user_id


class PostRepository:
    """Posts, their versions, drafts and addresses, in one session."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, ref: str, *, lock: bool = False) -> Post:
        """The post with this id (from the trash too) or with this present address.

        Raises:
            PostNotFound: there is none.
        """
        post_id = as_id(ref)
        found = await self._one(Post.id == post_id, lock=lock) if post_id else None
        found = found or await self._one((Post.slug == ref) & (Post.deletion == ""), lock=lock)
        if found is None:
            raise PostNotFound
        return found

    async def names(self, post_ids: Sequence[UUID]) -> list[Any]:
        """Ids, addresses, titles and authors of these posts, those in the trash among them."""
        columns = (Post.id, Post.slug, Post.title, Post.author_id)
        found: list[Any] = []
        for chunk in _chunks(list(post_ids)):
            found += (await self.session.execute(select(*columns).where(Post.id.in_(chunk)))).all()
        return found

    async def versions_of(self, post_ids: Collection[UUID]) -> dict[UUID, int]:
        """At which version these posts are, without those in the trash."""
        found: dict[UUID, int] = {}
        for chunk in _chunks(list(post_ids)):
            chosen = select(Post.id, Post.version).where(Post.id.in_(chunk), Post.deletion == "")
            found |= {row.id: row.version for row in await self.session.execute(chosen)}
        return found

    async def labels(self, post_ids: Collection[UUID]) -> list[Any]:
        """Ids, titles and dates of these posts, without those in the trash."""
        found: list[Any] = []
        for chunk in _chunks(list(post_ids)):
            chosen = select(Post.id, Post.title, Post.published_at).where(Post.id.in_(chunk), Post.deletion == "")
            found += (await self.session.execute(chosen)).all()
        return found

    async def contents(self, post_ids: Collection[UUID]) -> dict[UUID, str]:
        """The Markdown of these posts."""
        rows = await self.session.execute(select(Post.id, Post.content_raw).where(Post.id.in_(list(post_ids))))
        return {row.id: row.content_raw for row in rows}

    async def several(self, post_ids: Collection[UUID]) -> Sequence[Post]:
        """These posts."""
        found: list[Post] = []
        for chunk in _chunks(list(post_ids)):
            found += (await self.session.scalars(select(Post).where(Post.id.in_(chunk)).order_by(Post.id))).all()
        return found

    async def untypeset(self) -> list[UUID]:
        """Posts of which only the words are there, the newest first."""
        left = select(Post.id).where(UNTYPESET).order_by(Post.published_at.desc().nulls_last())
        return list((await self.session.scalars(left)).all())

    async def still_untypeset(self, post_ids: Collection[UUID], *, lock: bool = False) -> Sequence[Post]:
        """Those of these posts that nobody has made whole meanwhile, to be changed with `lock`."""
        found: list[Post] = []
        for chunk in _chunks(list(post_ids)):
            left = select(Post).where(Post.id.in_(chunk), UNTYPESET).order_by(Post.id)
            found += (await self.session.scalars(left.with_for_update() if lock else left)).all()
        return found

    async def any(self) -> bool:
        """Whether there has ever been a post."""
        return await self.session.scalar(select(Post.id).limit(1)) is not None

    async def due(self, now: datetime) -> list[UUID]:
        """Scheduled posts whose moment has come, the earliest first."""
        statement = select(Post.id).where(Post.status == Status.scheduled, Post.published_at <= now)
        statement = statement.where(Post.deletion == "").order_by(Post.published_at)
        return list((await self.session.scalars(statement)).all())

    async def sign(self, author_id: UUID, *, name: str, handle: str) -> list[UUID]:
        """Puts a name on the posts of one person that name nobody themselves. Returns those that readers see."""
        mine = select(Post.id, Post.public_at, Post.front).where(Post.author_id == author_id)
        rows = [row for row in (await self.session.execute(mine)).all() if "author" not in row.front]
        values = {"author_name": name, "author_handle": handle}
        for chunk in _chunks([row.id for row in rows]):
            await self.session.execute(update(Post).where(Post.id.in_(chunk)).values(values))
        return [row.id for row in rows if row.public_at]

    async def add(self, posts: Sequence[Post], *, derived: Iterable[Post]) -> None:
        """Inserts posts. An address that was only derived from a title is numbered until it is free.

        Raises:
            SlugTaken: an address that was asked for is used, or was taken at this very moment.
        """

        async def insert_all(slugs: Mapping[UUID, str]) -> None:
            for post in posts:
                post.slug = slugs[post.id]
            self.session.add_all(posts)

        await self._insert({post.id: post.slug for post in posts}, insert_all, {post.id for post in derived})

    async def add_rows(self, rows: Sequence[dict[str, Any]], *, derived: Collection[UUID]) -> None:
        """`add` for posts that are no objects of the session; their addresses are put into the rows.

        Raises:
            SlugTaken: as `add`.
        """

        async def insert_all(slugs: Mapping[UUID, str]) -> None:
            for row in rows:
                row["slug"] = slugs[row["id"]]
            columns = [{_COLUMNS[name]: value for name, value in row.items()} for row in rows]
            await self.session.execute(insert(_POSTS), columns)

        await self._insert({row["id"]: row["slug"] for row in rows}, insert_all, derived)

    async def _insert(
        self,
        slugs: Mapping[UUID, str],
        insert_all: Callable[[Mapping[UUID, str]], Awaitable[None]],
        derived: Collection[UUID],
    ) -> None:
        for _ in range(5):
            numbered = await self._numbered(slugs, derived)
            try:
                async with self.session.begin_nested():
                    await insert_all(numbered)
            except IntegrityError as error:
                _raise_unless_slug(error)
            else:
                return
        raise SlugTaken("Somebody takes this address at the same moment; try again.")

    async def move_address(self, post: Post, slug: str) -> None:
        """Gives a post another address.

        Raises:
            SlugTaken: another post uses it.
        """
        try:
            async with self.session.begin_nested():
                post.slug = slug
        except IntegrityError as error:
            _raise_unless_slug(error)
            raise _taken(slug) from error

    async def revive(self, post: Post) -> None:
        """Takes a post out of the trash, under its address or the next number behind it that is free.

        Raises:
            SlugTaken: somebody takes that address at this very moment.
        """
        slug = (await self._free({post.id: post.slug}, set()))[post.id]
        try:
            async with self.session.begin_nested():
                post.slug, post.deletion, post.deleted_at = slug, "", None
        except IntegrityError as error:
            _raise_unless_slug(error)
            raise _taken(slug) from error

    async def leave_address(self, post: Post, slug: str, now: datetime) -> None:
        """From now on the old address leads to the post."""
        await self.session.execute(delete(PostSlug).where(PostSlug.slug == slug))
        self.session.add(PostSlug(slug=slug, post_id=post.id, created_at=now))

    async def claim_addresses(self, slugs: Iterable[str]) -> list[UUID]:
        """These addresses lead nowhere else any more. Returns the posts that they led to."""
        wanted = list(slugs)
        led: list[UUID] = []
        for start in range(0, len(wanted), _CHUNK):
            statement = delete(PostSlug).where(PostSlug.slug.in_(wanted[start : start + _CHUNK]))
            led += (await self.session.scalars(statement.returning(PostSlug.post_id))).all()
        return led

    async def lock(self, post_ids: Collection[UUID]) -> None:
        """Waits for whoever writes these posts; taken before the public revision, as everybody takes it last."""
        if post_ids:
            await self.session.execute(select(Post.id).where(Post.id.in_(post_ids)).order_by(Post.id).with_for_update())

    async def mark_changed(self, post_ids: Iterable[UUID], revision: int) -> None:
        """Readers see these posts changed as of this revision."""
        values = {"public_revision": revision}
        for chunk in _chunks(list(post_ids)):
            await self.session.execute(update(Post).where(Post.id.in_(chunk)).values(values))

    async def record_showings(self, revision: int) -> None:
        """Remembers at which version readers see each post that changed at this revision: one statement for all."""
        await self.session.execute(_SHOW, {"at": revision})

    async def add_versions(self, rows: Iterable[dict[str, Any]]) -> None:
        """Inserts saved states."""
        await self.session.execute(insert(_VERSIONS), list(rows))

    async def set_tags(self, tags: Sequence[tuple[UUID, UUID]], *, replacing: UUID | None = None) -> None:
        """Writes pairs of post and tag, after removing those of the post that is edited."""
        if replacing:
            await self.session.execute(delete(PostTag).where(PostTag.post_id == replacing))
        if tags:
            await self.session.execute(insert(PostTag), [{"post_id": post, "tag_id": tag} for post, tag in tags])

    async def count_words(self, posts: Sequence[Post]) -> None:
        """Writes the number of words into the one version of posts that have just been typeset."""
        counts = [{"of": post.id, "words": post.word_count} for post in posts]
        await self.session.execute(_COUNT_WORDS, counts)

    async def version(self, post_id: UUID, number: int) -> PostVersion:
        """The words as they were at this version: the newest saved state that is not newer.

        Raises:
            VersionNotFound: the number is smaller than the first version's.
        """
        statement = select(PostVersion).where(PostVersion.post_id == post_id, PostVersion.version <= number)
        found = await self.session.scalar(statement.order_by(PostVersion.version.desc()).limit(1))
        if found is None:
            raise VersionNotFound
        return found

    async def versions(self, post_id: UUID, *, limit: int, offset: int) -> tuple[Sequence[Any], int]:
        """A page of a post's saved states, the newest first, without their words; and how many there are."""
        mine = PostVersion.post_id == post_id
        columns = (PostVersion.version, PostVersion.title, PostVersion.note, PostVersion.saved_by)
        statement = select(*columns, PostVersion.word_count, PostVersion.created_at).where(mine)
        page = statement.order_by(PostVersion.version.desc()).limit(limit).offset(offset)
        total = await self.session.scalar(select(func.count()).select_from(PostVersion).where(mine))
        return (await self.session.execute(page)).all(), total or 0

    async def draft(self, post_id: UUID, user_id: UUID) -> PostDraft | None:
        """What this person has typed and not saved."""
        return await self.session.scalar(select(PostDraft).where(*_drafts_of(post_id, user_id), _TYPED))

    async def draft_to_write(self, post_id: UUID, user_id: UUID, now: datetime) -> PostDraft:
        """The same, to be changed; where nothing is typed, an empty one."""
        mine = select(PostDraft).where(*_drafts_of(post_id, user_id)).with_for_update()
        if found := await self.session.scalar(mine):
            return found
        empty = {"post_id": post_id, "user_id": user_id, "counter": 0, "updated_at": now, **_NOTHING_TYPED}
        await self.session.execute(insert_into(self.session, PostDraft).values(**empty).on_conflict_do_nothing())
        return (await self.session.scalars(mine)).one()

    async def take_draft(self, post_id: UUID, user_id: UUID, counter: int) -> None:
        """Removes the draft whose words are being saved.

        Raises:
            DraftNotFound: it has changed or gone since it was read.
        """
        mine = update(PostDraft).where(*_drafts_of(post_id, user_id), _TYPED, PostDraft.counter == counter)
        if await self.session.scalar(mine.values(**_NOTHING_TYPED).returning(PostDraft.counter)) is None:
            raise DraftNotFound

    async def drop_draft(self, post_id: UUID, user_id: UUID) -> None:
        """Removes a person's draft, if there is one."""
        await self.session.execute(update(PostDraft).where(*_drafts_of(post_id, user_id)).values(**_NOTHING_TYPED))

    async def _one(self, condition: object, *, lock: bool) -> Post | None:
        statement = select(Post).where(condition)  # type: ignore[arg-type]  # a column expression, whatever its kind
        return await self.session.scalar(statement.with_for_update() if lock else statement)

    async def _numbered(self, slugs: Mapping[UUID, str], derived: Collection[UUID]) -> dict[UUID, str]:
        """The addresses that were asked for, checked, and the others with a number where they need one."""
        asked = {post_id: slug for post_id, slug in slugs.items() if post_id not in derived}
        if taken := next(iter(await self._live(asked.values())), None):
            raise _taken(taken)
        free = await self._free({post_id: slugs[post_id] for post_id in derived}, set(asked.values()))
        return asked | free

    async def _free(self, wanted: Mapping[K, str], used: set[str]) -> dict[K, str]:
        """A free address for each wanted one. Numbers are tried in growing handfuls, each one look into an index."""
        free: dict[K, str] = {}
        for first, last in _NUMBERS:
            left = {key: _numbers(slug, first, last) for key, slug in wanted.items() if key not in free}
            used |= await self._used({slug for slugs in left.values() for slug in slugs})
            for key, slugs in left.items():
                if slug := next((slug for slug in slugs if slug not in used), None):
                    free[key] = slug
                    used.add(slug)
        if missing := wanted.keys() - free.keys():
            raise _taken(wanted[missing.pop()])
        return free

    async def _live(self, slugs: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for chunk in _chunks(list(slugs)):
            found.update(await self.session.scalars(select(Post.slug).where(Post.slug.in_(chunk), Post.deletion == "")))
        return found

    async def _used(self, slugs: Iterable[str]) -> set[str]:
        """Which of these are used, or lead somewhere."""
        found: set[str] = await self._live(slugs)
        for chunk in _chunks(list(slugs)):
            found.update(await self.session.scalars(select(PostSlug.slug).where(PostSlug.slug.in_(chunk))))
        return found


def as_id(ref: str) -> UUID | None:
    """The id that a reference spells, if it is one."""
    try:
        return UUID(ref)
    except ValueError:
        return None


def _numbers(slug: str, first: int, last: int) -> list[str]:
    return [slug if number == 1 else numbered(slug, number) for number in range(first, last + 1)]


def _taken(slug: str) -> SlugTaken:
    return SlugTaken(f"Another post is at “{slug}”; choose another address.", details={"slug": slug})


def _raise_unless_slug(error: IntegrityError) -> None:
    told = str(error.orig)
    if "uq_posts_slug" not in told and "posts.slug" not in told:
        raise error


def _chunks(values: list[str] | list[UUID], *, size: int = _CHUNK) -> Iterable[list[str] | list[UUID]]:
    return (values[start : start + size] for start in range(0, len(values), size))
