"""What the site does outside the request."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import ConfigDict

from pressroom.features.posts.showings import forget_showings
from pressroom.features.site.building.order import BuildOrder
from pressroom.features.site.building.telling import TELL_AUTHOR
from pressroom.features.site.models import BuildState
from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.schemas import WordsBack
from pressroom.kernel.jobs import JobContext, JobKind, NoArguments, Schedule
from pressroom.kernel.schema import Schema


class BuildResult(Schema):
    """How it went."""

    state: BuildState


async def _build_site(context: JobContext, order: BuildOrder) -> BuildResult:
    """Makes a release of what is published and takes it live. Building twice makes the same site twice."""
    from pressroom.features.site.building.builder import Builder  # noqa: PLC0415  # only where builds are made

    return BuildResult(state=await Builder(context).build(order))


async def _notice(context: JobContext, arguments: NoArguments) -> None:
    """Asks for a build when a layout, an image or the configuration of an attached site changed."""
    from pressroom.features.site.building.noticing import has_changed  # noqa: PLC0415  # only where builds are made

    del arguments
    if await has_changed(context.services):
        async with context.services.unit() as unit:
            await unit.enqueue(BUILD, BuildOrder(), key=BUILD_KEY)


class WordsArguments(Schema):
    """Whose words to bring back: what a release made at `created_at` shows of posts, which were at `now` when asked.

    `revision` and `now` are public revisions. `actor_id` is whose right is asked for each post; nobody's for the
    command line.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    revision: int
    now: int
    created_at: datetime
    actor_id: UUID | None


async def _bring_words_back(context: JobContext, arguments: WordsArguments) -> WordsBack:
    """Saves the words of a release as new versions. Doing it again changes nothing."""
    from pressroom.features.site.words_back import BringingWordsBack  # noqa: PLC0415  # rendering is heavy

    return await BringingWordsBack(context, arguments).run()


async def _forget_showings(context: JobContext, arguments: NoArguments) -> None:
    """Forgets what readers saw, as far as no kept release shows it."""
    del arguments
    async with context.services.unit() as unit:
        kept = await SiteRepository(unit.session).list_releases()
        await forget_showings(unit.session, {release.revision for release in kept})


BUILD_KEY = "site.build"
BUILD = JobKind(name="site.build", arguments=BuildOrder, handler=_build_site, lane="site.build")
NOTICE = JobKind(name="site.notice", arguments=NoArguments, handler=_notice)
WORDS_BACK = JobKind(name="site.words_back", arguments=WordsArguments, handler=_bring_words_back, lane="site.words")
FORGET_SHOWINGS = JobKind("site.forget_showings", NoArguments, _forget_showings, lane="site.words")
JOBS = (BUILD, NOTICE, TELL_AUTHOR, WORDS_BACK, FORGET_SHOWINGS)
SCHEDULES = (Schedule(NOTICE, every=timedelta(minutes=1)), Schedule(FORGET_SHOWINGS, every=timedelta(days=1)))
