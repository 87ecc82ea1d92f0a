"""What changes in a folder, as the system tells it, in quiet batches.

Each folder that holds posts is watched by itself, so that `node_modules` and `.git` cost nothing. A new folder may
hold files before its watch stands; so every watch that begins says that anything may have happened.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from pressroom.features.source.disk.mounts import file_system, is_shared
from pressroom.features.source.walking import is_markdown, is_passed_over

# Nothing new for so long ends a batch, and a stream of changes is cut after so much.
QUIET_MS = 150
LONGEST_MS = 1_500
TICK_MS = 1_000
POLL_MS = 2_000
Told = tuple[str, bool]
"""A path, and whether something else stands there now, or nothing."""


class WatchFailed(Exception):
    """The system would not, or no longer, tell of changes."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Markdown files that changed, by their paths inside the folder; `anything` when there may be more."""

    files: frozenset[str] = frozenset()
    anything: bool = False


async def changes_in(folder: Path, *, polling: bool | None) -> AsyncGenerator[Changes, None]:
    """Follows a folder: changes when there are some, nothing each second when there are none.

    Args:
        folder: what to follow, without links in its path.
        polling: look every two seconds instead of being told; `None` leaves that to the system.

    Raises:
        OSError: the folder is not there, or not any more; or the system's limit of watches is reached.
        WatchFailed: the system stopped telling.
    """
    while True:
        identity = await asyncio.to_thread(_identity, folder)
        places = await asyncio.to_thread(lambda: list(places_in(folder)))
        begins = True
        async with aclosing(_as_long_as_there(places, polling=polling)) as batches:
            async for told in batches:
                changes = await asyncio.to_thread(_sorted_out, folder, frozenset(places), told)
                yield Changes(changes.files, anything=begins or changes.anything)
                begins = False
                if changes.anything or await asyncio.to_thread(_identity, folder) != identity:
                    break


async def _as_long_as_there(places: Sequence[str], *, polling: bool | None) -> AsyncGenerator[set[Told], None]:
    """As `told_of`; ends at once when a folder inside went after it was listed."""
    async with aclosing(told_of(places, polling=polling)) as batches:
        try:
            async for told in batches:
                yield told
        except FileNotFoundError:
            if not await asyncio.to_thread(Path(places[0]).is_dir):
                raise


async def told_of(places: Sequence[str], *, polling: bool | None) -> AsyncGenerator[set[Told], None]:
    """What changed directly in these folders; nothing each second when nothing did. Raises as `changes_in` does."""
    from watchfiles import Change, awatch  # noqa: PLC0415  # only where a folder is watched

    told = awatch(
        *places,
        recursive=False,
        watch_filter=None,
        step=QUIET_MS,
        debounce=LONGEST_MS,
        rust_timeout=TICK_MS,
        yield_on_timeout=True,
        force_polling=polling,
        poll_delay_ms=POLL_MS,
        ignore_permission_denied=False,  # it would pass over every other failure, too
    )
    async with aclosing(told) as batches:
        try:
            async for batch in batches:
                yield {(path, kind is not Change.modified) for kind, path in batch}
        except ExceptionGroup as group:
            raise WatchFailed(str(group.exceptions[0])) from group
        except RuntimeError as error:
            raise WatchFailed(str(error)) from error


def must_poll(folder: Path, setting: str) -> bool | None:
    """Whether to look instead of being told; `None` leaves that to the system."""
    return True if setting == "poll" or is_shared(file_system(folder)) else None


def _sorted_out(folder: Path, places: frozenset[str], told: set[Told]) -> Changes:
    """Which files changed, and whether folders came or went."""
    files: set[str] = set()
    moved = False
    for path, is_other in told:
        inside = os.path.relpath(path, folder)
        if path in places:
            moved |= is_other
        elif any(map(is_passed_over, inside.split("/"))):
            continue
        elif is_markdown(inside):
            files.add(inside)
        elif os.path.isdir(path) and not os.path.islink(path):  # noqa: PTH112, PTH114  # many in a row
            moved = True
    return Changes(frozenset(files), anything=moved)


def places_in(folder: Path) -> Iterator[str]:
    """The folder and those inside it that posts may be in; those that cannot be listed or are no UTF-8 are left out.

    Raises:
        OSError: the folder itself cannot be listed.
    """
    os.scandir(folder).close()
    for place, names, _ in os.walk(folder):
        names[:] = [name for name in names if not is_passed_over(name) and _is_text(name)]
        yield place


def _is_text(name: str) -> bool:
    """What is no UTF-8 comes from the disk as lone surrogates."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _identity(folder: Path) -> tuple[int, int]:
    """Tells a folder from another one of its name."""
    found = folder.stat()
    return found.st_dev, found.st_ino
