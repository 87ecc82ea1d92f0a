"""Looking at what is attached."""

import asyncio

from pressroom.features.source.attachment import Attachment, find_attachment
from pressroom.features.source.git import find_tree
from pressroom.features.source.policy import check_may_look
from pressroom.features.source.schemas import FolderOut, GitOut, SourceOut
from pressroom.features.source.wish import find_wish
from pressroom.kernel.auth import Actor
from pressroom.kernel.services import Services


async def look_at_source(services: Services, actor: Actor) -> SourceOut:
    """The attached folder and its git, as they are now; one query and a few looks at the disk, and nothing is run.

    Raises:
        NotPermitted: this is no editor.
    """
    check_may_look(actor)
    async with services.reading() as session:
        attachment = await find_attachment(session)
    wish = await find_wish(services)
    folder = await asyncio.to_thread(_folder, attachment) if attachment else None
    return SourceOut(folder=folder, notice=wish.trouble or None)


def _folder(attachment: Attachment) -> FolderOut:
    tree = find_tree(attachment.content)
    return FolderOut(
        content=str(attachment.content),
        root=str(attachment.root),
        generator=attachment.generator,
        build=attachment.build,
        attached_at=attachment.attached_at,
        git=GitOut(top=str(tree.top), branch=tree.branch, unfinished=tree.unfinished) if tree else None,
    )
