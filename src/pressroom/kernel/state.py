"""Small facts the program keeps about itself: the `settings` table."""

from typing import Any

from sqlalchemy import String, delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from pressroom.kernel.db.base import Base, JsonDocument


class StoredSetting(Base):
    """A named value, as JSON."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[Any] = mapped_column(JsonDocument)


async def find_value(session: AsyncSession, name: str) -> Any:
    """The value under this name, or `None`."""
    row = await session.get(StoredSetting, name)
    return None if row is None else row.value


async def store_value(session: AsyncSession, name: str, value: Any) -> None:
    """Keeps a JSON value under this name, replacing the one before."""
    await session.merge(StoredSetting(name=name, value=value))


async def forget_value(session: AsyncSession, name: str) -> None:
    """Removes what is kept under this name; nothing there is fine."""
    await session.execute(delete(StoredSetting).where(StoredSetting.name == name))
