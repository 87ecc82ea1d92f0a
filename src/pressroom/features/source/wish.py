"""The folder that the settings ask for: `source.content`, or `ASTRO_CONTENT_PATH`, which other programs use."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from pressroom.features.source.attachment import Attachment, find_attachment
from pressroom.features.source.holding import holding
from pressroom.features.source.recognise import SourceSite, recognise
from pressroom.features.source.service import attach_unscanned
from pressroom.features.source.settings import SourceSettings
from pressroom.kernel.errors import AppError
from pressroom.kernel.services import Services

NAME = "ASTRO_CONTENT_PATH"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the settings ask for, against what is attached.

    Attributes:
        site: what is to be attached, or has just been; `None` when it was before, or cannot be.
        trouble: why it is not attached and what to do; empty when it is, or can be.
    """

    site: SourceSite | None = None
    trouble: str = ""

    @property
    def words(self) -> list[str]:
        """What to tell the person who starts the program, a sentence a line."""
        if self.site:
            return [f"Attached {self.site.content} ({NAME}).", *self.site.describe()]
        return [self.trouble] if self.trouble else []


async def find_wish(services: Services) -> Wish:
    """What the settings ask for and how that stands. Nothing is changed."""
    wanted = services.settings[SourceSettings].content
    if not wanted:
        return Wish()
    async with services.reading() as session:
        attachment = await find_attachment(session)
    return await asyncio.to_thread(_compared, wanted, attachment)


async def fulfil_wish(services: Services) -> Wish:
    """Attaches the folder that the settings ask for, unless one is attached.

    Its posts are taken in by the scan that follows. A folder that cannot be attached keeps nobody from starting.
    """
    async with holding(services, "attach"):
        wish = await find_wish(services)
        if wish.site:
            await attach_unscanned(services, wish.site)
    return wish


def _compared(wanted: str, attachment: Attachment | None) -> Wish:
    path = Path(wanted).expanduser().absolute()
    if attachment and path.resolve() in (attachment.content, attachment.root):
        return Wish()  # it may be away for a while; that is the scan's to tell
    try:
        site = recognise(path)
    except AppError as error:
        return Wish(trouble=f"{NAME}: {error.detail} Nothing was attached. Correct it, then start again.")
    if attachment is None:
        return Wish(site)
    if site.content == attachment.content:
        return Wish()
    told = f"{attachment.content} is attached, and {site.content} ({NAME}) is not"
    return Wish(trouble=f"{told}. To change over: pressroom site detach, then start again.")
