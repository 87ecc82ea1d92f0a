"""The public revision: a counter that moves in the transaction that changes what readers see."""

from sqlalchemy import BigInteger, CheckConstraint, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from pressroom.kernel.db.base import Base
from pressroom.kernel.revision_watch import CHANNEL
from pressroom.kernel.uow import UnitOfWork


class PublicRevision(Base):
    """One row for the whole publication."""

    __tablename__ = "public_revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(BigInteger)


_MOVE = update(PublicRevision).values(value=PublicRevision.value + 1).returning(PublicRevision.value)
_READ = select(PublicRevision.value)


async def move(unit: UnitOfWork) -> int:
    """Moves the counter and returns its new value; writers of public things queue here until they commit."""
    statement = _MOVE.execution_options(synchronize_session=False)
    value = int((await unit.session.execute(statement)).scalar_one())
    if unit.session.get_bind().dialect.name == "postgresql":
        await unit.session.execute(select(func.pg_notify(CHANNEL, str(value))))
    unit.moved_revision(value)
    return value


async def read(session: AsyncSession) -> int:
    """The counter as this session sees it."""
    return int((await session.execute(_READ)).scalar_one())
