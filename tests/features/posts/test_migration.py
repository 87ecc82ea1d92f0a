from datetime import timedelta
from typing import Any

from tests.conftest import START, MovableClock
from tests.features.posts.desk import POSTS, at, publish
from tests.plugins.people import Person

from pressroom.features.posts import models
from pressroom.features.posts.showings import Span, differences
from pressroom.features.site.models import Release
from pressroom.kernel import revision
from pressroom.kernel.db.migrate import Migrations
from pressroom.kernel.ids import new_id
from pressroom.kernel.services import Services


async def test_the_migration_makes_the_tables_that_the_models_describe(services: Services, clock: MovableClock) -> None:
    ours = {cls.__tablename__ for cls in vars(models).values() if hasattr(cls, "__tablename__")}
    found = await Migrations(services.database, data=services.settings.data, clock=clock).differences()
    assert [each for each in found if any(f"'{name}'" in repr(each) for name in ours)] == []


async def test_releases_from_before_know_what_they_show(
    services: Services, clock: MovableClock, editor: Person
) -> None:
    kept, changed, gone = [await publish(editor, title) for title in ("Kept", "Changed", "Gone")]
    async with services.unit() as unit:
        then = await revision.read(unit.session)
        for _ in range(2):  # two builds of the same words
            release = {"id": new_id(), "revision": then, "fingerprint": "", "posts": 3, "created_at": clock.now()}
            unit.session.add(Release(**release))
    clock.move(minutes=1)
    await editor.patch(f"{POSTS}/{changed['id']}", json={"title": "Changed since"}, headers=at(1))
    await editor.delete(f"{POSTS}/{gone['id']}", headers=at(1))
    await publish(editor, "Newer")
    await publish(editor, "Newer, dated back", published=(START - timedelta(days=9)).date().isoformat())

    async def differing() -> dict[str, Any]:
        async with services.reading() as session:
            span = Span(then, await revision.read(session))
            return {each.slug: each for each in await differences(session, span)}

    before = await differing()
    history = Migrations(services.database, data=services.settings.data, clock=clock)
    await history.downgrade("0008")
    await history.upgrade()
    assert await differing() == before
    assert {slug: each.kind.value for slug, each in before.items()} == {
        "changed": "changed",
        "gone": "hidden",
        "newer": "newer",
        "newer-dated-back": "newer",
    }
    assert kept["slug"] not in before
