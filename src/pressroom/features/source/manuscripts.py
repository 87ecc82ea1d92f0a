"""Manuscripts in the attached folder: the second adapter of the posts' port."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pressroom.features.posts.errors import PostChanged
from pressroom.features.posts.filling import words_of
from pressroom.features.posts.manuscripts import RowManuscripts, Saving
from pressroom.features.posts.preconditions import ANY, Precondition, conflict
from pressroom.features.posts.states import Status
from pressroom.features.posts.words import Words, fields_of, flat
from pressroom.features.source.attachment import Attachment, find_attachment
from pressroom.features.source.disk import digest, read_inside, safe_name
from pressroom.features.source.errors import CodeForAdmins
from pressroom.features.source.faithful import Unreadable, read
from pressroom.features.source.fields import Wanted, words_in, written
from pressroom.features.source.journal import finish_intents
from pressroom.features.source.looking import ask_for_scan
from pressroom.features.source.models import SourceFile, SourceIntent
from pressroom.features.source.repository import SourceFiles
from pressroom.features.source.walking import walk
from pressroom.kernel.auth import Actor, Role
from pressroom.kernel.ids import new_id
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from pressroom.features.posts.models import Post

_HIDDEN = frozenset({Status.draft, Status.archived})


class FolderManuscripts:
    """A post that has a file is kept there, and its versions beside the row. Any other post is kept in its row.

    The file is replaced after the commit, by the intent that is committed with the version. A post that is made
    while a folder is attached gets a file as soon as it has a date.
    """

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        self._services = services
        self._unit = unit
        self._rows = RowManuscripts(unit.session)
        self._files = SourceFiles(unit.session)
        self._named: set[str] = set()

    async def expect(
        self, post: "Post", wanted: Precondition, *, yours: Mapping[str, Any], by: Actor | None = None
    ) -> None:
        """As the port says; the file must be as it was last seen, too.

        Raises:
            CodeForAdmins: the file is code, and this is no administrator.
        """
        attachment = await find_attachment(self._unit.session)
        file = (await self._files.by_post([post.id])).get(post.id) if attachment else None
        if attachment and file:
            if by and file.path.lower().endswith(".mdx") and not by.is_at_least(Role.admin):
                raise CodeForAdmins
            await self._current(attachment, post, file, wanted=wanted, yours=yours)
        await self._rows.expect(post, wanted, yours=yours, by=by)

    async def keep(self, posts: Sequence[tuple["Post", Words]], saving: Saving) -> None:
        await self._rows.keep(posts, saving)

    async def settle(self, posts: Sequence["Post"]) -> None:
        attachment = await find_attachment(self._unit.session)
        if attachment is None or not posts:
            return
        files = await self._files.by_post([post.id for post in posts])
        for post in posts:
            file = files.get(post.id) or await self._new_file(attachment, post)
            if file:
                await self._settle(attachment, post, file)

    async def _settle(self, attachment: Attachment, post: "Post", file: SourceFile) -> None:
        if file.gone and (post.deletion or post.status == Status.archived):
            return
        stood = await self._current(attachment, post, file)
        if post.deletion:
            self._intend(file, None)
            file.gone, file.removed = True, stood
            return
        names = await asyncio.to_thread(_names_used, attachment.content) if file.gone and not file.removed else ()
        draft = post.status in _HIDDEN
        wanted = Wanted(words=words_of(post), draft=draft, slug=file.slug, names=names)
        base = file.removed or stood
        content = await asyncio.to_thread(lambda: written(read(base), file.path, wanted))
        if file.gone or content != base:
            self._intend(file, content)
        file.slug, file.gone, file.removed = post.slug, False, None

    def _intend(self, file: SourceFile, content: bytes | None) -> None:
        before, after = "" if file.gone else file.digest, digest(content) if content is not None else ""
        now = self._services.clock.now()
        intent = SourceIntent(id=new_id(), path=file.path, before=before, after=after, content=content, created_at=now)
        self._files.add(intent)
        if content is not None:
            file.digest, file.error = after, None
        file.size = file.mtime_ns = -1
        file.seen_at = now
        self._unit.after_commit(self._write)

    async def _write(self) -> None:
        await finish_intents(self._services)

    async def _current(
        self,
        attachment: Attachment,
        post: "Post",
        file: SourceFile,
        *,
        wanted: Precondition = ANY,
        yours: Mapping[str, Any] | None = None,
    ) -> bytes:
        """What the file holds, or will once the saves before this one are written.

        Raises:
            PostChanged: somebody has changed it on disk since it was last seen; both sides are in the details.
        """
        data = await asyncio.to_thread(_read, attachment.content, file.path)
        intents = await self._files.intents(file.path)
        known = {"" if file.gone else file.digest}.union(*((each.before, each.after) for each in intents))
        if (digest(data) if data is not None else "") in known:
            return (intents[-1].content if intents else data) or b""
        self._unit.after_rollback(self._look)
        here = await asyncio.to_thread(_words_on_disk, data, file.path)
        current = {"version": post.version, "file": file.path, "post": here}
        what = "changed" if data is not None else "deleted or moved"
        told = f"{file.path} was {what} on disk since. Your text was not saved; it is in this answer."
        raise PostChanged(told, details=conflict(wanted, {"post": dict(yours or {})}, current))

    async def _look(self) -> None:
        async with self._services.unit() as unit:
            await ask_for_scan(self._services, unit)

    async def _new_file(self, attachment: Attachment, post: "Post") -> SourceFile | None:
        if post.created_at < attachment.attached_at or post.deletion or post.published_at is None:
            return None
        stem = f"{post.published_at:%Y-%m-%d}-{post.slug}" if attachment.generator == "jekyll" else post.slug
        taken = self._named.union(await asyncio.to_thread(os.listdir, attachment.content))
        while await self._files.by_path([path := safe_name(stem, taken=taken)]):
            taken.add(path)
        self._named.add(path)
        now = self._services.clock.now()
        values = {"post_id": post.id, "digest": "", "size": -1, "mtime_ns": -1, "slug": post.slug, "gone": True}
        file = SourceFile(path=path, seen_at=now, **values)
        self._files.add(file)
        return file


def _read(root: Path, path: str) -> bytes | None:
    try:
        return read_inside(root, path)
    except FileNotFoundError:
        return None


def _words_on_disk(data: bytes | None, path: str) -> dict[str, Any] | None:
    """The words as a flat body; of a file that cannot be read, its text."""
    if data is None:
        return None
    try:
        return flat(fields_of(words_in(read(data), path)))
    except (Unreadable, ValidationError):
        return {"content": data.decode(errors="replace").replace("\0", "\ufffd")}


def _names_used(root: Path) -> tuple[str, ...]:
    """The keys of one of the posts that are there."""
    for seen in walk(root):
        if data := _read(root, seen.path):
            try:
                return tuple(read(data).values)
            except Unreadable:
                continue
    return ()
