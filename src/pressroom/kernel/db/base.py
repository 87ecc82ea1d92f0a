"""What every table shares: names of constraints, and column types that mean the same on every database."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, Dialect, MetaData, Uuid
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; kept in UTC where the database has no time zones, and always read back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JsonDocument = JSON(none_as_null=True)
"""JSON as text on every database: the order of its keys is the writer's, and stays."""


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it as a plain class attribute
        datetime: UtcDateTime(),
        UUID: Uuid(as_uuid=True),
        dict[str, Any]: JsonDocument,
        list[Any]: JsonDocument,
    }


def insert_into(session: AsyncSession, table: type[Base]) -> Any:
    """This database's own INSERT, which knows `on_conflict_do_nothing`."""
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # only where it is used

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415  # only where it is used

    return sqlite.insert(table)


async def insert_unless_there(session: AsyncSession, table: type[Base], row: dict[str, Any], *, unique: str) -> bool:
    """Inserts a row, or leaves the one that already holds its value of the `unique` column. Returns whether it did.

    Where another transaction is just inserting the same value, it waits for that one's end.
    """
    statement = insert_into(session, table).values(**row).on_conflict_do_nothing(index_elements=[unique])
    inserted = await session.execute(statement.returning(getattr(table, unique)))
    return inserted.first() is not None
