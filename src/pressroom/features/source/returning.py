"""A folder that is attached again: posts that were changed here while it was not attached are ahead of their files."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.service.versions import changed_since, versions_now
from pressroom.features.source.ahead import hold, is_ahead
from pressroom.features.source.attachment import Attachment
from pressroom.features.source.checking import plan
from pressroom.features.source.disk import UnsafePath, digest, read_inside
from pressroom.features.source.faithful import CannotEdit, Unreadable
from pressroom.features.source.forms import find_check
from pressroom.features.source.models import SourceFile
from pressroom.features.source.repository import SourceFiles
from pressroom.features.source.wanting import wanted_of

log = structlog.get_logger(__name__)


async def versions_of_files(session: AsyncSession) -> dict[UUID, int]:
    """At which version each post is that has a file."""
    known = (await SourceFiles(session).all()).values()
    return await versions_now(session, [each.post_id for each in known if each.post_id and not each.gone])


async def hold_what_changed(session: AsyncSession, attachment: Attachment, then: Mapping[UUID, int]) -> None:
    """Holds the words of posts that are not at the version any more that they had `then`.

    In the transaction that attaches the folder. No file is written: the next save does it. Where the file was changed,
    too, the next scan brings both together; nothing is known to be common to both then, so that a person decides
    wherever they differ.
    """
    posts = {post.id: post for post in await changed_since(session, then)}
    files = SourceFiles(session)
    found = await files.by_post(list(posts))
    check = await find_check(files, attachment) if found else None
    for post_id, file in found.items():
        if file.gone:
            continue
        wanted = wanted_of(posts[post_id], file, check)
        try:
            stood = await asyncio.to_thread(_stood, attachment.content, file)
            planned = await asyncio.to_thread(plan, stood, file.path, wanted, check)
        except (OSError, UnsafePath, Unreadable, CannotEdit) as error:
            log.warning("source.cannot_hold", path=file.path, reason=str(error))
            continue
        if planned.changes:
            is_common = is_ahead(file) or digest(stood) == file.digest
            hold(file, stood=(file.base or stood) if is_common else b"", ours=planned.content)


def _stood(root: Path, file: SourceFile) -> bytes:
    """What the row's words are put into: what a save that is on its way made of the file, else what it holds."""
    return file.ours if file.ours is not None else read_inside(root, file.path)
