"""What a build with the site's own command stands on: the posts that readers see, and everything else in its folder."""

import asyncio
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pressroom.features.posts import press
from pressroom.features.site.settings import BuildSettings
from pressroom.features.source.attachment import Attachment
from pressroom.features.source.recognise import SourceSite, recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.walking import ENDINGS
from pressroom.kernel import revision
from pressroom.kernel.jobs import JobContext
from pressroom.kernel.services import Services

LONGEST_WAIT = 10.0
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "vendor", "_site"})


@dataclass(frozen=True, slots=True)
class Footing:
    """The state of a site before a build.

    Attributes:
        revision: the public revision; it moves with every post that readers see differently.
        files: the layouts, the configuration and the images: every file of the site but its posts, as `files_of` tells.
    """

    site: SourceSite
    revision: int
    files: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """Tells one state of the files from another."""
        return fingerprint(self.site, self.files)


async def find_footing(services: Services, attachment: Attachment) -> Footing:
    """Takes in what changed on disk and says where the site stands.

    Raises:
        AppError: the folder cannot be read, or is no longer the site that was attached.
    """
    await scan(services)
    await press.typeset_all(services, _unheard)
    site = await asyncio.to_thread(recognised, attachment)
    async with services.reading() as session:
        seen = await revision.read(session)
    return Footing(site, seen, await asyncio.to_thread(files_of, site))


async def wait_for_quiet(
    services: Services, attachment: Attachment, footing: Footing, *, context: JobContext
) -> Footing:
    """Waits until nobody has saved for a moment, ten seconds at most, so that a burst of saves is one build."""
    quiet = services.settings[BuildSettings].quiet_seconds
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST_WAIT
    while quiet and loop.time() < until:
        await asyncio.sleep(quiet)
        context.raise_if_cancelled()
        before, footing = footing, await find_footing(services, attachment)
        if (before.revision, before.fingerprint) == (footing.revision, footing.fingerprint):
            break
    return footing


async def _unheard(done: int, total: int) -> None:
    """A build says nothing of it: each post that is made whole moves the revision, and the build waits for the last."""


def recognised(attachment: Attachment) -> SourceSite:
    """The attached site as it is now: its package manager and its configuration may have changed. For a thread."""
    return recognise(attachment.root, attachment.content, build=attachment.build, output=attachment.output)


def fingerprint(site: SourceSite, files: Mapping[str, str]) -> str:
    """Tells one state of a site and its files from another."""
    known = hashlib.blake2b(repr((site.generator, site.build, site.output)).encode(), digest_size=32)
    for path, state in sorted(files.items()):
        known.update(f"{path}\0{state}\n".encode(errors="surrogateescape"))
    return known.hexdigest()


def files_of(site: SourceSite) -> dict[str, str]:
    """The site's files, its posts left out: each with its size and time. For a thread."""
    return dict(_files(site))


def _files(site: SourceSite) -> Iterator[tuple[str, str]]:
    if site.packages:
        yield from (_state(path) for path in (site.packages.manifest, site.packages.lock) if path and path.is_file())
    for folder, folders, names in os.walk(site.root):
        folders[:] = [name for name in folders if not _is_left_out(Path(folder, name), site)]
        is_content = Path(folder).is_relative_to(site.content)
        for name in names:
            if not name.startswith(".") and not (is_content and name.lower().endswith(ENDINGS)):
                yield _state(Path(folder, name))


def _is_left_out(folder: Path, site: SourceSite) -> bool:
    return folder.name.startswith(".") or folder.name in _LEFT_OUT or folder == site.output


def _state(path: Path) -> tuple[str, str]:
    try:
        found = path.lstat()
    except FileNotFoundError:  # gone since it was listed
        return str(path), ""
    return str(path), f"{found.st_size} {found.st_mtime_ns}"
