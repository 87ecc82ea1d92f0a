"""All releases of one site, and which of them is live."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pressroom.features.site.releases.carry import carry_assets
from pressroom.features.site.releases.disk import (
    clone,
    discard,
    disk_full_named,
    exchange,
    fsync,
    fsync_all,
)
from pressroom.features.site.releases.errors import ReleaseExists, ReleaseNotFound, UnsafePath
from pressroom.features.site.releases.lock import exclusive
from pressroom.features.site.releases.staging import Staging

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")


class ReleaseStore:
    """The folder of one site.

    ```
    current -> releases/<id>    what readers see, changed by one rename
    releases/<id>/              whole releases, never half of one
    staging/                    worth nothing after a crash:
        build-<id>/                 a release in the making
        spare-<id>/  half-spare/    a copy of the live release, for the next build; `half` until it is whole
        trash-<id>/                 a release on its way out
    replaced-<id>/              a plain folder that stood at `current` before the first release
    lock                        held by whoever changes any of this
    ```

    Everything here is synchronous and waits for the disk: call it in a thread. Whatever changes something
    waits up to `patience` seconds for its turn and then raises `StoreBusy`.
    """

    def __init__(self, root: Path, *, patience: float = 10.0) -> None:
        self._root = root
        self._live = root / "current"
        self._releases = root / "releases"
        self._staging = root / "staging"
        self._patience = patience

    def current(self) -> str | None:
        """The id of the live release, or None before the first."""
        if not self._live.is_symlink():
            return None
        release_id = self._live.readlink().name
        return release_id if self._is_whole(release_id) else None

    def list(self) -> tuple[str, ...]:
        """The ids of all whole releases, oldest first (ids sort by time)."""
        if not self._releases.is_dir():
            return ()
        return tuple(sorted(entry.name for entry in self._releases.iterdir() if self._is_whole(entry.name)))

    def path(self, release_id: str) -> Path:
        """The folder of a whole release; raises `ReleaseNotFound`."""
        if not self._is_whole(release_id):
            raise ReleaseNotFound(f"There is no release {release_id!r}.")
        return self._releases / release_id

    @contextmanager
    def stage(self, release_id: str, *, base: str | None) -> Iterator[Staging]:
        """Make a release beside the live one, starting from the files of `base` or from nothing.

        When the block ends well the release is whole, durable and listed; when it raises, nothing of it is
        left. It is not live before `activate`. Killed at any line, it leaves a folder in `staging/`: the
        rename into `releases/` is the last step and comes after the files have reached the disk.
        """
        with self._at_work():
            if not _ID.fullmatch(release_id):
                raise UnsafePath(release_id, "cannot be the id of a release.")
            if self._is_whole(release_id):
                raise ReleaseExists
            folder = self._staging / f"build-{release_id}"
            try:
                with disk_full_named():
                    durable = self._start(folder, base)
                staging = Staging(folder, durable=durable)
                yield staging
                with disk_full_named():
                    staging.seal()
                    folder.rename(self._releases / release_id)
                    fsync(self._releases)
            finally:
                discard(folder)

    def activate(self, release_id: str, *, now: datetime) -> None:
        """Make a whole release the live one: the way forward and the way back alike.

        First it receives the assets that readers of the live release may still ask for. Then one rename
        moves `current`; killed before it, the old release is live, after it, the new one.
        """
        target = self.path(release_id)
        with self._at_work(), disk_full_named():
            if release_id == self.current():
                return
            carry_assets(self._live, target, now=now)
            self._point_at(f"releases/{release_id}", aside=self._root / f"replaced-{release_id}")

    def tidy(self, *, keep: int, protected: Collection[str] = (), spare: bool = True) -> tuple[str, ...]:
        """What is left to do after a release went live, off the hot path: prune, and prepare the next build.

        Deletes all but the newest `keep` releases, never the live one nor a `protected` one, and says which.
        With `spare`, clones the live release as the spare with which the next build starts by a rename; a release
        that is to go is made over into it where there is one, which is cheaper than a new clone. A release leaves
        `releases/` by a rename before it is touched, and the spare gets its name when it is whole: dying in
        here leaves no half of either.
        """
        with self._at_work(), disk_full_named():
            spared = {self.current(), *protected, *self.list()[::-1][:keep]}
            doomed = [self._releases / old for old in self.list() if old not in spared]
            if spare:
                self._prepare_spare(material=doomed)
            for old in doomed:
                if old.is_dir():
                    old.rename(self._staging / f"trash-{old.name}")
            fsync(self._releases)
        for trash in self._staging.glob("trash-*"):
            discard(trash)
        return tuple(old.name for old in doomed)

    def recover(self) -> None:
        """Clear away what a crash left behind, and nothing else; call once at the start."""
        with self._at_work():
            for leftover in self._staging.iterdir():
                discard(leftover)
            for name in self._root.glob("replaced-*"):
                if name.is_symlink():
                    name.unlink()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        for folder in (self._releases, self._staging):
            folder.mkdir(parents=True, exist_ok=True)
        with exclusive(self._root / "lock", patience=self._patience):
            yield

    def _prepare_spare(self, *, material: Collection[Path]) -> None:
        live = self.current()
        if live is None or self._spare(live).is_dir():
            return
        half = self._staging / "half-spare"
        outdated = [*self._staging.glob("spare-*"), *material]
        if not half.is_dir() and outdated:
            outdated[0].rename(half)
        half.mkdir(exist_ok=True)
        changed = clone(str(self._releases / live), str(half))
        fsync_all(map(Path, changed), root=half)
        half.rename(self._spare(live))

    def _start(self, folder: Path, base: str | None) -> bool:
        """Fill the folder of a new build; whether what it holds would survive a power cut."""
        discard(folder)
        if base is None:
            folder.mkdir()
            return False
        origin = self.path(base)
        if self._spare(base).is_dir():
            self._spare(base).rename(folder)
            return True
        folder.mkdir()
        clone(str(origin), str(folder))
        return False

    def _point_at(self, target: str, *, aside: Path) -> None:
        if self._live.is_dir() and not self._live.is_symlink():
            aside.unlink(missing_ok=True)
            aside.symlink_to(target)
            exchange(aside, self._live)
        else:
            fresh = self._root / "current.new"
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(target)
            fresh.replace(self._live)
        fsync(self._root)

    def _spare(self, release_id: str) -> Path:
        return self._staging / f"spare-{release_id}"

    def _is_whole(self, release_id: str) -> bool:
        return _ID.fullmatch(release_id) is not None and (self._releases / release_id).is_dir()
