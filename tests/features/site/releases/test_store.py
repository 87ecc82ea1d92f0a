"""What a build and a rollback rely on."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pressroom.features.site.releases import (
    CannotGoLive,
    DiskFull,
    IncompleteRelease,
    ReleaseExists,
    ReleaseNotFound,
    ReleaseStore,
    StoreBusy,
    UnsafePath,
    disk,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
Publish = Callable[..., Path]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def site_of(store: ReleaseStore) -> Path:
    return store._root


def test_before_the_first_release_nothing_is_live(store: ReleaseStore) -> None:
    assert store.current() is None
    assert store.list() == ()
    with pytest.raises(ReleaseNotFound):
        store.path("r1")


def test_a_release_is_listed_when_whole_and_live_when_activated(store: ReleaseStore) -> None:
    with store.stage("r1", base=None) as staging:
        staging.write("index.html", b"one")
        assert store.list() == ()
    assert store.list() == ("r1",)
    assert store.current() is None
    store.activate("r1", now=NOON)
    assert store.current() == "r1"
    assert (site_of(store) / "current/index.html").read_bytes() == b"one"


def test_the_site_folder_can_be_moved(store: ReleaseStore, publish: Publish, tmp_path: Path) -> None:
    publish("r1")
    site_of(store).rename(tmp_path / "moved")
    assert ReleaseStore(tmp_path / "moved").current() == "r1"
    assert (tmp_path / "moved/current/index.html").read_bytes() == b"r1"


@pytest.mark.parametrize("with_spare", [True, False])
def test_a_release_on_a_base_shares_what_did_not_change(
    store: ReleaseStore, publish: Publish, *, with_spare: bool
) -> None:
    first = publish("r1", **{"posts/a/index.html": "a", "posts/b/index.html": "b"})
    if with_spare:
        store.tidy(keep=99)
    with store.stage("r2", base="r1") as staging:
        staging.write("posts/a/index.html", b"changed")
        staging.delete("posts/b/index.html")
    second = store.path("r2")
    assert files(first) == {"index.html": b"r1", "posts/a/index.html": b"a", "posts/b/index.html": b"b"}
    assert files(second) == {"index.html": b"r1", "posts/a/index.html": b"changed"}
    assert not (second / "posts/b").exists()
    assert (first / "index.html").samefile(second / "index.html")


def test_the_spare_is_taken_by_a_rename_and_only_by_its_base(
    store: ReleaseStore, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("r1")
    publish("r2")
    store.tidy(keep=99)
    with store.stage("r3", base="r1") as staging:
        staging.write("a.html", b"a")
    assert files(store.path("r3")) == {"index.html": b"r1", "a.html": b"a"}
    monkeypatch.setattr(os, "link", None)
    with store.stage("r4", base="r2") as staging:
        staging.write("a.html", b"a")
    assert files(store.path("r4")) == {"index.html": b"r2", "a.html": b"a"}


def test_preparing_the_spare_twice_and_after_each_release_leaves_one(store: ReleaseStore, publish: Publish) -> None:
    store.tidy(keep=99)
    for release_id in ("r1", "r2"):
        publish(release_id)
        store.tidy(keep=99)
        store.tidy(keep=99)
    assert [folder.name for folder in (site_of(store) / "staging").iterdir()] == ["spare-r2"]


def test_a_failed_build_leaves_nothing_and_the_old_release_live(store: ReleaseStore, publish: Publish) -> None:
    publish("r1")

    def fail_halfway() -> None:
        with store.stage("r2", base="r1") as staging:
            staging.write("index.html", b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert (store.current(), store.list()) == ("r1", ("r1",))
    assert list((site_of(store) / "staging").iterdir()) == []
    assert (site_of(store) / "current/index.html").read_bytes() == b"r1"


def test_a_build_without_a_front_page_is_refused(store: ReleaseStore) -> None:
    with pytest.raises(IncompleteRelease), store.stage("r1", base=None) as staging:
        staging.write("about/index.html", b"about")
    assert store.list() == ()


def test_releases_are_never_overwritten(store: ReleaseStore, publish: Publish) -> None:
    publish("r1")
    with pytest.raises(ReleaseExists), store.stage("r1", base=None):
        pass
    assert files(store.path("r1")) == {"index.html": b"r1"}


@pytest.mark.parametrize("release_id", ["", ".", "..", "a/b", "../x", "-x", "r\0", "r 1", "r" * 65])
def test_an_id_is_a_plain_name(store: ReleaseStore, release_id: str) -> None:
    with pytest.raises(UnsafePath), store.stage(release_id, base=None):
        pass
    with pytest.raises(ReleaseNotFound):
        store.activate(release_id, now=NOON)


def test_a_base_has_to_exist(store: ReleaseStore) -> None:
    with pytest.raises(ReleaseNotFound), store.stage("r2", base="r1"):
        pass


def test_rolling_back_is_activating_an_older_release(store: ReleaseStore, publish: Publish) -> None:
    publish("r1")
    publish("r2")
    store.activate("r1", now=NOON)
    assert store.current() == "r1"
    store.activate("r1", now=NOON)
    assert (site_of(store) / "current/index.html").read_bytes() == b"r1"


def test_pruning_spares_the_newest_the_live_and_the_protected(store: ReleaseStore, publish: Publish) -> None:
    for number in range(1, 8):
        publish(f"r{number}")
    store.activate("r2", now=NOON)
    assert store.tidy(keep=2, protected={"r4"}) == ("r1", "r3", "r5")
    assert store.list() == ("r2", "r4", "r6", "r7")
    assert [folder.name for folder in (site_of(store) / "staging").iterdir()] == ["spare-r2"]
    assert (site_of(store) / "current/index.html").read_bytes() == b"r2"


def test_pruning_a_release_keeps_what_others_share_with_it(store: ReleaseStore, publish: Publish) -> None:
    publish("r1", **{"posts/a/index.html": "a"})
    publish("r2", base="r1", **{"posts/b/index.html": "b"})
    store.tidy(keep=1)
    assert store.list() == ("r2",)
    assert files(store.path("r2"))["posts/a/index.html"] == b"a"


def test_a_release_that_goes_is_made_over_into_the_spare(store: ReleaseStore, publish: Publish) -> None:
    oldest = publish("r1", **{"a/b/x.html": "x", "same/index.html": "same", "now/a/folder": "", "was/a": ""})
    publish("r2", base="r1", **{"same/index.html": "changed"})
    with store.stage("r3", base="r2") as staging:
        staging.delete("a/b/x.html")
        staging.delete("now/a/folder")
        staging.write("now/a", b"a file")
        staging.delete("was/a")
        staging.write("was/a/folder", b"")
        staging.write("new/index.html", b"new")
    store.activate("r3", now=NOON)
    folder = oldest.stat().st_ino
    assert store.tidy(keep=1) == ("r1", "r2")
    spare = site_of(store) / "staging/spare-r3"
    assert spare.stat().st_ino == folder
    assert files(spare) == files(store.path("r3"))
    assert sorted(spare.rglob("*")) == sorted(
        spare / path.relative_to(store.path("r3")) for path in store.path("r3").rglob("*")
    )
    assert (spare / "same/index.html").samefile(store.path("r3") / "same/index.html")


def test_recovering_clears_leftovers_and_nothing_else(store: ReleaseStore, publish: Publish) -> None:
    publish("r1")
    publish("r2")
    for leftover in ("build-r3", "half-spare", "spare-r2", "trash-r0"):
        (site_of(store) / "staging" / leftover / "posts").mkdir(parents=True)
    (site_of(store) / "replaced-r9").symlink_to("releases/r9")
    store.recover()
    assert list((site_of(store) / "staging").iterdir()) == []
    assert not (site_of(store) / "replaced-r9").is_symlink()
    assert (store.current(), store.list()) == ("r2", ("r1", "r2"))


def test_two_at_work_at_once_is_refused_by_name(store: ReleaseStore, publish: Publish) -> None:
    publish("r1")
    other = ReleaseStore(site_of(store), patience=0.02)
    with store.stage("r2", base="r1") as staging:
        staging.write("index.html", b"two")
        for change in (
            lambda: other.activate("r1", now=NOON),
            lambda: other.tidy(keep=1),
            other.recover,
        ):
            with pytest.raises(StoreBusy):
                change()
        assert other.current() == "r1"
    other.activate("r2", now=NOON)


def test_another_process_at_work_is_waited_for(store: ReleaseStore, publish: Publish) -> None:
    publish("r1")
    held = "import fcntl, sys; f = open(sys.argv[1], 'ab'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", held, str(site_of(store) / "lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(StoreBusy):
            store.tidy(keep=99)
        other.kill()
        other.wait()
        store.tidy(keep=99)


def test_where_hard_links_are_refused_files_are_copied_with_their_times(
    store: ReleaseStore, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish("r1", **{"assets/site.0123abcd.css": "css"})

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    second = publish("r2", base="r1")
    assert files(second) == files(first)
    assert not (second / "index.html").samefile(first / "index.html")
    assert (second / "index.html").stat().st_mtime_ns == (first / "index.html").stat().st_mtime_ns
    third = publish("r3")
    assert (third / "assets/site.0123abcd.css").read_bytes() == b"css"


def test_a_plain_folder_at_current_is_exchanged_and_kept(store: ReleaseStore) -> None:
    old = site_of(store) / "current"
    (old / "assets").mkdir(parents=True)
    (old / "index.html").write_text("by hand")
    (old / "assets/old.01d01d0a.css").write_text("css")
    assert store.current() is None
    with store.stage("r1", base=None) as staging:
        staging.write("index.html", b"one")
    store.activate("r1", now=NOON)
    assert store.current() == "r1"
    assert (site_of(store) / "replaced-r1/index.html").read_text() == "by hand"
    assert (site_of(store) / "current/assets/old.01d01d0a.css").read_text() == "css"
    store.recover()
    assert (site_of(store) / "replaced-r1/index.html").exists()


def test_a_plain_folder_that_cannot_be_exchanged_stays(store: ReleaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    (site_of(store) / "current").mkdir(parents=True)
    monkeypatch.setattr(disk, "_libc", object())
    with store.stage("r1", base=None) as staging:
        staging.write("index.html", b"one")
    with pytest.raises(CannotGoLive):
        store.activate("r1", now=NOON)
    assert (site_of(store) / "current").is_dir()
    store.recover()
    assert not (site_of(store) / "replaced-r1").is_symlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A file system with room for 512 KiB; mounting one needs root."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    return place


def write_too_much(store: ReleaseStore) -> None:
    with store.stage("r2", base="r1") as staging:
        for number in range(1000):
            staging.write(f"posts/{number}/index.html", b"x" * 10_000)


def test_a_full_disk_is_named_and_the_live_release_untouched(small_disk: Path) -> None:
    store = ReleaseStore(small_disk / "site")
    try:
        with store.stage("r1", base=None) as staging:
            staging.write("index.html", b"one")
        store.activate("r1", now=NOON)
        with pytest.raises(DiskFull):
            write_too_much(store)
        assert (store.current(), store.list()) == ("r1", ("r1",))
        assert files(store.path("r1")) == {"index.html": b"one"}
        with store.stage("r2", base="r1") as staging:
            staging.write("small.html", b"fits")
        store.activate("r2", now=NOON)
    finally:
        subprocess.run(["umount", str(small_disk)], check=True)
