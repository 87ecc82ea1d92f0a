"""Attaching somebody's own folder of Markdown, and letting go of it."""

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.welcome import decline_welcome_post
from pressroom.features.source.attachment import (
    Attachment,
    find_attachment,
    forget_attachment,
    store_attachment,
    versions_when_detached,
)
from pressroom.features.source.conflicts.course import Course
from pressroom.features.source.errors import AnotherAttached, NothingAttached
from pressroom.features.source.events import FolderAttached, FolderDetached
from pressroom.features.source.holding import holding
from pressroom.features.source.journal import finish_intents
from pressroom.features.source.looking import ask_for_scan
from pressroom.features.source.recognise import SourceSite
from pressroom.features.source.repository import SourceFiles
from pressroom.features.source.returning import hold_what_changed, versions_of_files
from pressroom.features.source.scanning import ScanReport, scan
from pressroom.kernel.services import Services


async def attach(services: Services, site: SourceSite) -> ScanReport:
    """Attaches a recognised site and takes its posts in. Attaching the same folder again scans it again.

    The posts of a folder that was attached before stay as they are, each in its row.

    Raises:
        AnotherAttached: another folder is attached.
    """
    await attach_unscanned(services, site)
    return await scan(services)


async def attach_unscanned(services: Services, site: SourceSite) -> None:
    """Attaches a recognised site, after a scan that is under way; whoever scans next takes its posts in.

    Raises:
        AnotherAttached: another folder is attached.
    """
    async with holding(services, "scan"), services.unit() as unit:
        before = await find_attachment(unit.session)
        if before and before.content != site.content:
            raise AnotherAttached(f"{before.content} is attached. Detach it first: pressroom site detach")
        attachment = Attachment(
            root=site.root,
            content=site.content,
            generator=site.generator,
            build=site.build,
            output=site.output,
            attached_at=before.attached_at if before else services.clock.now(),
        )
        if before is None:
            await _recall(unit.session, attachment)
        await decline_welcome_post(services, unit)
        await store_attachment(unit, attachment)
        await unit.announce(FolderAttached(site.content))


async def _recall(session: AsyncSession, attachment: Attachment) -> None:
    """What is known of the files of another folder is forgotten."""
    then = await versions_when_detached(session, attachment.content)
    if then is None:
        await SourceFiles(session).forget_all()
    else:
        await hold_what_changed(session, attachment, then)


async def detach(services: Services) -> Path:
    """Lets go of the folder. Its files stay as they are, and so do the posts; conflicts end. Returns the folder.

    A look at it that is under way is waited for. A save that has not reached its file yet does so when this folder is
    attached again.

    Raises:
        NothingAttached: there is none.
    """
    await finish_intents(services)
    async with holding(services, "scan"), services.unit() as unit:
        attachment = await find_attachment(unit.session)
        if attachment is None:
            raise NothingAttached
        await Course(services, unit).end_all("detached")
        await forget_attachment(unit, attachment, await versions_of_files(unit.session))
        await unit.announce(FolderDetached(attachment.content))
    return attachment.content


async def start(services: Services) -> None:
    """Finishes the saves that a crash left, and looks at the folder that is attached."""
    await finish_intents(services)
    async with services.unit() as unit:
        await ask_for_scan(services, unit)
