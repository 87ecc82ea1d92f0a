"""The tables of the attached folder. Private to the slice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pressroom.kernel.db.base import Base, JsonDocument

PATH = 1000
ERROR = 1000


class SourceFile(Base):
    """A file of the attached folder, as it was when file and row last agreed.

    `digest` is that of its bytes, with `size` and `mtime_ns` by which an unchanged file is known without reading it
    (-1 after a save: the next scan reads it once). `slug` is the address that its post had then. `gone` holds while
    there is no file; `removed` keeps its bytes while its post is in the trash. `error` says why it could not be read;
    a file that never could has no post. While the row holds words that the file does not, `base` is what the file held
    when both agreed, and `ours` what it would hold with those words; `held` says that the site's build would refuse
    them, so that nothing is on its way. `conflict_id` is the open conflict. `problems` are what the build refuses in
    the file itself, each a field and a sentence.
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
    held: Mapped[bool] = mapped_column(default=False)
    problems: Mapped[list[Any] | None] = mapped_column(JsonDocument)
    base: Mapped[bytes | None] = mapped_column(LargeBinary)
    ours: Mapped[bytes | None] = mapped_column(LargeBinary)
    conflict_id: Mapped[UUID | None]
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


class SourceConflict(Base):
    """Both sides changed one file, and their changes touch: a person decides.

    Whole files: `base` is what both came from, `ours` what was saved here, `theirs` what the file holds. `version` is
    the counter that whoever resolves it must have seen. `resolution` says how it ended: `ours`, `theirs` or `text` by
    a person, `merged` once the changes no longer touched, `deleted` with its post, `detached` with its folder.
    """

    __tablename__ = "source_conflicts"
    __table_args__ = (
        Index("ix_source_conflicts_post_id", "post_id"),
        Index("ix_source_conflicts_resolved_at_id", "resolved_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(String(PATH))
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    resolution: Mapped[str | None] = mapped_column(String(20))
    clashes: Mapped[list[Any]]
    base: Mapped[bytes] = mapped_column(LargeBinary)
    ours: Mapped[bytes] = mapped_column(LargeBinary)
    theirs: Mapped[bytes] = mapped_column(LargeBinary)
