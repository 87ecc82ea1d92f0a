"""Files that are gone, found again under other names: by the same bytes, or as the same post in other words.

Two files are taken for one post when they have the title and also the name or the date in common, or any one of these
and most of a text of some length. A translation, or a new post that began as a copy of another, has less.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.importing.reading import Read
from pressroom.features.posts.service.labels import Label, contents_of, labels_of
from pressroom.features.source.repository import Known

MOST_OF_THE_TEXT = 0.5
# So many characters tell something; "Hello, world" is in many texts.
_TELLING = 100
# Of more posts with the same date or name, nobody compares all.
_COMPARED = 50
_Mark = tuple[Literal["title", "name", "date"], object]


class Moves:
    """The posts whose files are gone."""

    def __init__(self, gone: Iterable[Known]) -> None:
        self._gone: dict[UUID, Known] = {each.post_id: each for each in gone if each.post_id}
        self._by_digest = {each.digest: each for each in self._gone.values()}
        self._by_mark: Mapping[_Mark, set[UUID]] | None = None

    def same(self, digest: str) -> Known | None:
        """The one with the same bytes."""
        found = self._by_digest.get(digest)
        return found if found and found.post_id in self._gone else None

    async def edited(self, session: AsyncSession, each: Read, *, but: Collection[Known]) -> Known | None:
        """The one that this file most likely was, if there is one, `but` these."""
        if not self._gone:
            return None
        alike = await self._alike(session, each)
        left = alike.keys() - {known.post_id for known in but}
        nearest = sorted(left, key=lambda one: len(alike[one]), reverse=True)[:_COMPARED]
        if not nearest:
            return None
        texts = await contents_of(session, nearest)
        likeness = await asyncio.to_thread(_likeness, each.prepared.words.content, texts)
        certain = [one for one in nearest if likeness[one] >= MOST_OF_THE_TEXT or _is_enough(alike[one])]
        best = max(certain, key=lambda one: (likeness[one], len(alike[one])), default=None)
        return self._gone[best] if best else None

    def follow(self, found: Known) -> None:
        """It has its new name; no other file is it."""
        if found.post_id:
            self._gone.pop(found.post_id, None)

    async def _alike(self, session: AsyncSession, each: Read) -> dict[UUID, set[str]]:
        """Posts that have anything in common with a file: what that is."""
        if self._by_mark is None:
            self._by_mark = self._marked(await labels_of(session, list(self._gone)))
        words, alike = each.prepared.words, defaultdict[UUID, set[str]](set)
        for mark in _marks(words.title, each.path, words.published):
            for post_id in self._by_mark.get(mark, set()) & self._gone.keys():
                alike[post_id].add(mark[0])
        return alike

    def _marked(self, labels: Iterable[Label]) -> Mapping[_Mark, set[UUID]]:
        found: dict[_Mark, set[UUID]] = defaultdict(set)
        for label in labels:
            for mark in _marks(label.title, self._gone[label.id].path, label.published_at):
                found[mark].add(label.id)
        return found


def similarity(one: str, other: str) -> float:
    """Which share of two texts they have in common, line by line: from 0 to 1; too few words in common are none."""
    left, right = (Counter(line.strip() for line in text.splitlines()) for text in (one, other))
    shared = _length(left & right)
    return 2 * shared / (_length(left) + _length(right)) if shared >= _TELLING else 0.0


def _length(lines: Counter[str]) -> int:
    return sum(len(line) * count for line, count in lines.items())


def _likeness(text: str, others: Mapping[UUID, str]) -> dict[UUID, float]:
    return {post_id: similarity(text, other) for post_id, other in others.items()}


def _is_enough(marks: Collection[str]) -> bool:
    return "title" in marks and len(marks) > 1


def _marks(title: str, path: str, published: object) -> list[_Mark]:
    """What a post is recognised by before its text is read; an `index.md` is called what its folder is."""
    pure = PurePosixPath(path)
    found: list[_Mark] = [("name", pure.parent.name if pure.stem == "index" else pure.stem)]
    if title:
        found.append(("title", title))
    if published:
        found.append(("date", published))
    return found
