"""A commit for each publish: from a save to a commit of its file, with the name of who saved."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.accounts.errors import UserNotFound
from pressroom.features.accounts.service.people import get_user
from pressroom.features.source.attachment import find_attachment
from pressroom.features.source.errors import NotWritten
from pressroom.features.source.git import find_tree
from pressroom.features.source.git.committing import Committer, Identity, Outcome, action_of, front_of
from pressroom.features.source.git.errors import NotInGit
from pressroom.features.source.git.pulling import Remote
from pressroom.features.source.git.running import Interrupt
from pressroom.features.source.journal import digest_at, finish_intents
from pressroom.features.source.orders import COMMIT, PUSH, CommitOrder
from pressroom.features.source.repository import SourceFiles
from pressroom.features.source.settings import SourceSettings
from pressroom.kernel.services import Services
from pressroom.kernel.settings import SiteSettings
from pressroom.kernel.uow import UnitOfWork

# So long a burst of saves of one post is waited for; it becomes one commit.
BURST = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a save does to a file: what it held and what it will hold; `None` where there is no file."""

    path: str
    before: bytes | None
    after: bytes | None

    @property
    def matters(self) -> bool:
        """Whether readers see it, as far as the file tells."""
        return action_of(front_of(self.before, self.path), front_of(self.after, self.path)) is not None


async def ask_for_commit(
    services: Services, unit: UnitOfWork, change: FileChange, *, post_id: UUID, by: UUID | None
) -> None:
    """Commits the post's file soon, where that is wished for and readers see the change; in this transaction."""
    kind = services.jobs.find(COMMIT)
    if not services.settings[SourceSettings].git_commit or kind is None:
        return
    if not await asyncio.to_thread(lambda: change.matters):
        return
    order = CommitOrder(post_id=post_id, by=by)
    key = f"{COMMIT}:{order.post_id}:{order.by}"
    await unit.enqueue(kind, order, key=key, run_at=services.clock.now() + BURST, actor_id=order.by)


async def commit_post(services: Services, order: CommitOrder) -> Outcome:
    """Commits the file of a post as its last save left it, and asks for a push where one is set.

    Raises:
        NotWritten: the save has not reached its file yet.
        GitDetached, GitUnfinished, GitBusy, GitUntrusted, GitMissing, GitTimedOut, GitRefused: git cannot, or will not.
    """
    unwritten = await finish_intents(services)
    async with services.reading() as session:
        attachment = await find_attachment(session)
        file = (await SourceFiles(session).by_post([order.post_id])).get(order.post_id)
        by = await _identity(services, session, order.by)
    if attachment is None or file is None:
        return Outcome(note="The folder of this post is not attached any more.")
    if file.path in unwritten:
        raise NotWritten(f"{file.path} cannot be written: {unwritten[file.path]}")
    tree = await asyncio.to_thread(find_tree, attachment.content)
    if tree is None:
        return Outcome(note=f"{attachment.content} is not in a working tree of git.")
    if await asyncio.to_thread(digest_at, attachment.content, file.path) != ("" if file.gone else file.digest):
        return Outcome(note=f"{file.path} was changed on disk since; that change is yours to commit.")
    wishes = services.settings[SourceSettings]
    committer = Committer(tree, code=wishes.git_hooks)
    made = await committer.commit(attachment.content / file.path, wishes.git_message, by)
    if made.commit and wishes.git_push:
        await _ask_for_push(services)
    return made


async def push(services: Services, *, interrupt: Interrupt) -> str:
    """Sends the branch to the remote that is set. Returns git's words.

    Raises:
        NotInGit, GitDiverged, GitUnreachable, GitUntrusted, GitMissing, GitTimedOut: git cannot, or will not.
    """
    async with services.reading() as session:
        attachment = await find_attachment(session)
    tree = await asyncio.to_thread(find_tree, attachment.content) if attachment else None
    if tree is None:
        raise NotInGit
    wishes = services.settings[SourceSettings]
    return await Remote(tree, code=wishes.git_hooks, interrupt=interrupt).push(wishes.git_push)


async def _ask_for_push(services: Services) -> None:
    if kind := services.jobs.find(PUSH):
        async with services.unit() as unit:
            await unit.enqueue(kind, kind.arguments(), key=PUSH)


async def _identity(services: Services, session: AsyncSession, user_id: UUID | None) -> Identity:
    """The person's name and mail; the publication's where nobody did it, or somebody who is gone."""
    site = services.settings[SiteSettings]
    host = urlsplit(site.base_url).hostname or "localhost"
    try:
        user = await get_user(session, user_id) if user_id else None
    except UserNotFound:
        user = None
    if user is None:
        return Identity(site.title, f"pressroom@{host}")
    # git refuses a name without a letter or digit.
    name = user.display_name if any(map(str.isalnum, user.display_name)) else user.username
    return Identity(name, user.email or f"{user.username}@{host}")
