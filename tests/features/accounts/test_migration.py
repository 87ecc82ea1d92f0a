from pressroom.kernel.db.migrate import Migrations
from pressroom.kernel.services import Services


async def test_the_tables_equal_the_models(services: Services) -> None:
    migrations = Migrations(services.database, data=services.settings.data, clock=services.clock)
    mine = {"users", "refresh_tokens", "one_time_links"}
    assert [change for change in await migrations.differences() if any(name in str(change) for name in mine)] == []
