"""Autosave: what one person has typed into one post. It is never published and never overwrites a version."""

from collections.abc import Mapping
from typing import Any

from pressroom.features.posts.errors import DraftChanged, DraftNotFound, PostInTrash, PostNotFound
from pressroom.features.posts.models import Post, PostDraft
from pressroom.features.posts.policy import may_edit
from pressroom.features.posts.service.desk import Desk
from pressroom.kernel.auth import Actor
from pressroom.kernel.errors import PreconditionRequired
from pressroom.kernel.preconditions import Precondition, conflict


class Drafts:
    """Each person has one draft of each post, so nobody's typing replaces anybody else's."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def get(self, actor: Actor, ref: str) -> tuple[PostDraft, Post]:
        """The actor's draft and the post it belongs to.

        Raises:
            DraftNotFound: nothing was typed that is not saved.
        """
        post = await self._post(actor, ref)
        draft = await self._desk.repository.draft(post.id, actor.id)
        if draft is None:
            raise DraftNotFound
        return draft, post

    async def save(
        self, actor: Actor, ref: str, words: Mapping[str, Any], *, based_on: int, wanted: Precondition, strict: bool
    ) -> tuple[PostDraft, Post]:
        """Keeps what was typed. The first save needs no precondition; later ones name the counter they saw.

        Args:
            actor: who types.
            ref: the post.
            words: flat fields, as far as they are typed.
            based_on: the version that the typing began from.
            wanted: the counter that was seen.
            strict: whether a later save may leave `wanted` out.

        Raises:
            DraftChanged: another window saved in between, or took the draft; both sides are in its details.
            PreconditionRequired: there is a draft already, and nothing says that it was seen.
        """
        post = await self._post(actor, ref)
        if post.deletion:
            raise PostInTrash
        draft = await self._desk.repository.draft_to_write(post.id, actor.id, self._desk.now())
        _expect(draft, wanted, words, strict=strict)
        draft.counter += 1
        draft.based_on = based_on
        draft.words = dict(words)
        draft.updated_at = self._desk.now()
        await self._desk.unit.session.flush()
        return draft, post

    async def delete(self, actor: Actor, ref: str) -> None:
        """Throws away what was typed and not saved; nothing there is fine."""
        post = await self._post(actor, ref)
        await self._desk.repository.drop_draft(post.id, actor.id)

    async def _post(self, actor: Actor, ref: str) -> Post:
        post = await self._desk.repository.get(ref)
        if not may_edit(actor, post.author_id):
            raise PostNotFound
        return post


def check_counter(draft: PostDraft, counter: int | None) -> None:
    """Refuses to take another draft than the one that was seen."""
    if draft.counter != counter:
        raise _changed(draft, {"counter": counter}, Precondition())


def _expect(draft: PostDraft, wanted: Precondition, words: Mapping[str, Any], *, strict: bool) -> None:
    if draft.based_on == 0:
        if wanted.tags:
            raise _gone(words, wanted)
        return
    if wanted.tags is None and strict:
        raise PreconditionRequired(f"There is an autosaved draft with counter {draft.counter}; name it in If-Match.")
    if not wanted.allows(draft.counter):
        raise _changed(draft, {"draft": dict(words)}, wanted)


def _gone(words: Mapping[str, Any], wanted: Precondition) -> DraftChanged:
    told = "The autosaved draft was saved or thrown away since, probably in another window. Nothing was changed."
    return DraftChanged(told, details=conflict(wanted, {"draft": dict(words)}, {"counter": None, "draft": None}))


def _changed(draft: PostDraft, yours: dict[str, Any], wanted: Precondition) -> DraftChanged:
    current = {"counter": draft.counter, "based_on": draft.based_on, "draft": draft.words}
    told = f"The autosaved draft is at {draft.counter} now, probably from another window. Nothing was overwritten."
    return DraftChanged(told, details=conflict(wanted, yours, current))
