"""Nothing outside the folder is read, whatever stands inside it."""

import os
from pathlib import Path

import pytest

from pressroom.features.source.disk import UnsafePath, digest, inside, read_inside


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret.md").write_bytes(b"secret")
    root = tmp_path / "posts"
    (root / "2026").mkdir(parents=True)
    (root / "2026/a.md").write_bytes(b"words")
    (root / "link.md").symlink_to(tmp_path / "secret.md")
    (root / "near.md").symlink_to(root / "2026/a.md")
    (root / "out").symlink_to(tmp_path)
    os.mkfifo(root / "pipe.md")
    return root


def test_files_inside_are_read(root: Path) -> None:
    assert read_inside(root, "2026/a.md") == b"words"
    assert inside(root, "2026/a.md") == root / "2026/a.md"
    assert inside(root, "2027/new.md") == root / "2027/new.md"
    assert digest(b"words") == digest(b"words") != digest(b"word")


@pytest.mark.parametrize(
    "path",
    [
        "../secret.md",
        "/etc/passwd",
        "",
        "2026//a.md",
        "2026/../../secret.md",
        "link.md",
        "near.md",
        "out/x.md",
        "2026/a.md/b",
    ],
)
def test_every_way_out_is_closed(root: Path, path: str) -> None:
    with pytest.raises(UnsafePath):
        read_inside(root, path)
    with pytest.raises(UnsafePath):
        inside(root, path)


@pytest.mark.parametrize("path", ["pipe.md", "2026"])
def test_pipes_and_folders_are_no_files(root: Path, path: str) -> None:
    with pytest.raises(UnsafePath):
        read_inside(root, path)


def test_what_is_not_there_is_not_found(root: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_inside(root, "2026/none.md")


def test_no_descriptor_is_left_open(root: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    read_inside(root, "2026/a.md")
    for path in ("2026/none.md", "link.md", "out/secret.md", "2026"):
        with pytest.raises((UnsafePath, FileNotFoundError)):
            read_inside(root, path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_is_too_large_for_a_post_is_not_read(root: Path) -> None:
    with (root / "film.md").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(UnsafePath, match=r"'film\.md' is larger than 8 MB"):
        read_inside(root, "film.md")
    with pytest.raises(UnsafePath, match="larger than 1 MB"):
        read_inside(root, "film.md", most=1 << 20)
