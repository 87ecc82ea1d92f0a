"""The lock files hold exactly what pyproject.toml asks for; `make lock` makes it so."""

import re
import tomllib
from collections.abc import Container, Iterable
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
STANZA = re.compile(r"^(?P<requirement>\S.*?)\s*\\\n(?P<rest>(?:^[ \t]+.*\n?)+)", re.MULTILINE)


class Pin(NamedTuple):
    version: str
    applies: bool
    hashes: int


@cache
def pins(level: str) -> dict[str, Pin]:
    found: dict[str, Pin] = {}
    for stanza in STANZA.finditer((ROOT / f"requirements/{level}.lock").read_text()):
        requirement = Requirement(stanza["requirement"])
        applies = requirement.marker is None or requirement.marker.evaluate()
        version = str(requirement.specifier).removeprefix("==")
        found[canonicalize_name(requirement.name)] = Pin(version, applies, stanza["rest"].count("--hash=sha256:"))
    return found


def asked(level: str) -> list[Requirement]:
    """What pyproject.toml and the set-up ask for directly."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    setup = (ROOT / "requirements/setup.in").read_text()
    lines = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    lines += [line.partition("#")[0].strip() for line in setup.splitlines()]
    lines += project["dependency-groups"]["dev"] if level == "dev" else []
    return [Requirement(line) for line in lines if line]


def closure(requirements: Iterable[Requirement], locked: Container[str]) -> dict[str, list[Requirement]]:
    """Every requirement that follows here, direct or not, by package; only locked packages are installed."""
    found: dict[str, list[Requirement]] = {}
    waiting = list(requirements)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if str(requirement) in map(str, found.setdefault(name, [])):
            continue
        found[name].append(requirement)
        waiting += followers(requirement) if name in locked else []
    return found


def followers(requirement: Requirement) -> Iterable[Requirement]:
    for line in distribution(requirement.name).requires or []:
        follower = Requirement(line)
        extras = requirement.extras or {""}
        if follower.marker is None or any(follower.marker.evaluate({"extra": extra}) for extra in extras):
            yield follower


def here(requirements: Iterable[Requirement]) -> list[Requirement]:
    return [each for each in requirements if each.marker is None or each.marker.evaluate()]


@pytest.mark.parametrize("level", ["runtime", "dev"])
def test_the_lock_holds_what_is_asked_for_and_nothing_else(level: str) -> None:
    locked = {name: pin for name, pin in pins(level).items() if pin.applies}
    needed = closure(here(asked(level)), locked)
    assert locked.keys() ^ needed.keys() == set(), "run `make lock`"
    for name, requirements in needed.items():
        for requirement in requirements:
            assert requirement.specifier.contains(locked[name].version, prereleases=True), f"{requirement}: `make lock`"


def test_both_locks_name_the_same_versions() -> None:
    assert {name: pins("dev")[name].version for name in pins("runtime")} == {
        name: pin.version for name, pin in pins("runtime").items()
    }


@pytest.mark.parametrize("level", ["runtime", "dev"])
def test_every_locked_file_has_its_hash_and_no_address(level: str) -> None:
    assert [name for name, pin in pins(level).items() if not pin.hashes] == []
    assert "://" not in (ROOT / f"requirements/{level}.lock").read_text()
