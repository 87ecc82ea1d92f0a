"""The trash: deleting softly, and bringing back."""

from pressroom.features.posts.errors import NotInTrash, PostNotFound
from pressroom.features.posts.filling import stand
from pressroom.features.posts.models import Post
from pressroom.features.posts.policy import may_edit
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.states import Standing, Status, recovered
from pressroom.kernel.auth import Actor
from pressroom.kernel.preconditions import ANY, Precondition


class Trash:
    """Nothing is destroyed here: a deleted post keeps its words, versions, comments and numbers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def delete(self, actor: Actor, ref: str, *, wanted: Precondition = ANY) -> None:
        """Puts a post into the trash. Its address is free at once; readers see it no more."""
        post = await self._desk.open(actor, ref, wanted)
        was = post.public_at is not None
        post.deletion = post.id.hex
        post.deleted_at = self._desk.now()
        await self._return(post, Standing(Status(post.status), post.published_at), was=was)

    async def restore(self, actor: Actor, ref: str) -> Post:
        """Brings a post back as it was, published if it was; a scheduled one whose moment passed as a draft.

        When its address is used by now, it gets the next number behind it.

        Raises:
            NotInTrash: it was not deleted.
            PostChanged: a file stands now where its own would come back.
            SlugTaken: somebody takes its address at this very moment; try again.
        """
        post = await self._desk.repository.get(ref, lock=True)
        if not may_edit(actor, post.author_id):
            raise PostNotFound
        if not post.deletion:
            raise NotInTrash
        await self._desk.manuscripts.expect(post, ANY, yours={}, by=actor)
        await self._desk.repository.revive(post)
        standing = recovered(Status(post.status), post.published_at, self._desk.now())
        return await self._return(post, standing, was=False)

    async def _return(self, post: Post, standing: Standing, *, was: bool) -> Post:
        post.version += 1
        stand(post, standing)
        await self._desk.reindex(post, was=was)
        await self._desk.finish([(post, was)])
        return post
