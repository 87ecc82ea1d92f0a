"""Keeping the watch: for whichever folder is attached, in one process of this machine, for as long as it runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import structlog

from pressroom.features.source.attachment import find_attachment
from pressroom.features.source.holding import free_to_hold
from pressroom.features.source.looking import ask_for_scan
from pressroom.features.source.settings import SourceSettings
from pressroom.features.source.watching.changes import Changes, WatchFailed, changes_in, must_poll
from pressroom.features.source.watching.news import is_news
from pressroom.features.source.watching.trouble import advice_for
from pressroom.kernel.services import Services
from pressroom.kernel.settings import JobsSettings

LONGEST_PAUSE = 60.0
log = structlog.get_logger(__name__)


async def keep_watch(services: Services) -> None:
    """Asks for a scan as soon as something changed on disk; returns only when the settings say `off`.

    Whether a folder is attached is looked for as often as other processes' jobs are, so that commands need not tell.
    Of several processes one watches; when it dies, another one takes over. While a folder cannot be watched, the
    schedule alone looks at it, and the log says once what to do.
    """
    if services.settings[SourceSettings].watch == "off":
        return
    await _Keeper(services).run()


class _Keeper:
    """One process's part in watching."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._often = services.settings[JobsSettings].poll_seconds
        self._pause = self._often
        self._trouble = ""
        self._watched: Path | None = None

    async def run(self) -> None:
        while True:
            folder = await self._attached()
            if folder is not None:
                with free_to_hold(self._services, "watch") as is_free:
                    if is_free:
                        await self._watch(folder)
            await asyncio.sleep(self._pause)

    async def _attached(self) -> Path | None:
        async with self._services.reading() as session:
            attachment = await find_attachment(session)
        return attachment.content if attachment else None

    async def _watch(self, folder: Path) -> None:
        """Until the folder is let go of, or can be watched no more."""
        polling = await asyncio.to_thread(must_poll, folder, self._services.settings[SourceSettings].watch)
        async with aclosing(changes_in(folder, polling=polling)) as following:
            while (changes := await self._next(following, folder)) and await self._attached() == folder:
                self._stands(folder, polling=polling)
                if changes.anything or (changes.files and await is_news(self._services, folder, changes.files)):
                    await self._ask()
        self._watched = None

    async def _next(self, following: AsyncIterator[Changes], folder: Path) -> Changes | None:
        """The next changes; `None` when there are no more to come."""
        try:
            return await anext(following)
        except (OSError, WatchFailed) as error:
            self._tell(folder, error)
            return None

    async def _ask(self) -> None:
        async with self._services.unit() as unit:
            await ask_for_scan(self._services, unit)

    def _stands(self, folder: Path, *, polling: bool | None) -> None:
        self._pause = self._often
        if self._watched != folder:
            self._watched, self._trouble = folder, ""
            log.info("source.watching", folder=str(folder), how="looking" if polling else "told")

    def _tell(self, folder: Path, error: Exception) -> None:
        """Says it once, and tries again: soon where only the folder is missing, ever later where the system refuses."""
        is_missing = isinstance(error, (FileNotFoundError, NotADirectoryError))
        self._pause = self._often if is_missing else min(LONGEST_PAUSE, self._pause * 2)
        advice = advice_for(error)
        if advice != self._trouble:
            self._trouble = advice
            log.warning("source.not_watched", folder=str(folder), reason=str(error), advice=advice)
