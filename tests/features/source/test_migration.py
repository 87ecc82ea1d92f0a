from tests.conftest import MovableClock

from pressroom.features.source import models
from pressroom.kernel.db.migrate import Migrations
from pressroom.kernel.services import Services


async def test_the_migration_makes_the_tables_that_the_models_describe(services: Services, clock: MovableClock) -> None:
    ours = {cls.__tablename__ for cls in vars(models).values() if hasattr(cls, "__tablename__")}
    assert ours == {"source_files", "source_intents", "source_conflicts"}
    found = await Migrations(services.database, data=services.settings.data, clock=clock).differences()
    assert [each for each in found if any(f"'{name}'" in repr(each) for name in ours)] == []
