"""The assets of earlier releases, carried forward for the pages that readers still have open.

A page that was loaded a moment before a new release went live asks for its style sheet a moment after. So
the release that goes live receives the hashed assets of the one it replaces, as hard links and without
overwriting anything; a file under a name of its own choice goes with its release, because it was taken down.
`.carried.json` in a release says which of its assets are not its own and since when, so that they are dropped
after `CARRY_FOR` and do not pile up for ever.
"""

import json
import os
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from pressroom.features.site.fingerprints import has_fingerprint
from pressroom.features.site.releases.disk import fsync, fsync_all, link_or_copy

CARRIED = ".carried.json"
CARRY_FOR = timedelta(days=30)
ASSET_FOLDERS = ("assets", "_astro")


def carry_assets(live: Path, target: Path, *, now: datetime) -> None:
    """Give `target`, not live yet, the assets of `live` that it lacks, and drop those carried too long.

    Dying in here leaves `target` with some carried assets more or fewer; doing it again completes it.
    """
    kept = _drop_expired(target, now=now)
    known = carried(live)
    missing = {path: known.get(path, now) for path in _assets(live) if _has_room(target, path)}
    wanted = {path: since for path, since in missing.items() if now - since < CARRY_FOR}
    if not wanted:
        return
    # Recorded before they are linked: an asset that nobody recorded would never be dropped.
    _record(target, kept | wanted)
    for path in wanted:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(str(live / path), str(target / path))
    folders = {target / folder for path in wanted for folder in PurePosixPath(path).parents}
    fsync_all([*(target / path for path in wanted), *folders], root=target)


def carried(release: Path) -> dict[str, datetime]:
    """The assets of a release that are not its own, and since when they are carried."""
    try:
        text = (release / CARRIED).read_text()
    except FileNotFoundError:
        return {}
    return {path: datetime.fromisoformat(since) for path, since in json.loads(text).items()}


def forget_carried(release: Path, *, written: Collection[str]) -> None:
    """Assets that a build has written are its own again, whatever they were in the release before."""
    before = carried(release)
    kept = {path: since for path, since in before.items() if path not in written}
    if kept != before:
        _record(release, kept)


def _drop_expired(release: Path, *, now: datetime) -> dict[str, datetime]:
    """Delete what was carried for long enough; says what is carried still."""
    before = carried(release)
    kept = {path: since for path, since in before.items() if now - since < CARRY_FOR}
    for path in before.keys() - kept.keys():
        (release / path).unlink(missing_ok=True)
    if kept != before:
        _record(release, kept)
    return kept


def _assets(release: Path) -> Iterator[str]:
    for name in ASSET_FOLDERS:
        for folder, _, files in os.walk(release / name):
            inside = os.path.relpath(folder, release)
            hashed = (file for file in files if has_fingerprint(f"{inside}/{file}"))
            yield from (f"{inside}/{file}" for file in hashed if not Path(folder, file).is_symlink())


def _has_room(release: Path, path: str) -> bool:
    """Whether nothing has this name yet, and no file or symlink stands where its folder has to be."""
    place = release / path
    if os.path.lexists(place):
        return False
    nearest = next(folder for folder in place.parents if os.path.lexists(folder))
    return nearest.is_dir() and nearest.resolve().is_relative_to(release.resolve())


def _record(release: Path, carried: Mapping[str, datetime]) -> None:
    # A release shares this file with the one it was cloned from: it is replaced, never written to.
    fresh = release / f"{CARRIED}.new"
    fresh.unlink(missing_ok=True)
    fresh.write_text(json.dumps({path: since.isoformat() for path, since in sorted(carried.items())}))
    fsync(fresh)
    fresh.replace(release / CARRIED)
    fsync(release)
