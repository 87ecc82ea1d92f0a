"""Publishing and its opposites."""

from datetime import datetime
from uuid import UUID

from pressroom.features.posts.errors import MomentPassed
from pressroom.features.posts.filling import stand
from pressroom.features.posts.models import Post
from pressroom.features.posts.repository import PostRepository
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.posts.states import Standing, Status, published
from pressroom.kernel.auth import Actor
from pressroom.kernel.preconditions import ANY, Precondition
from pressroom.kernel.services import Services


class Publishing:
    """Use cases that move a post between its states. Doing one twice is the same as doing it once."""

    def __init__(self, desk: Desk, writing: Writing) -> None:
        self._desk = desk
        self._writing = writing

    async def publish(
        self, actor: Actor, ref: str, *, take_draft: int | None = None, wanted: Precondition = ANY
    ) -> Post:
        """Shows the post to readers now. A draft whose own date lies ahead is scheduled for it instead.

        With `take_draft`, the words of the actor's autosaved draft with that counter are saved and published.
        """
        if take_draft is not None:
            change = Change(draft=False, out=True, take_draft=take_draft, note="Published from the draft")
            return await self._writing.update(actor, ref, change, wanted=wanted)
        post = await self._desk.open(actor, ref, wanted)
        if post.status == Status.published:
            return post
        now = self._desk.now()
        waited = post.status == Status.scheduled
        return await self._stand(post, published(now if waited else post.published_at, now))

    async def schedule(self, actor: Actor, ref: str, at: datetime, *, wanted: Precondition = ANY) -> Post:
        """Shows the post to readers from that moment on, and hides it until then.

        Raises:
            MomentPassed: `at` is not in the future.
        """
        if at <= self._desk.now():
            raise MomentPassed
        post = await self._desk.open(actor, ref, wanted)
        return await self._stand(post, Standing(Status.scheduled, at))

    async def unpublish(self, actor: Actor, ref: str, *, wanted: Precondition = ANY) -> Post:
        """Takes the post back into a draft; it keeps its date."""
        post = await self._desk.open(actor, ref, wanted)
        return await self._stand(post, Standing(Status.draft, post.published_at))

    async def archive(self, actor: Actor | None, ref: str, *, wanted: Precondition = ANY) -> Post:
        """Keeps the post but shows it to readers no more. `None` is the program itself."""
        post = await self._desk.open(actor, ref, wanted)
        return await self._stand(post, Standing(Status.archived, post.published_at))

    async def publish_if_due(self, post_id: UUID) -> bool:
        """Shows a scheduled post whose moment has come. Returns whether it was one."""
        post = await self._desk.repository.get(str(post_id), lock=True)
        now = self._desk.now()
        is_due = post.status == Status.scheduled and post.published_at is not None and post.published_at <= now
        if is_due and not post.deletion:
            await self._stand(post, Standing(Status.published, post.published_at))
        return is_due

    async def _stand(self, post: Post, standing: Standing) -> Post:
        if standing == Standing(Status(post.status), post.published_at):
            return post
        was = post.public_at is not None
        stand(post, standing)
        post.version += 1
        await self._desk.reindex(post, was=was)
        await self._desk.finish([(post, was)])
        return post


async def publish_due(services: Services) -> int:
    """Shows every scheduled post whose moment has come, each in a unit of its own. Returns how many.

    A kill in between leaves the rest scheduled, and whoever comes next goes on. A post that fails does not keep the
    others waiting; its failure is raised once they are out.
    """
    async with services.reading() as session:
        due = await PostRepository(session).due(services.clock.now())
    count = 0
    failures: list[Exception] = []
    for post_id in due:
        try:
            count += await _publish_one(services, post_id)
        except Exception as error:  # noqa: BLE001  # whatever it is, the next post is out first
            failures.append(error)
    if failures:
        raise failures[0]
    return count


async def _publish_one(services: Services, post_id: UUID) -> bool:
    async with services.unit() as unit:
        desk = Desk(services, unit)
        return await Publishing(desk, Writing(desk)).publish_if_due(post_id)
