"""The database: one schema on SQLite and PostgreSQL."""

from pressroom.kernel.db.base import Base, JsonDocument, UtcDateTime
from pressroom.kernel.db.engine import Database

__all__ = ["Base", "Database", "JsonDocument", "UtcDateTime"]
