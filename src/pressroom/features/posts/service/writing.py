"""Creating posts and changing their words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pressroom.features.posts.errors import CategoryIncomplete, DraftNotFound, PostNotFound
from pressroom.features.posts.filling import (
    Terms,
    Values,
    Writer,
    byline,
    fill,
    new_values,
    set_type,
    stand,
    words_of,
    words_values,
)
from pressroom.features.posts.manuscripts import Saving
from pressroom.features.posts.models import Post
from pressroom.features.posts.policy import may_edit
from pressroom.features.posts.repository import PostRepository
from pressroom.features.posts.schemas import drafted_words
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.drafts import check_counter
from pressroom.features.posts.states import Standing, Status, published, redated
from pressroom.features.posts.terms import term_key
from pressroom.features.posts.typeset import House, Typeset, address, typeset, typeset_aside
from pressroom.features.posts.words import Words, flat
from pressroom.kernel.auth import Actor
from pressroom.kernel.preconditions import ANY, Precondition

FALLBACK_SLUG = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A manuscript on its way to becoming a post; picklable.

    Attributes:
        words: the manuscript.
        made: what is made from it, as far as that is done.
        slug: its address; it may be empty.
        draft: whether readers are not to see it.
        note: what the list of versions will say.
        updated: when it was last changed elsewhere.
    """

    words: Words
    made: Typeset | None
    slug: str
    draft: bool
    note: str = "Created"
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a request changes.

    Attributes:
        words: fields of `Words`; those that are missing stay as they are.
        draft: `False` publishes (or schedules, with a date in the future), `True` takes back, `None` leaves it.
        out: publishes even what is scheduled, unless the words bring another date.
        take_draft: take the words of the actor's autosaved draft with this counter, under `words`.
        note: what the list of versions will say.
    """

    words: Mapping[str, Any] = field(default_factory=dict)
    draft: bool | None = None
    out: bool = False
    take_draft: int | None = None
    note: str = "Edited"


class Writing:
    """Use cases that write words. Rendering happens before the database is asked, so that nobody waits for it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def create(self, actor: Actor, words: Words, *, draft: bool) -> Post:
        """Creates a post; without `draft` it is published, or scheduled when its date lies ahead.

        An address made from the title is numbered until it is free; one that was asked for is not.

        Raises:
            SlugTaken: the address that was asked for is used.
            TextRefused: the Markdown cannot be rendered.
        """
        check_words(words)
        made = await typeset_aside(words, self._desk.house)
        slug = address(words, self._desk.house)
        writer = Writer(actor.id, actor.display_name, actor.username)
        return (await self.create_many(writer, [Prepared(words=words, made=made, slug=slug, draft=draft)]))[0]

    async def create_many(self, writer: Writer, prepared: Sequence[Prepared]) -> list[Post]:
        """Creates posts together: all of them, or none when this unit of work fails.

        Raises:
            SlugTaken: an address that was asked for is used.
            TextRefused: words come without what is made from them, and cannot be rendered.
        """
        desk, now = self._desk, self._desk.now()
        terms = await desk.settle_terms([each.words for each in prepared])
        made = [each.made or await typeset_aside(each.words, desk.house) for each in prepared]
        rows = [self._row(each, typeset, writer, terms) for each, typeset in zip(prepared, made, strict=True)]
        posts = [post for post, _ in rows]
        derived = [post for post, each in zip(posts, prepared, strict=True) if each.words.slug is None]
        await desk.repository.add(posts, derived=derived)
        await desk.repository.set_tags([(post.id, tag) for post, tags in rows for tag in tags])
        await desk.manuscripts.keep(
            [(post, words_of(post)) for post in posts], Saving(writer.id, now, prepared[0].note)
        )
        await desk.index.put(desk.unit.session, [(post, each.index) for post, each in zip(posts, made, strict=True)])
        await desk.finish([(post, False) for post in posts])
        return posts

    def _row(self, each: Prepared, made: Typeset, writer: Writer, terms: Terms) -> tuple[Post, list[UUID]]:
        """A new row, and the ids of its tags."""
        values, tags = new_row(each, writer, terms, house=self._desk.house, now=self._desk.now())
        post = Post(**values)
        set_type(post, made)
        stand(post, Standing(Status(post.status), post.published_at))
        return post, tags

    async def update(self, actor: Actor, ref: str, change: Change, *, wanted: Precondition = ANY) -> Post:
        """Changes some fields; what the post was stays a version. The same words again change nothing.

        Raises:
            PostNotFound: there is none, or it is somebody else's.
            PostChanged: somebody saved in between; both sides are in its details.
            SlugTaken: another post uses the address.
            DraftNotFound, DraftChanged: the draft that was to be taken is gone, or another one.
        """
        if change.take_draft is not None:
            change = replace(change, words={**await self._drafted(actor, ref, change), **change.words})
        seen, words = await self._look(actor, ref, change)
        made = await typeset_aside(words, self._desk.house)
        post = await self._desk.open(actor, ref, wanted, yours=flat(change.words))
        if post.version != seen:
            words = words_of(post).changed(change.words)
            made = typeset(words, self._desk.house)
        if change.take_draft is not None:
            await self._desk.repository.take_draft(post.id, actor.id, change.take_draft)
        return await self.write(post, words, made, change, by=actor.account_id)

    async def write(self, post: Post, words: Words, made: Typeset | None, change: Change, *, by: UUID | None) -> Post:
        """Puts words into an opened post. The same words again change nothing.

        Raises:
            TextRefused: nothing was made from the words yet, and their Markdown cannot be rendered.
        """
        desk = self._desk
        check_words(words)
        standing = _standing(post, words, change, now=desk.now())
        before, was = words_of(post), post.public_at is not None
        words = _spelled_as(before, words).changed({"published": standing.published_at})
        if words == before and standing.status == post.status:
            return post
        post.version += 1
        led: list[UUID] = []
        if words != before:
            made = made or await typeset_aside(words, desk.house)
            led = await self._rewrite(post, words, made)
            stand(post, standing)
            await desk.index.put(desk.unit.session, [(post, made.index)])
            saving = Saving(by, desk.now(), change.note)
            await desk.manuscripts.keep([(post, words_of(post))], saving)
        else:
            stand(post, standing)
            await desk.reindex(post, was=was)
        await desk.finish([(post, was)], also=led)
        return post

    async def _rewrite(self, post: Post, words: Words, made: Typeset) -> list[UUID]:
        """Changes a row's words. Returns the posts that lost an old address to this one."""
        desk = self._desk
        led = await self._move(post, words.slug) if words.slug and words.slug != post.slug else []
        if words.author or post.front.get("author"):
            post.author_name, post.author_handle = byline(words, await desk.writer(post), desk.house)
        tags = fill(post, words, await desk.settle_terms([words]))
        set_type(post, made)
        post.updated_at = desk.now()
        await desk.repository.set_tags([(post.id, tag) for tag in tags], replacing=post.id)
        return led

    async def _move(self, post: Post, slug: str) -> list[UUID]:
        repository, old = self._desk.repository, post.slug
        led = await repository.claim_addresses([slug]) if post.public_at else []
        await repository.move_address(post, slug)
        if post.public_revision is not None:
            await repository.leave_address(post, old, self._desk.now())
        return [each for each in led if each != post.id]

    async def _look(self, actor: Actor, ref: str, change: Change) -> tuple[int, Words]:
        """The version that is there and the words that the change makes of it, read without holding anyone up."""
        async with self._desk.services.reading() as session:
            post = await PostRepository(session).get(ref)
        if not may_edit(actor, post.author_id):
            raise PostNotFound
        return post.version, words_of(post).changed(change.words)

    async def _drafted(self, actor: Actor, ref: str, change: Change) -> dict[str, Any]:
        async with self._desk.services.reading() as session:
            repository = PostRepository(session)
            post = await repository.get(ref)
            draft = await repository.draft(post.id, actor.id)
        if draft is None or not may_edit(actor, post.author_id):
            raise DraftNotFound
        check_counter(draft, change.take_draft)
        return drafted_words(draft.words)


def new_row(each: Prepared, writer: Writer, terms: Terms, *, house: House, now: datetime) -> tuple[Values, list[UUID]]:
    """The columns of a new post but for what is made from its words, and the ids of its tags."""
    values, tags = words_values(each.words, terms)
    date = each.words.published
    standing = Standing(Status.draft, date) if each.draft else published(date, now)
    said = {
        "slug": each.slug or FALLBACK_SLUG,
        "updated_at": each.updated or now,
        "status": standing.status,
        "published_at": standing.published_at,
    }
    return {**new_values(each.words, writer, house=house, now=now), **values, **said}, tags


def check_words(words: Words) -> None:
    """Refuses a second-level category without a first one."""
    if words.second_category and not words.first_category:
        raise CategoryIncomplete


def _spelled_as(before: Words, words: Words) -> Words:
    """Tags and categories that the post has in another spelling stay as they are spelled: each is one for all posts."""
    names = (*before.tags, before.first_category, before.second_category)
    spelled = {term_key(name): name for name in names if name}
    said = {"first_category": words.first_category, "second_category": words.second_category}
    levels = {level: spelled.get(term_key(name), name) for level, name in said.items() if name}
    return words.changed({"tags": tuple(spelled.get(term_key(name), name) for name in words.tags), **levels})


def _standing(post: Post, words: Words, change: Change, *, now: datetime) -> Standing:
    status = Status(post.status)
    if change.draft:
        return Standing(Status.draft, words.published)
    if change.draft is False and status in (Status.draft, Status.archived):
        return published(words.published, now)
    if change.out and status is Status.scheduled and words.published == post.published_at:
        return published(now, now)
    return redated(status, before=post.published_at, after=words.published, now=now)
