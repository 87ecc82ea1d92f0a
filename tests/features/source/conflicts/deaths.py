"""Dying at a chosen step: before or after a commit, before or after a file takes its place."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession


class Killed(BaseException):
    """Nothing is caught, and nothing is cleaned up, by a process that is killed."""


class Death:
    """Counts steps, and dies at one of them; whatever would be lasting after that never happens."""

    def __init__(self, at: int) -> None:
        self.steps = 0
        self._at = at

    def step(self) -> None:
        self.steps += 1
        if self.steps >= self._at:
            raise Killed

    @property
    def came(self) -> bool:
        return self.steps >= self._at


@contextmanager
def dying_at(at: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Death]:
    """Runs a block that dies at its step number `at`, counting from 1; one that has fewer steps is done."""
    death = Death(at)
    commit, replace, link = AsyncSession.commit, os.replace, os.link

    async def dying_commit(session: AsyncSession) -> None:
        death.step()
        await commit(session)
        death.step()

    def dying_replace(*arguments: Any) -> None:
        death.step()
        replace(*arguments)
        death.step()

    def dying_link(*arguments: Any) -> None:
        death.step()
        link(*arguments)
        death.step()

    with monkeypatch.context() as patched:
        patched.setattr(AsyncSession, "commit", dying_commit)
        patched.setattr(os, "replace", dying_replace)
        patched.setattr(os, "link", dying_link)
        try:
            yield death
        except Killed:
            assert death.came
