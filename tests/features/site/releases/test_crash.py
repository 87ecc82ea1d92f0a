"""kill -9 at every single step leaves the old release or the new one, whole, and the next build works."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pressroom.features.site.releases import ReleaseStore

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
STEPS = ("mkdir", "link", "open", "fsync", "unlink", "rmdir", "rename", "replace", "symlink", "readlink", "scandir")

OLD = {"index.html": b"old", "posts/a/index.html": b"a", "assets/old.01d01d0a.css": b"old"}
NEW = {
    "index.html": b"new",
    "posts/b/index.html": b"b",
    "assets/new.4e4e4e4e.css": b"new",
    "assets/old.01d01d0a.css": b"old",
}
WHOLE = (
    OLD,
    NEW,
    {path: data for path, data in NEW.items() if path != "assets/old.01d01d0a.css"},
    {"index.html": b"older"},
)


def publish_old(store: ReleaseStore) -> None:
    with store.stage("r0", base=None) as staging:
        staging.write("index.html", b"older")
    store.activate("r0", now=NOON)
    with store.stage("r1", base=None) as staging:
        for path, data in OLD.items():
            staging.write(path, data)
    store.activate("r1", now=NOON)


def publish_new(store: ReleaseStore) -> None:
    with store.stage("r2", base="r1") as staging:
        staging.write("index.html", b"new")
        staging.write("posts/b/index.html", b"b")
        staging.write("assets/new.4e4e4e4e.css", b"new")
        staging.delete("posts/a/index.html")
        staging.delete("assets/old.01d01d0a.css")
    store.activate("r2", now=NOON)
    store.tidy(keep=1)


def dying_at(step: int, work: Callable[[], None]) -> bool:
    """Do the work in a child process that kills itself before its n-th call into the disk; whether it died."""
    child = os.fork()
    if child == 0:
        count = iter(range(step))
        for name in STEPS:
            setattr(os, name, _counted(getattr(os, name), count))
        work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _counted(call: Callable[..., object], count: Iterator[int]) -> Callable[..., object]:
    def counted(*args: object, **kwargs: object) -> object:
        if next(count, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)

    return counted


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("[!.]*") if path.is_file()}


@pytest.mark.parametrize("restarted", [True, False])
@pytest.mark.parametrize("with_spare", [True, False])
def test_killed_at_every_step_of_a_publish(tmp_path: Path, *, with_spare: bool, restarted: bool) -> None:
    outcomes = []
    for step in range(1000):
        root = tmp_path / str(step)
        store = ReleaseStore(root)
        publish_old(store)
        if with_spare:
            store.tidy(keep=9)
        died = dying_at(step, lambda store=store: publish_new(store))  # type: ignore[misc]  # bound now
        live = files(root / "current")
        assert live in (OLD, NEW), f"half a release after step {step}"
        assert all(files(store.path(release_id)) in WHOLE for release_id in store.list())
        outcomes.append(live == NEW)
        if restarted:
            store.recover()
            assert list((root / "staging").iterdir()) == []
        publish_next(store)
        assert files(root / "current") == live | {"index.html": b"next"}
        if not died:
            break
    assert len(outcomes) > 40
    assert outcomes == sorted(outcomes), "once live, the new release stays live"
    assert {*outcomes} == {False, True}


def publish_next(store: ReleaseStore) -> None:
    """What happens after the crash, with a restart or, when only the worker died, without one."""
    store.tidy(keep=9)
    with store.stage("r3", base=store.current()) as staging:
        staging.write("index.html", b"next")
    store.activate("r3", now=NOON)
