"""How much memory a build holds.

Watched rather than limited: `RLIMIT_AS` stops Node.js before it starts, because V8 reserves address space by the
gigabyte, and a cgroup of one's own needs rights that a plain service does not have.
"""

import os
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")
# The fields of /proc/PID/stat after the name in brackets, which may hold anything.
_SESSION = 3
_RESIDENT_PAGES = 21


def memory_of_session(session: int) -> int:
    """Bytes that all processes of a session hold; what they share counts for each. 0 where there is no /proc."""
    return sum(pages for owner, pages in _processes() if owner == session) * os.sysconf("SC_PAGE_SIZE")


def _processes() -> Iterator[tuple[int, int]]:
    if not _PROC.is_dir():
        return
    for name in filter(str.isdecimal, os.listdir(_PROC)):  # noqa: PTH208 - names alone; a Path each costs more
        try:
            fields = (_PROC / name / "stat").read_bytes().rpartition(b")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended meanwhile
        yield int(fields[_SESSION]), int(fields[_RESIDENT_PAGES])
