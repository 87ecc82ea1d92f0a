"""Files of a site that its build leaves changed: it wrote them, or somebody changed them meanwhile.

Nobody can tell at once. What somebody changed has to be built again; what a build writes would have it built for ever.
So a changed file asks for another build. When that one leaves the same bytes in it, or has been asked for too often,
the file is the build's own, until a build leaves it alone.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pressroom.features.site.building.footing import Footing, files_of, fingerprint
from pressroom.kernel.services import Services
from pressroom.kernel.state import find_value, store_value

_NAME = "site_aftermath"
MOST_IN_A_ROW = 3
# More than that is what a generator writes.
MOST_FILES = 500
_LARGEST = 64 * 1024 * 1024


@dataclass(slots=True)
class _Aftermath:
    """What is known from the builds before.

    Attributes:
        left: the files that the last one changed, each with the digest of what it left there.
        own: those that it wrote itself.
        in_a_row: so many builds, the last one included, asked for another one.
    """

    left: dict[str, str] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    in_a_row: int = 0

    def follow(self, changed: Mapping[str, str]) -> bool:
        """Takes note of what one more build changed. Returns whether that asks for another one."""
        own = {path for path, digest in changed.items() if path in self.own or self.left.get(path) == digest}
        asking = changed.keys() - own
        self.in_a_row = self.in_a_row + 1 if asking else 0
        if self.in_a_row > MOST_IN_A_ROW:
            own, asking, self.in_a_row = set(changed), set(), 0
        self.left, self.own = dict(changed), sorted(own)
        return bool(asking)


async def find_what_was_built(services: Services, footing: Footing) -> str:
    """The fingerprint of the files that a build which began on this `footing` stands for.

    That of the files as they are now, or of those that it began with where another build is asked for: then whoever
    compares finds them changed.
    """
    now = await asyncio.to_thread(files_of, footing.site)
    changed = await asyncio.to_thread(_digests, footing.files, now)
    async with services.unit() as unit:
        found = await find_value(unit.session, _NAME)
        aftermath = _Aftermath(**found) if found else _Aftermath()
        asks = len(changed) <= MOST_FILES and aftermath.follow(changed)
        await store_value(unit.session, _NAME, asdict(aftermath))
    return footing.fingerprint if asks else fingerprint(footing.site, now)


def _digests(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """The files that are not what they were, each with the digest of what it holds; empty where it is gone."""
    changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
    digests = {path: _digest(Path(path)) if len(changed) <= MOST_FILES else "" for path in sorted(changed)}
    # Not every database holds names that are no UTF-8.
    return {path.encode(errors="replace").decode(): digest for path, digest in digests.items()}


def _digest(path: Path) -> str:
    """Of a very large file its size has to do."""
    try:
        size = path.lstat().st_size
        if size > _LARGEST or path.is_symlink():
            return str(size)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()
    except OSError:
        return ""
