"""Typesetting posts that came with their words alone, as a first look at a big folder brings them.

Such a post is hidden from readers (`stand` says so, in one place) until what is made from its words is there. A job
makes all of them whole, newest first; whoever asks for one of them by its name, shows it or changes it, has that one
made whole first; and whoever prints everything, waits for the job's work or does it.

A batch is one unit of work: a kill leaves whole posts and untouched ones, and `posts.is_typeset` says which is which.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from uuid import UUID

import structlog

from pressroom.features.posts.filling import words_of
from pressroom.features.posts.manuscripts import RowManuscripts
from pressroom.features.posts.repository import PostRepository
from pressroom.features.posts.service.desk import TYPESET, Desk
from pressroom.features.posts.typeset import House, Typeset, typeset_anyhow
from pressroom.features.posts.words import Words
from pressroom.features.posts.workers import ahead, workers
from pressroom.kernel.holding import holding
from pressroom.kernel.jobs.queue import find_running
from pressroom.kernel.services import Services

BATCH = 50
FIRST = 20
Told = Callable[[int, int], Awaitable[None]]
"""Hears how many posts are whole by now, of how many."""
Made = list[tuple[Typeset, str | None]]

log = structlog.get_logger(__name__)


class Typesetting:
    """Makes posts whole. Doing it twice is the same as doing it once."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._house = House.of(services.settings)

    async def now(self, post_ids: Sequence[UUID]) -> None:
        """These posts are whole when this returns; those that were already are not touched."""
        left, words = await self._words(post_ids)
        if left:
            await self._put(left, await asyncio.to_thread(typeset_many, words, self._house))

    async def all(self, told: Told) -> None:
        """Every post is whole when this returns, the newest first. One at a time; who comes second waits."""
        if not await self._left():
            return
        async with holding(self._services, "typesetting"):
            done = await self._first(told)
            while left := await self._left():
                async with workers(len(left), gently=True) as pool:
                    done = await self._share(pool, left, told, done=done)

    async def _first(self, told: Told) -> int:
        """The newest page of every list does not wait until processes have started."""
        left = await self._left()
        if first := left[:FIRST]:
            await self.now(first)
            await told(len(first), len(left))
        return len(first)

    async def _share(self, pool: Executor, left: Sequence[UUID], told: Told, *, done: int) -> int:
        """Has batches rendered by others and writes them in their order, with a few being rendered ahead."""
        loop, total = asyncio.get_running_loop(), done + len(left)
        waiting: deque[tuple[list[UUID], asyncio.Future[Made]]] = deque()
        for start in range(0, len(left), BATCH):
            ids, words = await self._words(left[start : start + BATCH])
            waiting.append((ids, loop.run_in_executor(pool, typeset_many, words, self._house)))
            while len(waiting) > (ahead() if start + BATCH < len(left) else 0):
                ids, made = waiting.popleft()
                await self._put(ids, await made)
                done += BATCH
                await told(min(done, total), total)
        return total

    async def _left(self) -> list[UUID]:
        async with self._services.reading() as session:
            return await PostRepository(session).untypeset()

    async def _words(self, post_ids: Sequence[UUID]) -> tuple[list[UUID], list[Words]]:
        async with self._services.reading() as session:
            posts = await PostRepository(session).still_untypeset(post_ids)
        return [post.id for post in posts], [words_of(post) for post in posts]

    async def _put(self, post_ids: Sequence[UUID], made: Made) -> None:
        by_id = dict(zip(post_ids, made, strict=True))
        async with self._services.unit() as unit:
            desk = Desk(self._services, unit, keeper=RowManuscripts(unit.session))
            posts = await desk.repository.still_untypeset(post_ids, lock=True)
            if posts:
                await desk.typeset([(post, by_id[post.id][0]) for post in posts])
        for post in posts:
            if reason := by_id[post.id][1]:
                log.warning("posts.shown_as_typed", slug=post.slug, reason=reason)


def typeset_many(words: Sequence[Words], house: House) -> Made:
    """`typeset_anyhow` for each."""
    return [typeset_anyhow(each, house) for each in words]


async def ask_for_typesetting(services: Services) -> UUID | None:
    """Asks for what is left to be typeset at once. Returns the job that does it, or `None` when nothing is left."""
    kind = services.jobs.find(TYPESET)
    async with services.reading() as session:
        if kind is None or not await PostRepository(session).untypeset():
            return None
        if running := await find_running(session, kind):
            return running
    async with services.unit() as unit:
        return await Desk(services, unit).ask_for_typesetting(soon=True)
