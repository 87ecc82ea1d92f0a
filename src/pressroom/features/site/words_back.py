"""Bringing back the words that a release shows, post by post, each in a unit of work of its own.

Killed at any line, the job goes on from its last checkpoint: which posts there are follows from two public revisions,
and a post that has been brought back since is recognised by its words.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from pressroom.features.accounts.service import find_actor
from pressroom.features.posts.errors import PostChanged
from pressroom.features.posts.service.versions import bring_back
from pressroom.features.posts.showings import Difference, PostDifference, Span, differences
from pressroom.features.site.comparing import FIRST
from pressroom.features.site.policy import check_may_run
from pressroom.features.site.schemas import PostChange, Refusal, WordsBack
from pressroom.kernel.auth import OPERATOR, Actor
from pressroom.kernel.errors import AppError, NotPermitted
from pressroom.kernel.jobs import JobContext

if TYPE_CHECKING:
    from pressroom.features.site.tasks import WordsArguments

CHECKPOINT_EVERY = 20
SERVER_FAILURE = 500
SAVED_SINCE = "It was saved again since, here or on disk; it was left as it is."


class BringingWordsBack:
    """One run of the job."""

    def __init__(self, context: JobContext, arguments: "WordsArguments") -> None:
        self._context = context
        self._services = context.services
        self._arguments = arguments
        self._note = f"Restored from release {arguments.created_at:%Y-%m-%d %H:%M:%S}Z"

    async def run(self) -> WordsBack:
        """Every post that both the release and readers show, the words of the release; the others are listed.

        Raises:
            NotPermitted: who asked may no longer decide this.
        """
        actor = await self._actor()
        span = Span(self._arguments.revision, self._arguments.now)
        async with self._services.reading() as session:
            found = await differences(session, span)
        done, last = self._begin([each for each in found if each.kind is not Difference.changed])
        changed = sorted((each for each in found if each.kind is Difference.changed), key=lambda each: each.id)
        for place, each in enumerate(changed, start=1):
            if last and each.id <= last:
                continue
            await self._take(actor, each, done)
            if place % CHECKPOINT_EVERY == 0:
                await self._context.save_checkpoint({"last": str(each.id), "done": done.model_dump(mode="json")})
            await self._context.progress(place / len(changed))
        return done

    def _begin(self, others: list[PostDifference]) -> tuple[WordsBack, UUID | None]:
        """What an earlier attempt came to, and its last post."""
        if checkpoint := self._context.checkpoint:
            return WordsBack.model_validate(checkpoint["done"]), UUID(checkpoint["last"])
        left_alone = [PostChange.model_validate(each) for each in others[:FIRST]]
        return WordsBack(left=len(others), left_alone=left_alone), None

    async def _actor(self) -> Actor:
        if self._arguments.actor_id is None:
            return OPERATOR
        async with self._services.reading() as session:
            actor = await find_actor(session, self._arguments.actor_id)
        if actor is None:
            raise NotPermitted("The account that asked for this is gone or deactivated.")
        check_may_run(actor)
        return actor

    async def _take(self, actor: Actor, each: PostDifference, done: WordsBack) -> None:
        """Brings one post back, or tells why not."""
        try:
            restored = each.words and await bring_back(self._services, actor, each, note=self._note)
        except AppError as error:
            if error.status >= SERVER_FAILURE:
                raise
            await self._refuse(each, error, done)
        else:
            done.restored += restored
            done.same += not restored

    async def _refuse(self, each: PostDifference, error: AppError, done: WordsBack) -> None:
        told = SAVED_SINCE if isinstance(error, PostChanged) else error.detail
        await self._context.log(f"{each.slug}: {told}")
        done.refused += 1
        if len(done.refusals) < FIRST:
            done.refusals.append(Refusal(slug=each.slug, code=error.code, message=told))
