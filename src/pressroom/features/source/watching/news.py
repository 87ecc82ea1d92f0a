"""Whether a change on disk is one: our own saves come back as events, too."""

import asyncio
from collections.abc import Collection, Mapping
from pathlib import Path

from pressroom.features.source.disk import UnsafePath
from pressroom.features.source.journal import digest_at
from pressroom.features.source.repository import Known, SourceFiles
from pressroom.kernel.services import Services

# So many files at once are a checkout or a sync; comparing them is the scan's work.
MANY = 50


async def is_news(services: Services, folder: Path, files: Collection[str]) -> bool:
    """Whether one of these files is not what was last seen of it."""
    if len(files) > MANY:
        return True
    async with services.reading() as session:
        known = await SourceFiles(session).known(files)
    return await asyncio.to_thread(_differ, folder, files, known)


def _differ(folder: Path, files: Collection[str], known: Mapping[str, Known]) -> bool:
    return any(_differs(folder, path, known.get(path)) for path in files)


def _differs(folder: Path, path: str, known: Known | None) -> bool:
    if known and known.error:
        return True
    try:
        found = digest_at(folder, path)
    except UnsafePath:
        found = ""  # a link, which is passed over
    except OSError:
        return True
    return found != (known.digest if known and not known.gone else "")
