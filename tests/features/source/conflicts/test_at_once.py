"""A save and a scan at the same moment."""

import asyncio

from sqlalchemy import text
from tests.features.source.conflicts.both_sides import HELLO, BothSides, replace
from tests.features.source.panel import Rows

from pressroom.features.posts.filling import words_of
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.posts.typeset import typeset
from pressroom.features.source.scanning import scan
from pressroom.kernel.preconditions import ANY
from pressroom.kernel.services import Services

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def wait_for_waiting(services: Services) -> None:
    """Until somebody waits for a row that we have locked; on SQLite whoever writes waits for us anyway."""
    while not services.database.is_sqlite:
        async with services.reading() as session:
            if await session.scalar(text(WAITING)):
                return


async def test_a_scan_that_waits_for_a_save_does_not_take_its_words_back(both: BothSides) -> None:
    services = both.services
    async with services.unit() as unit:
        desk = Desk(services, unit)
        post = await desk.open(None, "hello", ANY)
        words = words_of(post)
        words = words.changed({"content": words.content.replace("One.", "Eins.")})
        await Writing(desk).write(post, words, typeset(words, desk.house), Change(), by=None)
        both.write("Three.", "Drei.")
        scanning = asyncio.create_task(scan(services))
        await wait_for_waiting(services)
    await scanning
    await scan(services)
    assert both.text == HELLO.replace("One.", "Eins.").replace("Three.", "Drei.")
    assert (await scan(services)).unchanged == 2


async def test_saves_and_scans_in_any_order_keep_every_word(both: BothSides, rows: Rows) -> None:
    before = {"One": "One.", "Three": "Three."}
    written: list[str] = []
    for number in range(8):
        here, there = f"One {number}.", f"Three {number}."
        both.write(before["Three"], there)
        saved, _ = await asyncio.gather(replace(both.editor, before["One"], here), scan(both.services))
        await scan(both.services)
        assert saved.status_code in {200, 412}, saved.text
        before["Three"] = there
        if saved.status_code == 200:
            before["One"] = here
        written += [here, there] if saved.status_code == 200 else [there]
        assert both.text == HELLO.replace("One.", before["One"]).replace("Three.", before["Three"])
        (row,) = await rows("SELECT content_raw FROM posts WHERE slug = 'hello'")
        assert both.text.endswith(row.content_raw)
    versions = [row.content_raw for row in await rows("SELECT content_raw FROM post_versions")]
    assert [each for each in written if not any(each in version for version in versions)] == []
