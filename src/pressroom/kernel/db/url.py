"""Database addresses as people write them, turned into ones that SQLAlchemy can open."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from pressroom.kernel.settings.loader import SettingsError

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgres": "postgresql+asyncpg", "postgresql": "postgresql+asyncpg"}


def database_url(configured: str, data: Path) -> URL:
    """The address to open: the configured one with an async driver, or SQLite in the data folder.

    Raises:
        SettingsError: the address cannot be read, or names a database that is not supported.
    """
    if not configured:
        return URL.create("sqlite+aiosqlite", database=str(data / "pressroom.db"))
    try:
        url = make_url(configured)
    except ArgumentError:
        raise SettingsError("DATABASE_URL cannot be read. Write postgresql://user@host/name.") from None
    driver = DRIVERS.get(url.get_backend_name())
    if driver is None:
        known = "sqlite and postgresql"
        raise SettingsError(f"DATABASE_URL: {url.get_backend_name()!r} is not supported; {known} are.")
    if driver.startswith("sqlite") and (not url.database or url.database == ":memory:"):
        raise SettingsError("DATABASE_URL: SQLite needs a file; a database in memory would lose your words.")
    return url.set(drivername=driver)
