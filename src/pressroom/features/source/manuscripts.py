"""Manuscripts in the attached folder: the second adapter of the posts' port."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import ValidationError

from pressroom.features.posts.errors import PostChanged
from pressroom.features.posts.filling import words_of
from pressroom.features.posts.manuscripts import Missing, RowManuscripts, Saving, Whereabouts
from pressroom.features.posts.service.versions import words_seen
from pressroom.features.posts.states import Status
from pressroom.features.posts.words import Words, fields_of, flat
from pressroom.features.source.ahead import agree, hold
from pressroom.features.source.attachment import Attachment, kept_attachment
from pressroom.features.source.checking import Check, Plan, plan
from pressroom.features.source.code import check_code
from pressroom.features.source.commits import FileChange, ask_for_commit
from pressroom.features.source.conflicts.course import Course
from pressroom.features.source.conflicts.errors import InConflict
from pressroom.features.source.conflicts.offering import merged_fields
from pressroom.features.source.disk import digest, read_inside, safe_name
from pressroom.features.source.errors import FrontMatterRefused
from pressroom.features.source.faithful import Unreadable, read
from pressroom.features.source.fields import words_in
from pressroom.features.source.forms import find_check, find_form
from pressroom.features.source.journal import finish_intents, intend
from pressroom.features.source.locating import whereabouts
from pressroom.features.source.looking import ask_for_scan
from pressroom.features.source.models import SourceFile
from pressroom.features.source.repository import SourceFiles
from pressroom.features.source.schema import Origin
from pressroom.features.source.walking import NOT_THERE, names_in
from pressroom.features.source.wanting import wanted_of
from pressroom.kernel.auth import Actor
from pressroom.kernel.preconditions import ANY, Precondition, conflict
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from pressroom.features.posts.models import Post


_NOT_WRITTEN = Missing("", "The file is not written yet. Your words are kept here, and it is tried again each minute.")


class FolderManuscripts:
    """A post that has a file is kept there, and its versions beside the row. Any other post is kept in its row.

    The file is replaced after the commit, by the intent that is committed with the version. A post that is made
    while a folder is attached gets a file as soon as it has a date. Words that the site's own build would refuse are
    not written: a post that readers see is refused, any other is held in its row until they are mended.
    """

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        self._services = services
        self._unit = unit
        self._rows = RowManuscripts(unit.session)
        self._files = SourceFiles(unit.session)
        self._taken: set[str] | None = None
        self._names: Collection[str] | None = None
        self._revision = services.revision.current()
        self._told: dict[UUID, Whereabouts] = {}
        self._found: tuple[Attachment | None] | None = None
        self._by: dict[UUID, UUID] = {}

    async def expect(
        self, post: "Post", wanted: Precondition, *, yours: Mapping[str, Any], by: Actor | None = None
    ) -> None:
        """As the port says; the file must be as it was last seen, too.

        Raises:
            CodeForAdmins: the file is code, and this is no administrator.
            InConflict: words were to be saved, and the post's conflict comes first.
        """
        if by:
            self._by[post.id] = by.id
        attachment = await self._attached()
        file = (await self._files.by_post([post.id])).get(post.id) if attachment else None
        if attachment and file:
            check_code(file.path, by)
            if file.conflict_id and yours:
                raise InConflict(file.conflict_id)
            await self._current(attachment, post, file, wanted=wanted, yours=yours)
        try:
            await self._rows.expect(post, wanted, yours=yours, by=by)
        except PostChanged as error:
            await self._offer(error, post, words_of(post), wanted=wanted, yours=yours)
            raise

    async def keep(self, posts: Sequence[tuple["Post", Words]], saving: Saving) -> None:
        self._by |= {post.id: saving.by for post, _ in posts if saving.by}
        await self._rows.keep(posts, saving)

    async def settle(self, posts: Sequence["Post"]) -> None:
        attachment = await self._attached()
        if attachment is None or not posts:
            return
        files = await self._files.by_post([post.id for post in posts])
        check = await find_check(self._files, attachment)
        for post in posts:
            file = files.get(post.id) or await self._new_file(attachment, post)
            if file:
                await self._settle(attachment, post, file, check)

    async def locate(self, post: "Post") -> Whereabouts | None:
        if post.id in self._told:
            return self._told[post.id]
        attachment = await self._attached(as_of=self._revision)
        if attachment is None:
            return None
        file = (await self._files.by_post([post.id])).get(post.id)
        if file is None and not _is_for(attachment, post):
            return Whereabouts(None)
        check = await find_check(self._files, attachment)
        found = await asyncio.to_thread(whereabouts, attachment.content, check, wanted_of(post, file, check), file)
        if file and await self._files.waiting(file.path):
            return replace(found, problems=(_NOT_WRITTEN, *found.problems))
        return found

    async def _attached(self, *, as_of: int | None = None) -> Attachment | None:
        """Asked once in a unit of work, and not at all where it was asked since the public revision `as_of`."""
        if self._found is None:
            self._found = (await kept_attachment(self._services, self._unit.session, as_of=as_of),)
        return self._found[0]

    async def _settle(self, attachment: Attachment, post: "Post", file: SourceFile, check: Check | None) -> None:
        if file.gone and (post.deletion or post.status == Status.archived):
            return
        stood = await self._current(attachment, post, file)
        if post.deletion:
            await Course(self._services, self._unit).end(file, "deleted")
            self._intend(file, None, stood=stood)
            await self._commit(post, file.path, stood, None)
            file.gone, file.removed = True, stood
            return
        base = file.removed or stood
        names = () if base or check else await self._keys(attachment)
        wanted = wanted_of(post, file, check, names=names)
        planned = await asyncio.to_thread(plan, base, file.path, wanted, check)
        file.held = planned.changes and bool(planned.problems)
        if file.held and not wanted.draft:
            guessed = check is not None and check.form.origin is Origin.posts
            raise FrontMatterRefused(planned.problems, flat(fields_of(wanted.words)), guessed=guessed)
        if base or not file.held:
            await self._write_soon(post, file, base, planned)
        self._told[post.id] = Whereabouts(None if file.gone else file.path, file.held, planned.problems)

    async def _write_soon(self, post: "Post", file: SourceFile, base: bytes, planned: Plan) -> None:
        """Held words stay in the row; the version beside it keeps them, whatever becomes of the file."""
        content = planned.meanwhile if file.held else planned.content
        if file.gone or content != base:
            if file.conflict_id:
                raise InConflict(file.conflict_id)
            stood = b"" if file.gone else base
            self._intend(file, content, stood=base)
            await self._commit(post, file.path, stood, content)
        file.gone, file.removed = False, None
        if file.held:
            hold(file, stood=content, ours=planned.content)
            return
        file.slug = planned.slug
        if file.ours != content:
            agree(file)

    def _intend(self, file: SourceFile, content: bytes | None, *, stood: bytes) -> None:
        self._files.add(file)
        intend(self._files, file, content, stood=stood, now=self._services.clock.now())
        self._unit.after_commit(self._write)

    async def _commit(self, post: "Post", path: str, before: bytes, after: bytes | None) -> None:
        """Asks for a commit of what is to be written, with the name of who saves."""
        change = FileChange(path, before or None, after)
        by = self._by.get(post.id, post.author_id)
        await ask_for_commit(self._services, self._unit, change, post_id=post.id, by=by)

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
        if file.removed is not None:
            # It is in the trash. What stands in its place by now is not overwritten: both meet after the commit.
            return b""
        data = await asyncio.to_thread(_read, attachment.content, file.path)
        intents = await self._files.intents(file.path)
        known = {"" if file.gone else file.digest}.union(*((each.before, each.after) for each in intents))
        if (digest(data) if data is not None else "") in known:
            return (intents[-1].content if intents else data) or b""
        self._unit.after_rollback(self._look)
        here = await asyncio.to_thread(_words_on_disk, data, file.path)
        current = {"version": post.version, "file": file.path, "post": flat(fields_of(here)) if here else _text(data)}
        became = await asyncio.to_thread(_what_became, attachment.content, file.path, data)
        told = f"{became} Your text was not saved; it is in this answer."
        error = PostChanged(told, details=conflict(wanted, {"post": dict(yours or {})}, current))
        if here:
            here = here if here.slug else here.changed({"slug": post.slug})
            await self._offer(error, post, here, wanted=wanted, yours=yours or {})
        raise error

    async def _offer(
        self, error: PostChanged, post: "Post", theirs: Words, *, wanted: Precondition, yours: Mapping[str, Any]
    ) -> None:
        """Adds what has the changes of both sides, over what the writer saw, where they do not touch."""
        version = post.version if wanted.allows(post.version) else wanted.version()
        if not yours or version is None or version > post.version:
            return
        seen = await words_seen(self._unit.session, post.id, version)
        merged = await asyncio.to_thread(merged_fields, seen, yours, theirs) if seen else None
        if merged:
            error.details["merged"] = merged

    async def _look(self) -> None:
        async with self._services.unit() as unit:
            await ask_for_scan(self._services, unit)

    async def _keys(self, attachment: Attachment) -> Collection[str]:
        """What the site's form calls its fields, for files that are new."""
        if self._names is None:
            self._names = (await find_form(self._files, attachment)).form.names
        return self._names

    async def _new_file(self, attachment: Attachment, post: "Post") -> SourceFile | None:
        if not _is_for(attachment, post) or post.published_at is None:
            return None
        stem = f"{post.published_at:%Y-%m-%d}-{post.slug}" if attachment.generator == "jekyll" else post.slug
        if self._taken is None:
            self._taken = set(await asyncio.to_thread(names_in, attachment.content))
        while await self._files.by_path([path := safe_name(stem, taken=self._taken)]):
            self._taken.add(path)
        self._taken.add(path)
        now = self._services.clock.now()
        values = {"post_id": post.id, "digest": "", "size": -1, "mtime_ns": -1, "slug": post.slug, "gone": True}
        return SourceFile(path=path, seen_at=now, **values)


def _read(root: Path, path: str) -> bytes | None:
    try:
        return read_inside(root, path)
    except FileNotFoundError:
        return None


def _what_became(root: Path, path: str, data: bytes | None) -> str:
    """What happened to a file that is not as it was last seen."""
    if data is None and not root.is_dir():
        return NOT_THERE
    return f"{path} was {'changed' if data is not None else 'deleted or moved'} on disk since."


def _words_on_disk(data: bytes | None, path: str) -> Words | None:
    """The words of a file; `None` where it is gone or cannot be read."""
    try:
        return words_in(read(data), path) if data is not None else None
    except (Unreadable, ValidationError):
        return None


def _text(data: bytes | None) -> dict[str, str] | None:
    """What stands in a file that cannot be read."""
    return None if data is None else {"content": data.decode(errors="replace").replace("\0", "\ufffd")}


def _is_for(attachment: Attachment, post: "Post") -> bool:
    """Whether a post without a file gets one."""
    return post.created_at >= attachment.attached_at and not post.deletion
