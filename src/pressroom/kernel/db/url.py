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
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise SettingsError("DATABASE_URL cannot be read. Write postgresql://user@host/name.") from None
    driver = DRIVERS.get(url.get_backend_name())
    if driver is None:
        known = "sqlite and postgresql"
        raise SettingsError(f"DATABASE_URL: {url.get_backend_name()!r} is not supported; {known} are.")
    if driver.startswith("sqlite") and (not url.database or url.database == ":memory:"):
        raise SettingsError("DATABASE_URL: SQLite needs a file; a database in memory would lose your words.")
    return _as_asyncpg_says(url.set(drivername=driver)) if "asyncpg" in driver else url.set(drivername=driver)


def _as_asyncpg_says(url: URL) -> URL:
    """Other programs' addresses say `sslmode`; this driver says `ssl`, with the same values."""
    mode = url.query.get("sslmode")
    return url if mode is None else url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
