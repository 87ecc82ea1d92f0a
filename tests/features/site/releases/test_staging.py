"""What may be written into a release, and what never is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pressroom.features.site.releases import ReleaseStore, UnsafePath

Publish = Callable[..., Path]

UNSAFE = [
    "",
    "/etc/passwd",
    "//x",
    "../x",
    "a/../../x",
    "a/..",
    "./a",
    "a//b",
    "a/",
    "a\0b",
    "n" * 256,
    "a/" * 3000 + "b",
    "\ud800",
    ".carried.json",
]


@pytest.mark.parametrize("path", UNSAFE)
def test_a_path_that_is_not_inside_is_refused(store: ReleaseStore, path: str) -> None:
    with store.stage("r1", base=None) as staging:
        staging.write("index.html", b"one")
        with pytest.raises(UnsafePath):
            staging.write(path, b"no")
        with pytest.raises(UnsafePath):
            staging.delete(path)
    assert [entry.name for entry in store.path("r1").iterdir()] == ["index.html"]


@pytest.mark.parametrize("path", ["con", "a:b?", "emoji 🐧/x", "你好/index.html", "a\\b", ".well-known/x", "..."])
def test_odd_names_are_names(store: ReleaseStore, path: str) -> None:
    with store.stage("r1", base=None) as staging:
        staging.write("index.html", b"one")
        staging.write(path, b"yes")
    assert (store.path("r1") / path).read_bytes() == b"yes"


def test_nothing_is_written_or_deleted_through_a_symlink(store: ReleaseStore, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/kept.html").write_text("kept")
    with store.stage("r1", base=None) as staging:
        staging.write("index.html", b"one")
        (staging.folder / "posts").symlink_to(tmp_path / "outside")
        (staging.folder / "page.html").symlink_to(tmp_path / "outside/kept.html")
        with pytest.raises(UnsafePath):
            staging.write("posts/a.html", b"no")
        with pytest.raises(UnsafePath):
            staging.delete("posts/kept.html")
        staging.write("page.html", b"mine")
    assert [entry.name for entry in (tmp_path / "outside").iterdir()] == ["kept.html"]
    assert (tmp_path / "outside/kept.html").read_text() == "kept"
    assert (store.path("r1") / "page.html").read_bytes() == b"mine"


def test_a_file_is_not_a_folder_and_a_folder_not_a_file(store: ReleaseStore) -> None:
    with store.stage("r1", base=None) as staging:
        staging.write("index.html", b"one")
        staging.write("posts/a/index.html", b"a")
        with pytest.raises(UnsafePath):
            staging.write("index.html/b", b"no")
        with pytest.raises(UnsafePath):
            staging.write("posts/a", b"no")
        with pytest.raises(UnsafePath):
            staging.delete("posts")


def test_the_last_bytes_written_count(store: ReleaseStore) -> None:
    with store.stage("r1", base=None) as staging:
        for text in (b"one", b"two", b"three"):
            staging.write("index.html", text)
        staging.write("a/b/c.html", b"gone")
        staging.delete("a/b/c.html")
        staging.delete("a/b/c.html")
        staging.delete("never/was.html")
        staging.write("a/b/d.html", b"again")
    assert (store.path("r1") / "index.html").read_bytes() == b"three"
    assert sorted(str(p.relative_to(store.path("r1"))) for p in store.path("r1").rglob("*.html")) == [
        "a/b/d.html",
        "index.html",
    ]


def test_deleting_takes_only_the_folders_it_leaves_empty(store: ReleaseStore, publish: Publish) -> None:
    publish("r1", **{"a/b/c/x.html": "x", "a/y.html": "y"})
    with store.stage("r2", base="r1") as staging:
        staging.delete("a/b/c/x.html")
    assert sorted(entry.name for entry in (store.path("r2") / "a").iterdir()) == ["y.html"]
    assert (store.path("r1") / "a/b/c/x.html").read_text() == "x"
