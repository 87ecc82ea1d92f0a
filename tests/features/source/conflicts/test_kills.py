"""A kill at any step leaves file and row agreeing after the next start, and no text is lost."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from tests.features.source.conflicts.both_sides import CONFLICTS, HELLO, BothSides, replace
from tests.features.source.conflicts.deaths import dying_at
from tests.features.source.panel import Rows, before_its_file

from pressroom.features.source.conflicts.service import Choice, Conflicts
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import start
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.preconditions import Precondition

MOST_STEPS = 40
Act = Callable[[BothSides], Awaitable[object]]


async def save_then_meet(both: BothSides) -> None:
    """The last line of a save, whose file somebody has changed."""
    await scan(both.services)


async def resolve(both: BothSides) -> None:
    (found,) = (await both.editor.get(CONFLICTS)).json()["data"]
    seen = Precondition(frozenset({f'"{found["version"]}"'}))
    actor = both.editor.actor  # type: ignore[attr-defined]  # a Person
    await Conflicts(both.services).resolve(actor, UUID(found["id"]), Choice(take="ours"), wanted=seen)


async def merge_setting(both: BothSides, number: int) -> list[str]:
    """One line changed here and another on disk, at the same moment."""
    return await _both(both, here=("One", f"One {number} here"), on_disk=("Three", f"Three {number} there"))


async def conflict_setting(both: BothSides, number: int) -> list[str]:
    """One line changed on both sides at the same moment."""
    return await _both(both, here=("Two", f"Two {number} here"), on_disk=("Two", f"Two {number} there"))


async def followed_setting(both: BothSides, number: int) -> list[str]:
    """A conflict whose file changed on."""
    before = await conflict_setting(both, number)
    await scan(both.services)
    both.write(f"Two {number} there", f"Two {number} there again")
    return [*before, f"Two {number} there again"]


async def ended_setting(both: BothSides, number: int) -> list[str]:
    """A conflict whose file no longer touches what was saved here."""
    before = await conflict_setting(both, number)
    await scan(both.services)
    both.write(f"Two {number} there", "Two")
    return before


async def resolved_setting(both: BothSides, number: int) -> list[str]:
    """A conflict that somebody is about to decide."""
    before = await conflict_setting(both, number)
    await scan(both.services)
    return before


async def _both(both: BothSides, *, here: tuple[str, str], on_disk: tuple[str, str]) -> list[str]:
    with before_its_file(both._monkeypatch):
        assert (await replace(both.editor, *here)).status_code == 200
    both.write(*on_disk)
    return [here[1], on_disk[1]]


@pytest.mark.parametrize(
    ("setting", "act", "ends_in_conflict"),
    [
        (merge_setting, save_then_meet, False),
        (conflict_setting, save_then_meet, True),
        (followed_setting, save_then_meet, True),
        (ended_setting, save_then_meet, False),
        (resolved_setting, resolve, False),
    ],
)
async def test_a_kill_at_any_step(
    both: BothSides,
    runner: Runner,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    *,
    setting: Callable[[BothSides, int], Awaitable[list[str]]],
    act: Act,
    ends_in_conflict: bool,
) -> None:
    for at in range(1, MOST_STEPS):
        await _clean(both, runner)
        written = await setting(both, at)
        with dying_at(at, monkeypatch) as death:
            await act(both)
        await start(both.services)
        await runner.run_until_idle()
        await _agree(both, rows)
        await _is_kept(both, rows, written)
        is_open = bool((await both.editor.get(CONFLICTS)).json()["data"])
        if not death.came:
            assert at > 3, "there was nothing to die in"
            assert is_open == ends_in_conflict
            return
    pytest.fail("never done")


async def _clean(both: BothSides, runner: Runner) -> None:
    """The post and its file as they were at first, whatever came before."""
    await runner.run_until_idle()
    for found in (await both.editor.get(CONFLICTS)).json()["data"]:
        assert (await both.resolve(found, take="theirs")).status_code == 200
    both.file.write_text(HELLO)
    assert (await scan(both.services)).conflicts == 0
    assert both.text == HELLO


async def _agree(both: BothSides, rows: Rows) -> None:
    """No save is on its way, and the post has the words of its file."""
    assert await rows("SELECT id FROM source_intents") == []
    assert await rows("SELECT path FROM source_files WHERE ours IS NOT NULL OR base IS NOT NULL") == []
    (row,) = await rows("SELECT content_raw FROM posts WHERE slug = 'hello'")
    assert both.text.endswith(row.content_raw)
    assert (await scan(both.services)).updated == 0
    assert [path.name for path in both.file.parent.iterdir() if path.suffix == ".md"].count("hello.md") == 1


async def _is_kept(both: BothSides, rows: Rows, written: list[str]) -> None:
    """Every text is in the file, in a version or in a conflict."""
    versions = await rows("SELECT content_raw FROM post_versions")
    kept = [both.text, *(row.content_raw for row in versions)]
    for found in (await both.editor.get(CONFLICTS)).json()["data"]:
        conflict: dict[str, Any] = await both.one(found["id"])
        kept += [conflict["ours"], conflict["theirs"]]
    assert [text for text in written if not any(text in each for each in kept)] == []
