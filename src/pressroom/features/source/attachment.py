"""Which folder is attached."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.kernel.revision import move
from pressroom.kernel.services import Services
from pressroom.kernel.state import find_value, forget_value, store_value
from pressroom.kernel.uow import UnitOfWork

_NAME = "source"
_LAST = "source_detached"
_CHECKED = "source_checked"
_KEPT: WeakKeyDictionary[Services, tuple[int | None, "Attachment | None"]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """The attached folder, as it was recognised.

    Attributes:
        root: the project's folder.
        content: the folder of the posts, absolute.
        generator: what makes the site.
        build: the site's own build command; None when the built-in theme publishes.
        output: where that command leaves the site.
        attached_at: posts that are made from then on get a file.
    """

    root: Path
    content: Path
    generator: str
    build: str | None
    output: Path | None
    attached_at: datetime

    def as_json(self) -> dict[str, Any]:
        """The values as JSON."""
        values = asdict(self) | {"root": str(self.root), "content": str(self.content)}
        values["output"] = str(self.output) if self.output else None
        return values | {"attached_at": self.attached_at.isoformat()}


async def find_attachment(session: AsyncSession) -> Attachment | None:
    """The folder that is attached, if one is."""
    found = await find_value(session, _NAME)
    if found is None:
        return None
    return Attachment(
        root=Path(found["root"]),
        content=Path(found["content"]),
        generator=found["generator"],
        build=found["build"],
        output=Path(found["output"]) if found["output"] else None,
        attached_at=datetime.fromisoformat(found["attached_at"]),
    )


async def kept_attachment(services: Services, session: AsyncSession, *, as_of: int | None) -> Attachment | None:
    """As `find_attachment`, asked of the database once for each public revision.

    `as_of` is the revision that was current before the session's first query.
    """
    revision, kept = _KEPT.get(services, (None, None))
    if as_of is not None and as_of == revision:
        return kept
    found = await find_attachment(session)
    if as_of is not None:
        _KEPT[services] = as_of, found
    return found


async def store_attachment(unit: UnitOfWork, attachment: Attachment) -> None:
    """Attaches a folder."""
    await store_value(unit.session, _NAME, attachment.as_json())
    await move(unit)


async def forget_attachment(unit: UnitOfWork, attachment: Attachment, versions: Mapping[UUID, int]) -> None:
    """Detaches it, and remembers whose files are known and at which `versions` their posts are."""
    await forget_value(unit.session, _NAME)
    known = {str(post_id): version for post_id, version in versions.items()}
    await store_value(unit.session, _LAST, {"content": str(attachment.content), "versions": known})
    await move(unit)


async def last_check(session: AsyncSession) -> str | None:
    """What the site's build asked for when its files were last looked through for that."""
    found: str | None = await find_value(session, _CHECKED)
    return found


async def store_check(session: AsyncSession, fingerprint: str) -> None:
    """Remembers it."""
    await store_value(session, _CHECKED, fingerprint)


async def versions_when_detached(session: AsyncSession, content: Path) -> dict[UUID, int] | None:
    """The versions of its posts when this folder was let go of.

    `None` unless it was the last one: the files of that one are known still.
    """
    found = await find_value(session, _LAST)
    if not found or found["content"] != str(content):
        return None
    return {UUID(post_id): version for post_id, version in found["versions"].items()}
