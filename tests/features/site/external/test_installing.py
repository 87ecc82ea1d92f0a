"""Packages are installed when they changed, and what was installed by hand counts."""

import os
from pathlib import Path

import pytest

from pressroom.features.site.external.installing import install_command, remember_installed, why_install
from pressroom.features.source.recognise import Packages

HOUR = 3600


@pytest.fixture
def packages(tmp_path: Path) -> Packages:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "package-lock.json").write_text("{}")
    return Packages("npm", tmp_path, tmp_path / "package.json", tmp_path / "package-lock.json", {})


def install(packages: Packages, *, hours_ago: int = 0) -> None:
    marker = packages.folder / "node_modules/.package-lock.json"
    marker.parent.mkdir(exist_ok=True)
    marker.write_text("{}")
    when = packages.manifest.stat().st_mtime - hours_ago * HOUR
    os.utime(marker, (when, when))


def test_nothing_installed_is_a_reason(packages: Packages) -> None:
    assert why_install(packages) == "The packages are not installed yet."


def test_what_a_person_installed_is_installed(packages: Packages) -> None:
    install(packages)
    assert why_install(packages) is None


def test_a_lock_file_younger_than_the_packages_is_a_reason(packages: Packages) -> None:
    install(packages, hours_ago=1)
    assert why_install(packages) is not None


@pytest.mark.parametrize("changed", ["package.json", "package-lock.json"])
def test_after_an_install_only_other_words_are_a_reason(changed: str, packages: Packages) -> None:
    install(packages, hours_ago=1)
    remember_installed(packages)
    os.utime(packages.folder / changed)
    assert why_install(packages) is None
    (packages.folder / changed).write_text('{"name": "x"}')
    assert why_install(packages) == "The packages changed since they were installed."


def test_packages_that_were_deleted_are_not_remembered(packages: Packages) -> None:
    install(packages)
    remember_installed(packages)
    (packages.folder / "node_modules").rename(packages.folder / "gone")
    assert why_install(packages) is not None
    remember_installed(packages)
    assert not (packages.folder / "node_modules").exists()


@pytest.mark.parametrize(
    ("manager", "lock", "command"),
    [
        ("npm", "{}", "npm ci --no-audit --no-fund"),
        ("npm", None, "npm install --no-package-lock --no-audit --no-fund"),
        ("pnpm", "", "pnpm install --frozen-lockfile"),
        ("yarn", "# yarn lockfile v1\n", "yarn install --frozen-lockfile"),
        ("yarn", "__metadata:\n  version: 8\n", "yarn install --immutable"),
        ("bun", "", "bun install --frozen-lockfile"),
    ],
)
def test_exactly_what_the_lock_file_says_is_installed(
    manager: str, lock: str | None, command: str, tmp_path: Path
) -> None:
    path = tmp_path / "lock" if lock is not None else None
    if path:
        path.write_text(lock or "")
    assert " ".join(install_command(Packages(manager, tmp_path, tmp_path / "package.json", path, {}))) == command
