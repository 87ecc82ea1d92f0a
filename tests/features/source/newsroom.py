"""A publication over a folder of one's own that may die at any step and be opened anew, and what can be found in it."""

import os
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from tests.conftest import MovableClock, make_settings
from tests.features.source.conflicts.deaths import dying_at
from tests.features.source.pens import tokens
from tests.plugins.people import new_user

from pressroom.composition import build_services
from pressroom.features import FEATURES
from pressroom.features.posts.settings import PostsSettings
from pressroom.features.site.generator import Press
from pressroom.features.site.site_info import site_info, theme_folder
from pressroom.features.site.workshop import workshop
from pressroom.features.source.journal import TRASH
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.kernel import uow
from pressroom.kernel.auth import Actor, Role
from pressroom.kernel.errors import AppError
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

_KEPT = (
    "SELECT title, content_raw, metadata FROM posts",
    "SELECT title, content_raw, front FROM post_versions",
    "SELECT words ->> 'content' FROM post_drafts",
    "SELECT base, ours, theirs FROM source_conflicts",
)
_REFUSALS = (409, 412, 422)


class Newsroom:
    """The data folder, the attached folder beside it, and the services of whichever process lives now."""

    def __init__(self, place: Path, template: Path) -> None:
        self.data = place / "data"
        self.folder = place / "blog"
        for folder in (self.data, self.folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        shutil.copy(template, self.data / "pressroom.db")
        self.clock = MovableClock()
        self.services: Services | None = None
        self.runner: Runner | None = None
        self._settings = make_settings(self.data).replacing(PostsSettings(welcome=False))
        self._moments = count(1)
        # What costs most at a start and remembers nothing: the theme, and statements that were compiled once.
        self._press = Press(site_info(self._settings), theme_folder(self._settings))
        self._database = build_services(self._settings).database

    async def begin(self) -> Actor:
        """Attaches the folder, for a person who may do everything."""
        services = self.opened()
        await self.attach()
        self.clock.move(minutes=1)
        async with services.unit() as unit:
            user = new_user(services, Role.owner, "ada")
            unit.session.add(user)
        await self.work()
        return Actor(user.id, user.username, user.display_name, Role.owner)

    async def attach(self) -> None:
        """Attaches the folder, or looks at it."""
        await attach(self.opened(), recognise(self.folder))

    def opened(self) -> Services:
        if self.services is None:
            self.services = replace(build_services(self._settings, clock=self.clock), database=self._database)
            workshop(self.services)._press = self._press
            self.runner = Runner(self.services, tuple(each for feature in FEATURES for each in feature.schedules))
        return self.services

    async def start(self) -> None:
        """As a server starts."""
        services = self.opened()
        for feature in FEATURES:
            if feature.on_start:
                await feature.on_start(services)

    async def work(self, *, seconds: int = 20) -> None:
        """Does the jobs that are due after a while; what comes each minute, too, after one."""
        self.opened()
        assert self.runner
        self.clock.move(seconds=seconds)
        await self.runner.take_over()
        await self.runner.run_until_idle()

    async def end(self) -> None:
        """The process is gone; the system lets go of what it held."""
        services, runner = self.services, self.runner
        self.services = self.runner = None
        if services and runner:
            if runner._presence._descriptor is not None:
                os.close(runner._presence._descriptor)
            if services.runner_signal._descriptor is not None:
                services.runner_signal.take_bell_down()
            await services.close()

    @property
    def files(self) -> list[str]:
        """What a person sees in the folder."""
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.md"))

    def path(self, name: str) -> Path:
        return self.folder / name

    def write(self, name: str, data: bytes, *, aside: bool = False) -> None:
        """Writes a file as an editor does, in place or `aside` and renamed; never twice in one moment."""
        path = self.path(name)
        path.parent.mkdir(exist_ok=True)
        target = path.with_name(f".{path.name}.swp") if aside else path
        target.write_bytes(data)
        moment = 1_700_000_000_000_000_000 + next(self._moments) * 1_000_000
        os.utime(target, ns=(moment, moment))
        if aside:
            target.replace(path)

    def rename(self, old: str, new: str) -> None:
        self.path(new).parent.mkdir(exist_ok=True)
        self.path(old).rename(self.path(new))

    def rows(self, sql: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.data / "pressroom.db")) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(sql, values).fetchall()

    def on_disk(self) -> set[str]:
        return tokens(*(self.path(name).read_bytes() for name in self.files))

    def kept(self) -> set[str]:
        """What is found without the folder: in rows, versions, drafts, conflicts and the trash."""
        trash = self.data / TRASH
        thrown_away = [path.read_bytes() for path in trash.iterdir()] if trash.exists() else []
        return tokens(*(tuple(row) for sql in _KEPT for row in self.rows(sql)), *thrown_away)

    @property
    def live(self) -> Path:
        return self.data / "site" / "current"


class Fate:
    """What happens in the midst of an operation: nothing, a death at a step, or a hand on the disk at a commit."""

    def __init__(self, kind: str, at: int = 0) -> None:
        self.kind, self.at = kind, at

    def __repr__(self) -> str:
        return f"Fate({self.kind!r}, {self.at})"

    @contextmanager
    def befalls(self, hand: Callable[[], None]) -> Iterator[Callable[[], bool]]:
        """Yields a question: did the process die?"""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(uow, "log", _Alarm)
            if self.kind == "death":
                with dying_at(self.at, patch) as death:
                    yield lambda: death.came
            else:
                if self.kind == "hand":
                    _at_commit(patch, self.at, hand)
                yield lambda: False


class _Alarm:
    """What follows a commit and fails is only logged there; here it is a failure."""

    @staticmethod
    def exception(event: str, **values: object) -> None:
        raise AssertionError(f"{event}: {values}")


def _at_commit(patch: pytest.MonkeyPatch, at: int, hand: Callable[[], None]) -> None:
    commit, steps = AsyncSession.commit, count(1)

    def step() -> None:
        if next(steps) == at:
            hand()

    async def commit_beside(session: AsyncSession) -> None:
        step()
        await commit(session)
        step()

    patch.setattr(AsyncSession, "commit", commit_beside)


async def refused(work: Callable[[], Awaitable[object]]) -> AppError | None:
    """Does something; why it was refused, if it was. Whatever is no refusal is raised."""
    try:
        await work()
    except AppError as error:
        if error.status not in _REFUSALS:
            raise
        return error
    return None
