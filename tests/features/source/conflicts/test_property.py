"""Whatever is written on disk and here, in whatever order, is in the file, in a version or in a conflict."""

import asyncio
import json
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.conftest import MovableClock, make_settings
from tests.features.source.conflicts.deaths import Killed, dying_at
from tests.features.source.panel import before_its_file

from pressroom.composition import build_services
from pressroom.features.posts.errors import PostChanged
from pressroom.features.posts.filling import words_of
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.posts.typeset import typeset
from pressroom.features.source.conflicts.errors import ConflictChanged, InConflict, NotAPost
from pressroom.features.source.conflicts.service import Choice, Conflicts
from pressroom.features.source.faithful import read
from pressroom.features.source.fields import words_in
from pressroom.features.source.journal import finish_intents
from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import attach
from pressroom.kernel.auth import OPERATOR
from pressroom.kernel.preconditions import ANY
from pressroom.kernel.services import Services

LINES = 6
NEVER = 1_000_000
_numbers = count(1)
_VERSIONS = (
    "SELECT v.title, v.content_raw, v.front FROM post_versions v JOIN posts p ON p.id = v.post_id WHERE p.slug = :slug"
)
_NOTED = f"{_VERSIONS} AND v.note = :note"
Step = tuple[str, int, int, int]
KINDS = ["disk", "key", "panel", "title", "slow", "both", "both", "both", "scan", "take", "write"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, LINES - 1),
        st.integers(0, LINES - 1),
        st.sampled_from([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 8]),
    ),
    min_size=3,
    max_size=12,
)


class Play:
    """One post, and everything that was written into it."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.name = f"p{next(_numbers)}"
        self.services = services
        self.file = folder / f"{self.name}.md"
        self.written: list[str] = []
        self.file.write_text(f"---\ntitle: {self.name}\ndate: 2024-01-02\n---\n{self._lines()}")

    def _lines(self) -> str:
        return "".join(f"{self.name} line {number}.\n\n" for number in range(LINES))

    def _edited(self, body: str, line: int) -> tuple[str, str]:
        """The text with one line that nobody has changed yet exchanged, or with a new one at its end."""
        new = f"words{next(_numbers)}."
        old = f"{self.name} line {line}."
        return (body.replace(old, new), new) if old in body else (f"{body}\n{new}\n", new)

    def disk(self, line: int) -> None:
        after, new = self._edited(self.file.read_text(), line)
        self._put(after, new)

    def key(self, line: int) -> None:
        name = f"key{next(_numbers)}"
        at = "date:" if line % 2 else "---\n"
        self._put(self.file.read_text().replace(at, f"{name}: x\n{at}" if line % 2 else f"---\n{name}: x\n", 1), name)

    def _put(self, after: str, new: str) -> None:
        # Only what is really on disk was written.
        self.file.write_text(after)
        self.written.append(new)

    async def panel(self, line: int) -> None:
        await self._save(line, field="content")

    async def title(self, line: int) -> None:
        await self._save(line, field="title")

    async def slow(self, line: int) -> None:
        """A save whose file is not written yet."""
        with pytest.MonkeyPatch.context() as patch, before_its_file(patch):
            await self.panel(line)

    async def both(self, line: int, other: int) -> None:
        """A change on disk in the moment of a save, and a look at the folder."""
        await self.slow(line)
        self.disk(other)
        await scan(self.services)

    async def _save(self, line: int, *, field: str) -> None:
        with suppress(PostChanged, InConflict):
            async with self.services.unit() as unit:
                desk = Desk(self.services, unit)
                post = await desk.open(None, self.name, ANY, yours={"content": ""})
                before = words_of(post)
                after, new = self._edited(before.content, line)
                if field == "title":
                    after = new = f"title{next(_numbers)}"
                words = before.changed({field: after})
                await Writing(desk).write(post, words, typeset(words, desk.house), Change(), by=None)
            self.written.append(new)

    async def scan(self, line: int) -> None:
        del line
        await scan(self.services)

    async def take(self, line: int) -> None:
        await self._resolve(Choice(take="ours" if line % 2 else "theirs"))

    async def write(self, line: int) -> None:
        new = f"own{next(_numbers)}."
        body = self._edited(self._lines(), line)[0]
        if await self._resolve(Choice(text=f"---\ntitle: {self.name}\ndate: 2024-01-02\n---\n{body}\n{new}\n")):
            self.written.append(new)

    async def _resolve(self, choice: Choice) -> bool:
        conflicts = Conflicts(self.services)
        found, _ = await conflicts.list(OPERATOR, limit=100, offset=0)
        for row in [row for row, post in found if post.slug == self.name]:
            with suppress(ConflictChanged, NotAPost):
                await conflicts.resolve(OPERATOR, row.id, choice, wanted=ANY)
                return True
        return False

    async def step(self, step: Step) -> None:
        kind, line, other, dies_at = step
        act: Any = getattr(self, kind)
        if kind in {"disk", "key"}:
            act(line)
            return
        with pytest.MonkeyPatch.context() as patch, dying_at(dies_at or NEVER, patch):
            await (act(line, other) if kind == "both" else act(line))

    async def check(self) -> None:
        """After a start and its scan."""
        await finish_intents(self.services)
        await scan(self.services)
        last = await scan(self.services)
        assert (last.updated, last.merged, last.conflicts, last.failed) == (0, 0, 0, {})
        kept = [self.file.read_text(), *await self._versions(), *await self._conflicts()]
        for kind in ("Merged", "Conflict resolved"):
            event(f"{kind}: {bool(await self._rows(_NOTED, {'slug': self.name, 'note': kind}))}")
        event(f"Conflicts: {bool(await self._conflicts())}")
        assert [each for each in self.written if not any(each in one for one in kept)] == []
        assert await self._rows("SELECT id FROM source_intents", {}) == []
        (post,) = await self._rows("SELECT title, content_raw FROM posts WHERE slug = :slug", {"slug": self.name})
        there = words_in(read(self.file.read_bytes()), self.file.name)
        assert (post.title, post.content_raw) == (there.title, there.content)

    async def _versions(self) -> list[str]:
        return [
            f"{row.title}\n{row.content_raw}\n{row.front if isinstance(row.front, str) else json.dumps(row.front)}"
            for row in await self._rows(_VERSIONS, {"slug": self.name})
        ]

    async def _conflicts(self) -> list[str]:
        rows = await self._rows(
            "SELECT ours, theirs FROM source_conflicts WHERE path = :path", {"path": self.file.name}
        )
        return [bytes(side).decode() for row in rows for side in row]

    async def _rows(self, sql: str, values: dict[str, str]) -> list[Any]:
        async with self.services.reading() as session:
            return list((await session.execute(text(sql), values)).all())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_every_line_anybody_wrote_is_kept(tmp_path: Path, database_environ: dict[str, str], steps: list[Step]) -> None:
    asyncio.run(_played(tmp_path, database_environ, steps))


async def _played(data: Path, environ: dict[str, str], steps: list[Step]) -> None:
    folder = data / "blog"
    folder.mkdir(exist_ok=True)
    clock = MovableClock()
    services = build_services(make_settings(data, **environ), clock=clock)
    try:
        play = Play(services, folder)
        await attach(services, recognise(folder))
        for step in steps:
            with suppress(Killed):
                await play.step(step)
        await play.check()
    finally:
        await services.close()
