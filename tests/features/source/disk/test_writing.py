"""A save is whole or not at all, and those who watch see one event."""

import ctypes
import errno
import os
import signal
import stat
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pressroom.features.source.disk import (
    AlreadyThere,
    DiskFull,
    UnsafePath,
    is_temporary,
    move_to_trash,
    sweep,
    write_atomically,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
STEPS = ("open", "fdopen", "fsync", "replace", "rename", "link", "unlink", "fchmod", "fchown", "close")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    post = tmp_path / "a.md"
    post.write_bytes(b"old")
    post.chmod(0o640)
    write_atomically(post, b"new")
    assert post.read_bytes() == b"new"
    assert stat.S_IMODE(post.stat().st_mode) == 0o640
    assert names(tmp_path) == ["a.md"]


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root may give files to others.")
def test_a_file_keeps_its_owner_when_root_saves_it(tmp_path: Path) -> None:
    post = tmp_path / "a.md"
    post.write_bytes(b"old")
    os.chown(post, 1234, 1235)
    write_atomically(post, b"new")
    assert (post.stat().st_uid, post.stat().st_gid) == (1234, 1235)


def test_a_new_file_never_replaces_one(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.md", b"one", new=True)
    with pytest.raises(AlreadyThere):
        write_atomically(tmp_path / "a.md", b"two", new=True)
    assert (tmp_path / "a.md").read_bytes() == b"one"
    assert names(tmp_path) == ["a.md"]


def test_a_new_file_loses_the_race_to_one_that_came_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    post, link = tmp_path / "a.md", os.link

    def late(*args: str) -> None:
        post.write_bytes(b"theirs")
        link(*args)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(AlreadyThere):
        write_atomically(post, b"ours", new=True)
    assert post.read_bytes() == b"theirs"
    assert names(tmp_path) == ["a.md"]


def test_links_and_folders_are_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    (tmp_path / "link.md").symlink_to(outside)
    (tmp_path / "folder.md").mkdir()
    for name in ("link.md", "folder.md"):
        with pytest.raises(UnsafePath):
            write_atomically(tmp_path / name, b"new")
    assert outside.read_bytes() == b"mine"


@pytest.mark.parametrize(("step", "failure"), [("fsync", errno.ENOSPC), ("replace", errno.EDQUOT)])
def test_a_full_disk_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: int
) -> None:
    def full(*_: object) -> None:
        raise OSError(failure, "full")

    (tmp_path / "a.md").write_bytes(b"old")
    monkeypatch.setattr(os, step, full)
    with pytest.raises(DiskFull):
        write_atomically(tmp_path / "a.md", b"new")
    monkeypatch.undo()
    assert (tmp_path / "a.md").read_bytes() == b"old"
    assert names(tmp_path) == ["a.md"]


def dying_at(step: int, work: Callable[[], object]) -> bool:
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


@pytest.mark.parametrize("new", [True, False])
def test_killed_at_every_step_of_a_save(tmp_path: Path, *, new: bool) -> None:
    outcomes: list[bytes | None] = []
    for step in range(100):
        folder = tmp_path / str(step)
        folder.mkdir()
        post = folder / "a.md"
        if not new:
            post.write_bytes(b"old" * 1000)
        died = dying_at(step, lambda post=post: write_atomically(post, b"new" * 1000, new=new))  # type: ignore[misc]  # bound now
        outcomes.append(post.read_bytes() if post.exists() else None)
        left = [name for name in names(folder) if name != "a.md"]
        assert all(is_temporary(name) and name.startswith(".") and not name.endswith(".md") for name in left)
        assert len(sweep(folder)) == len(left)
        assert names(folder) in ([], ["a.md"])
        if not died:
            break
    before = None if new else b"old" * 1000
    switch = outcomes.index(b"new" * 1000)
    assert outcomes == [before] * switch + [b"new" * 1000] * (len(outcomes) - switch)
    assert 3 < switch < len(outcomes) - 1


@pytest.mark.parametrize("far", [True, False])
def test_killed_at_every_step_of_a_delete(tmp_path: Path, *, far: bool) -> None:
    content = trash = tmp_path
    for step in range(100):
        content, trash = tmp_path / f"{step}/content", tmp_path / f"{step}/trash"
        content.mkdir(parents=True)
        (content / "a.md").write_bytes(b"words")
        died = dying_at(step, lambda c=content, t=trash: delete(c / "a.md", t, far=far))  # type: ignore[misc]  # bound now
        whole = [path for path in (*content.iterdir(), *trash.iterdir()) if not is_temporary(path.name)]
        assert whole
        assert {path.read_bytes() for path in whole} == {b"words"}
        if not died:
            break
    assert names(content) == []
    assert len(names(trash)) == 1


def delete(path: Path, trash: Path, *, far: bool) -> None:
    """Into a trash on this disk, or on one that no rename reaches."""

    def too_far(*_: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    if far:
        os.rename = too_far  # type: ignore[assignment]  # in a process of its own
    move_to_trash(path, trash, now=NOON)


def test_the_trash_keeps_namesakes_apart_and_long_names_whole_enough(tmp_path: Path) -> None:
    posts, trash = tmp_path / "posts", tmp_path / "trash"
    posts.mkdir()
    kept = []
    for name in ("a.md", "a.md", "新" * 84 + ".md"):
        (posts / name).write_text("x")
        kept.append(move_to_trash(posts / name, trash, now=NOON))
    assert len(names(trash)) == 3
    assert [path.name[:17] for path in kept] == ["20260501T120000Z-"] * 3
    assert kept[0].name.endswith("-a.md")
    assert kept[2].name.endswith("新.md")


IN_CREATE, IN_MODIFY, IN_CLOSE_WRITE, IN_MOVED_TO, IN_DELETE = 0x100, 0x2, 0x8, 0x80, 0x200


@pytest.fixture
def events(tmp_path: Path) -> Iterator[Callable[[], list[tuple[str, int]]]]:
    """What happened in a folder since the last call: names and inotify's masks."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "inotify_init1"):
        pytest.skip("This system has no inotify.")
    descriptor = libc.inotify_init1(os.O_NONBLOCK)
    libc.inotify_add_watch(
        descriptor, os.fsencode(tmp_path), IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE
    )

    def read() -> list[tuple[str, int]]:
        found, data = [], os.read(descriptor, 65536)
        while data:
            _, mask, _, size = struct.unpack_from("iIII", data)
            found.append((data[16 : 16 + size].rstrip(b"\0").decode(), mask))
            data = data[16 + size :]
        return found

    yield read
    os.close(descriptor)


def test_watchers_see_one_event_per_save(tmp_path: Path, events: Callable[[], list[tuple[str, int]]]) -> None:
    write_atomically(tmp_path / "a.md", b"new" * 100_000, new=True)
    assert [event for event in events() if not event[0].startswith(".")] == [("a.md", IN_CREATE)]
    write_atomically(tmp_path / "a.md", b"newer" * 100_000)
    seen = events()
    assert [event for event in seen if not event[0].startswith(".")] == [("a.md", IN_MOVED_TO)]
    assert not [name for name, _ in seen if name.startswith(".") and name.endswith(".md")]
