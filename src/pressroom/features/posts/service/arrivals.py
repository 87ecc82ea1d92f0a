"""Many posts at once with their words alone, as a first look at a big folder brings them.

Rows go in by the hundred, in a fraction of the time that objects take. What is made from the words follows in a job.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pressroom.features.posts.filling import Values, Writer, first_version, untypeset_values
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.writing import Prepared, Writing, new_row
from pressroom.features.posts.states import Status


@dataclass(frozen=True, slots=True)
class Arrival:
    """A post that has arrived, and its address."""

    id: UUID
    slug: str


class Arrivals:
    """Takes posts in that readers see once they are typeset; those that come typeset, at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def take_in(self, writer: Writer, prepared: Sequence[Prepared]) -> list[Arrival]:
        """Creates posts together: all of them, or none when this unit of work fails.

        Raises:
            SlugTaken: an address that was asked for is used.
        """
        whole = [each for each in prepared if each.made]
        bare = [each for each in prepared if not each.made]
        posts = iter(await Writing(self._desk).create_many(writer, whole) if whole else ())
        rows = iter(await self._insert(writer, bare) if bare else ())
        made = (next(posts) if each.made else next(rows) for each in prepared)
        return [Arrival(each.id, each.slug) for each in made]

    async def _insert(self, writer: Writer, prepared: Sequence[Prepared]) -> list[Arrival]:
        desk, now = self._desk, self._desk.now()
        terms = await desk.settle_terms([each.words for each in prepared])
        made = [new_row(each, writer, terms, house=desk.house, now=now) for each in prepared]
        rows = [row | untypeset_values(each.words, desk.house) for (row, _), each in zip(made, prepared, strict=True)]
        derived = {row["id"] for row, each in zip(rows, prepared, strict=True) if each.words.slug is None}
        await desk.repository.add_rows(rows, derived=derived)
        await desk.repository.set_tags([(row["id"], tag) for row, tags in made for tag in tags])
        versions = zip(rows, prepared, strict=True)
        await desk.repository.add_versions(
            first_version(row, each.words, saved_by=writer.id, note=each.note) for row, each in versions
        )
        await self._follow(rows)
        return [Arrival(row["id"], row["slug"]) for row in rows]

    async def _follow(self, rows: Sequence[Values]) -> None:
        for moment in {row["published_at"] for row in rows if row["status"] == Status.scheduled}:
            await self._desk.wake_at(moment)
        await self._desk.ask_for_typesetting(soon=False)
