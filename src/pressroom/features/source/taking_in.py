"""Taking files in: one batch, in one unit of work."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pressroom.features.posts.errors import PostInTrash
from pressroom.features.posts.importing.reading import File, Read, Refused, Same
from pressroom.features.posts.manuscripts import RowManuscripts
from pressroom.features.posts.service.arrivals import Arrival, Arrivals
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.publishing import Publishing
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.source.ahead import agree_if_written, is_ahead
from pressroom.features.source.models import ERROR, SourceFile
from pressroom.features.source.moves import Moves
from pressroom.features.source.repository import Known, SourceFiles
from pressroom.features.source.walking import Seen
from pressroom.kernel.preconditions import ANY
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from pressroom.features.posts.models import Post

NOTE = "From disk"


class Batch:
    """Files of one unit of work. The rows are written, and never the files.

    A file that was saved from here since the scan began is left to the next one. Files whose rows are `ahead` of them
    are left to whoever reconciles both.
    """

    def __init__(
        self, services: Services, unit: UnitOfWork, known: Mapping[str, Known], seen: Mapping[str, Seen]
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.failed: dict[str, str] = {}
        self.moved: list[Known] = []
        self.ahead: list[str] = []
        self._desk = Desk(services, unit, keeper=RowManuscripts(unit.session))
        self._writing = Writing(self._desk)
        self._files = SourceFiles(unit.session)
        self._known = known
        self._seen = seen

    async def take_in(self, files: Sequence[File], moves: Moves) -> None:
        """Takes in files that are new, changed, found again under another name, or cannot be read."""
        rows = await self._files.by_path([each.path for each in files])
        fresh: list[Read] = []
        for each in files:
            row = rows.get(each.path)
            if self._was_saved_since(each.path, row):
                continue
            if isinstance(each, Refused):
                self._refuse(each, row)
            elif isinstance(each, Same):
                self.counts["unchanged"] += 1
                self._note(row, each)
            elif row is not None and row.post_id:
                await self._update(each, row)
            elif (old := moves.same(each.digest)) and old not in self.moved:
                await self._rename(each, old)
            else:
                fresh.append(each)
        if created := [each for each in fresh if not await self._find_again(each, moves)]:
            await self._create(created, rows)

    async def part_with(self, gone: Sequence[Known]) -> int:
        """Archives the posts whose files are gone; their words stay. Returns how many."""
        count = 0
        rows = await self._files.by_path([each.path for each in gone])
        for each in gone:
            row = rows.get(each.path)
            if row is None or row.digest != each.digest or row.gone:
                continue
            if row.post_id is None:
                await self._files.forget(row)
                continue
            row.gone = True
            if row.held:
                continue
            with suppress(PostInTrash):
                await Publishing(self._desk, self._writing).archive(None, str(row.post_id))
                count += 1
        return count

    def _was_saved_since(self, path: str, row: SourceFile | None) -> bool:
        known = self._known.get(path)
        return (row.digest if row else None) != (known.digest if known else None)

    def _refuse(self, each: Refused, row: SourceFile | None) -> None:
        reason = each.reason[:ERROR]
        self.failed[each.path] = reason
        if row is None:
            self._files.add(SourceFile(**self._row(each.path, digest="", error=reason)))
        else:
            row.error = reason

    async def _create(self, fresh: Sequence[Read], rows: Mapping[str, SourceFile]) -> None:
        prepared = [replace(each.prepared, note=NOTE) for each in fresh]
        posts = await Arrivals(self._desk).take_in(self._desk.house_writer(), prepared)
        created: list[dict[str, Any]] = []
        for each, post in zip(fresh, posts, strict=True):
            self.counts["created"] += 1
            if row := rows.get(each.path):
                self._note(row, each, post)
            else:
                known = {"digest": each.digest, "post_id": post.id, "slug": post.slug, "problems": _listed(each)}
                created.append(self._row(each.path, **known))
        await self._files.add_rows(created)

    async def _update(self, each: Read, row: SourceFile) -> None:
        if row.held and row.digest == each.digest:
            self.counts["unchanged"] += 1
            self._note(row, each)
            return
        post = await self._desk.open(None, str(row.post_id), ANY)
        # A save may have been committed while we waited for its post.
        digest = row.digest
        await self._files.refresh(row)
        if row.digest != digest:
            return
        if is_ahead(row):
            self.ahead.append(each.path)
            return
        version, words = post.version, each.prepared.words
        words = words if words.slug else words.changed({"slug": post.slug})
        change = Change(draft=each.prepared.draft, note=NOTE)
        await self._writing.write(post, words, each.prepared.made, change, by=None)
        self.counts["updated" if post.version != version else "unchanged"] += 1
        self._note(row, each, post)

    async def _find_again(self, each: Read, moves: Moves) -> bool:
        """Looks among the posts whose files are gone, for one that was moved and edited at once."""
        old = await moves.edited(self._desk.unit.session, each, but=self.moved)
        if old:
            await self._rename(each, old)
        return old is not None

    async def _rename(self, each: Read, old: Known) -> None:
        """The same post under another name: it keeps its address, its versions and its comments."""
        found = self._seen[each.path]
        values: dict[str, Any] = {"size": found.size, "mtime_ns": found.mtime_ns, "gone": False, "error": None}
        await self._files.move(old.path, each.path, **values)
        self.moved.append(old)
        self.counts["renamed"] += 1
        if old.gone or old.digest != each.digest:
            row = (await self._files.by_path([each.path]))[each.path]
            await self._files.refresh(row)
            before = self.counts.copy()
            await self._update(each, row)
            self.counts = before

    def _note(self, row: SourceFile | None, each: Read | Same, post: "Post | Arrival | None" = None) -> None:
        if row is None:
            return
        found = self._seen[each.path]
        row.digest, row.size, row.mtime_ns = each.digest, found.size, found.mtime_ns
        row.gone, row.error, row.seen_at = False, None, self._desk.now()
        row.problems = _listed(each)
        agree_if_written(row, each.digest)
        if post:
            # Words that were held are a version now, and those of the file are the newest.
            row.post_id, row.slug, row.held = post.id, post.slug, False

    def _row(self, path: str, **values: Any) -> dict[str, Any]:
        found = self._seen[path]
        known = {"size": found.size, "mtime_ns": found.mtime_ns, "slug": "", "gone": False, "seen_at": self._desk.now()}
        return {"path": path, **known, **values}


def _listed(file: Read | Same) -> list[Any] | None:
    return [list(problem) for problem in file.problems] or None
