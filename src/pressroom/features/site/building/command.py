"""Releases that the attached site's own command makes.

The command runs in the site's folder, beside the live release, and its pages are gathered into a new one. Dying
anywhere in here leaves the live release, the site's folder and the posts as they were: the command's processes end
with this one, and scratch is cleared by the next build.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from pressroom.features.posts import press as published
from pressroom.features.site.building.aftermath import find_what_was_built
from pressroom.features.site.building.fault import Broken, Fault
from pressroom.features.site.building.footing import Footing, find_footing, wait_for_quiet
from pressroom.features.site.building.order import BuildOrder
from pressroom.features.site.external import BuildOptions, Ending, Failure, Limits, Outcome, SiteBuild, check_sane
from pressroom.features.site.models import Build, Release
from pressroom.features.site.releases.disk import discard
from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.serving.live import POLICY_FILE
from pressroom.features.site.settings import BuildSettings
from pressroom.features.site.store import release_store
from pressroom.features.source.attachment import Attachment
from pressroom.features.source.counterparts import find_post_of_file
from pressroom.kernel.ids import new_id
from pressroom.kernel.jobs import JobCancelled, JobContext

_EVENT = 8_000
_ALMOST = 0.9


class CommandMaker:
    """Has the site's own generator make every page."""

    def __init__(self, context: JobContext, order: BuildOrder, attachment: Attachment) -> None:
        self._context = context
        self._services = context.services
        self._settings = context.services.settings[BuildSettings]
        self._order = order
        self._attachment = attachment
        self._store = release_store(context.services)
        self._scratch = context.services.settings.data / "site" / "scratch"

    async def make(self, build: Build) -> Release | None:
        footing = await find_footing(self._services, self._attachment)
        if not self._order.everything and await self._is_shown(footing):
            return None
        if not self._order.asked:
            footing = await wait_for_quiet(self._services, self._attachment, footing, context=self._context)
        await self._begin(build, footing)
        await asyncio.to_thread(discard, self._scratch)
        made = SiteBuild(footing.site, scratch=self._scratch / build.id.hex, options=self._options())
        try:
            await self._run(made, build)
            release = await self._release(made, build, footing)
        finally:
            await asyncio.to_thread(made.discard)
            build.fingerprint = await find_what_was_built(self._services, footing)
        release.fingerprint = build.fingerprint
        return release

    def remember(self, release: Release) -> None:
        """Nothing: every build starts from the files."""

    async def _is_shown(self, footing: Footing) -> bool:
        newest = await asyncio.to_thread(self._store.list)
        async with self._services.reading() as session:
            row = await SiteRepository(session).find_release(UUID(newest[-1])) if newest else None
        return row is not None and (row.revision, row.fingerprint) == (footing.revision, footing.fingerprint)

    async def _begin(self, build: Build, footing: Footing) -> None:
        """Lists the build while it runs."""
        build.is_full = True
        build.revision, build.fingerprint = footing.revision, footing.fingerprint
        async with self._services.unit() as unit:
            await SiteRepository(unit.session).store_build(build)

    def _options(self) -> BuildOptions:
        wanted = self._settings
        return BuildOptions(
            limits=Limits(seconds=wanted.seconds, memory=wanted.memory_mb * 1024**2),
            environment=dict(pair.split("=", 1) for pair in wanted.environment),
            installs=wanted.install,
        )

    async def _run(self, made: SiteBuild, build: Build) -> None:
        """Runs the command; its log is live in the job and kept with the build.

        Raises:
            Broken: it failed, or passed a limit.
            JobCancelled: somebody stopped it.
        """
        usual = await self._usual_seconds()
        begun = asyncio.get_running_loop().time()

        async def listen(lines: Sequence[str]) -> None:
            elapsed = asyncio.get_running_loop().time() - begun
            with suppress(JobCancelled):  # `stopped` says so too, and then the command is asked to end, not killed
                for text in _events(lines):
                    await self._context.progress(min(_ALMOST, elapsed / usual), text)

        outcome = await made.run(listen, stopped=lambda: self._context.cancelled)
        build.log = "\n".join(outcome.log)
        self._context.raise_if_cancelled()
        if outcome.ending is not Ending.succeeded:
            raise Broken(await self._fault(outcome))

    async def _usual_seconds(self) -> float:
        async with self._services.reading() as session:
            last = await SiteRepository(session).find_last_by_command()
        took = (last.finished_at - last.started_at).total_seconds() if last and last.finished_at else 0.0
        return took or self._settings.seconds / 10

    async def _fault(self, outcome: Outcome) -> Fault:
        failure = outcome.failure or Failure("The build ended without a word.")
        post = None
        if failure.post:
            async with self._services.reading() as session:
                post = await find_post_of_file(session, failure.post)
        return Fault(
            message=failure.message,
            post_id=post.id if post else None,
            post=post.slug if post else None,
            file=failure.post or failure.file,
            fields=tuple({"field": each.field, "message": each.message} for each in failure.fields),
            line=failure.line,
            column=failure.column,
        )

    async def _release(self, made: SiteBuild, build: Build, footing: Footing) -> Release:
        release_id = new_id()
        compared = await self._comparable()
        build.files_written = await asyncio.to_thread(self._gather, made, release_id, compared)
        async with self._services.reading() as session:
            posts = await published.count(session)
        return Release(
            id=release_id,
            revision=footing.revision,
            fingerprint=footing.fingerprint,
            by_command=True,
            posts=posts,
            created_at=self._services.clock.now(),
        )

    async def _comparable(self) -> Path | None:
        """The live release, if it was made in the same way; another way makes another number of pages."""
        live = await asyncio.to_thread(self._store.current)
        async with self._services.reading() as session:
            row = await SiteRepository(session).find_release(UUID(live)) if live else None
        return self._store.path(str(row.id)) if row and row.by_command else None

    def _gather(self, made: SiteBuild, release_id: UUID, compared: Path | None) -> int:
        with self._store.stage(str(release_id), base=None) as staging:
            count = made.gather(staging.folder)
            check_sane(staging.folder, compared, confirmed=self._order.smaller)
            staging.write(POLICY_FILE, self._settings.content_security_policy.encode())
        return count


def _events(lines: Sequence[str]) -> list[str]:
    """The lines in as few events of the job's log as hold them."""
    texts = [""]
    for line in lines:
        if texts[-1] and len(texts[-1]) + len(line) > _EVENT:
            texts.append("")
        texts[-1] += f"\n{line}" if texts[-1] else line
    return [text for text in texts if text]
