"""What every use case shares: the post and the right to it before a change, and what follows the change."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pressroom.features.accounts.service import people
from pressroom.features.posts.errors import PostInTrash, PostNotFound
from pressroom.features.posts.events import PostPublished, PostUnpublished, PublicPostsChanged
from pressroom.features.posts.filling import Terms, Writer, index_of, set_type, stand, words_of
from pressroom.features.posts.manuscripts import Manuscripts, manuscripts
from pressroom.features.posts.models import Post
from pressroom.features.posts.policy import may_edit
from pressroom.features.posts.repository import PostRepository
from pressroom.features.posts.search_index import search_index
from pressroom.features.posts.states import Standing, Status
from pressroom.features.posts.terms import settle_categories, settle_tags, term_key
from pressroom.features.posts.typeset import House, Typeset, typeset_anyhow
from pressroom.features.posts.words import Words
from pressroom.kernel.auth import Actor
from pressroom.kernel.jobs import NoArguments
from pressroom.kernel.preconditions import Precondition
from pressroom.kernel.revision import move
from pressroom.kernel.services import Services
from pressroom.kernel.settings import SiteSettings
from pressroom.kernel.uow import UnitOfWork

PUBLISH_DUE = "posts.publish_due"
TYPESET = "posts.typeset"
# Whoever brings many posts asks again at the end; until then the newest of all are not known.
_MORE_TO_COME = timedelta(minutes=1)


class Desk:
    """One unit of work over posts. A kill before its commit leaves everything as it was.

    Whoever brings words from where they are kept says so with `keeper`, so that they are not written back there.
    """

    def __init__(self, services: Services, unit: UnitOfWork, *, keeper: Manuscripts | None = None) -> None:
        self.services = services
        self.unit = unit
        self.repository = PostRepository(unit.session)
        self.manuscripts = keeper or manuscripts(services, unit)
        self.index = search_index(is_sqlite=services.database.is_sqlite)
        self.house = House.of(services.settings)
        self.now = services.clock.now

    async def open(
        self, actor: Actor | None, ref: str, wanted: Precondition, *, yours: Mapping[str, Any] | None = None
    ) -> Post:
        """The post, locked and whole, when this actor may change it and has seen what is there.

        `None` is the program itself.

        Raises:
            PostNotFound: there is none, or it is somebody else's.
            PostInTrash: it must be restored first.
            PostChanged: somebody saved in between.
        """
        post = await self.repository.get(ref, lock=True)
        if actor and not may_edit(actor, post.author_id):
            raise PostNotFound
        if post.deletion:
            raise PostInTrash
        await self.manuscripts.expect(post, wanted, yours=yours or {}, by=actor)
        if not post.is_typeset:
            made, _ = await asyncio.to_thread(typeset_anyhow, words_of(post), self.house)
            await self.typeset([(post, made)])
        return post

    async def writer(self, post: Post) -> Writer:
        """Who the post belongs to."""
        found = (await people(self.unit.session, [post.author_id])).get(post.author_id) if post.author_id else None
        return Writer(found.id, found.display_name, found.username) if found else self.house_writer()

    def house_writer(self) -> Writer:
        """The publication itself, for posts that belong to nobody."""
        title = self.services.settings[SiteSettings].title
        return Writer(None, title, title)

    async def settle_terms(self, words: Sequence[Words]) -> Terms:
        """The tags and categories of these words, made where they are new."""
        session, house = self.unit.session, self.house
        tags = await settle_tags(session, (name for each in words for name in each.tags), house)
        names = [each.first_category for each in words if each.first_category]
        first = await settle_categories(session, names, parent="", house=house)
        under: dict[str, list[str]] = {}
        for each in words:
            if each.first_category and each.second_category:
                under.setdefault(first[term_key(each.first_category)].slug, []).append(each.second_category)
        second = {
            parent: await settle_categories(session, below, parent=parent, house=house)
            for parent, below in sorted(under.items())
        }
        return Terms(tags, first, second)

    async def typeset(self, posts: Sequence[tuple[Post, Typeset]]) -> None:
        """Makes posts whole that had only their words; from then on readers and searches find them."""
        for post, made in posts:
            set_type(post, made)
            stand(post, Standing(Status(post.status), post.published_at))
        await self.repository.count_words([post for post, _ in posts])
        await self.index.put(self.unit.session, [(post, made.index) for post, made in posts])
        await self.tell([(post, False) for post, _ in posts])

    async def reindex(self, post: Post, *, was: bool) -> None:
        """Opens or closes a post to the public's searches when readers begin or cease to see it."""
        if was != (post.public_at is not None):
            await self.index.put(self.unit.session, [(post, index_of(post))])

    async def finish(self, changed: Sequence[tuple[Post, bool]], *, also: Sequence[UUID] = ()) -> None:
        """Settles what was written, and tells readers and listeners.

        Args:
            changed: the posts that were written, each with whether readers saw it before.
            also: ids of further posts that readers see changed, because they lost an old address.
        """
        await self.manuscripts.settle([post for post, _ in changed])
        for post, _ in changed:
            if post.status == Status.scheduled and post.published_at and not post.deletion:
                await self.wake_at(post.published_at)
        await self.tell(changed, also=also)

    async def tell(self, changed: Sequence[tuple[Post, bool]], *, also: Sequence[UUID] = ()) -> None:
        """Moves the public revision where readers see a difference, and announces it.

        An old address of another post leads there until a post of that address is public.
        """
        seen = [(post, was) for post, was in changed if was or post.public_at]
        await self.unit.session.flush()
        appeared = [post.slug for post, was in seen if not was]
        also = [*also, *(await self.repository.claim_addresses(appeared) if appeared else ())]
        if not seen and not also:
            return
        await self.repository.lock(also)
        revision = await move(self.unit)
        for post, _ in seen:
            post.public_revision = revision
        await self.repository.mark_changed(also, revision)
        await self.unit.session.flush()
        await self.repository.record_showings(revision)
        for post, was in seen:
            await self._announce(post, was=was)
        await self.unit.announce(PublicPostsChanged((*(post.id for post, _ in seen), *also), revision))

    async def ask_for_typesetting(self, *, soon: bool) -> UUID | None:
        """Asks for the job that makes posts whole. Returns its id; one that waits already is joined."""
        kind = self.services.jobs.find(TYPESET)
        run_at = self.now() if soon else self.now() + _MORE_TO_COME
        return await self.unit.enqueue(kind, NoArguments(), key=TYPESET, run_at=run_at) if kind else None

    async def _announce(self, post: Post, *, was: bool) -> None:
        if post.public_at and not was:
            await self.unit.announce(PostPublished(post.id))
        if was and not post.public_at:
            await self.unit.announce(PostUnpublished(post.id))

    async def wake_at(self, moment: datetime) -> None:
        """A job for this very moment; whoever else waits for it shares it, and it publishes whatever is due then."""
        if kind := self.services.jobs.find(PUBLISH_DUE):
            key = f"{PUBLISH_DUE}:{moment.isoformat()}"
            await self.unit.enqueue(kind, NoArguments(), key=key, run_at=moment)
