"""The tables of the attached folder. Private to the slice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pressroom.kernel.db.base import Base

PATH = 1000
ERROR = 1000


class SourceFile(Base):
    """A file of the attached folder, as it was when file and row last agreed.

    `digest` is that of its bytes, with `size` and `mtime_ns` by which an unchanged file is known without reading it
    (-1 after a save: the next scan reads it once). `slug` is the address that its post had then. `gone` holds while
    there is no file; `removed` keeps its bytes while its post is in the trash. `error` says why it could not be read;
    a file that never could has no post.
    """

    __tablename__ = "source_files"
    __table_args__ = (UniqueConstraint("post_id", name="uq_source_files_post_id"),)

    path: Mapped[str] = mapped_column(String(PATH), primary_key=True)
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    slug: Mapped[str] = mapped_column(String(100))
    gone: Mapped[bool]
    removed: Mapped[bytes | None] = mapped_column(LargeBinary)
    error: Mapped[str | None] = mapped_column(String(ERROR))
    seen_at: Mapped[datetime]


class SourceIntent(Base):
    """A save whose version is committed and whose file may not be written yet.

    The digests `before` and `after` tell how far it came; the empty one is that of no file. `content` is what the
    file will hold; `None` takes it away.
    """

    __tablename__ = "source_intents"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(PATH), index=True)
    before: Mapped[str] = mapped_column(String(64))
    after: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
