"""Releases beside what is live and beside what is published: which posts differ."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.showings import Difference, Span, count_changed_words, count_differences, differences
from pressroom.features.site.models import Release
from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.schemas import ChangeCounts, PostChange, ReleaseDetail, ReleaseOut, Waiting
from pressroom.kernel import revision
from pressroom.kernel.pagination import ListMeta

FIRST = 100


class Comparison:
    """What one session sees of it.

    Attributes:
        live: the row of what readers see; `None` before the first release, and when its row was lost.
        pinned: the release that the site is pinned to.
        published: the public revision of what is published now.
    """

    def __init__(self, session: AsyncSession, *, live: Release | None, pinned: UUID | None, published: int) -> None:
        self.live = live
        self.pinned = pinned
        self.published = published
        self._session = session

    @classmethod
    async def of(cls, session: AsyncSession, live: str | None, *, pinned: UUID | None) -> "Comparison":
        """Begins with the release that `current` leads to."""
        row = await SiteRepository(session).find_release(UUID(live)) if live else None
        return cls(session, live=row, pinned=pinned, published=await revision.read(session))

    async def release(self, row: Release) -> ReleaseOut:
        """A release as it is listed."""
        since = await self._count(Span(row.revision, self.published))
        return ReleaseOut(
            id=row.id,
            revision=row.revision,
            posts=row.posts,
            created_at=row.created_at,
            is_live=self.live is not None and row.id == self.live.id,
            is_pinned=row.id == self.pinned,
            changed_since=since.total,
        )

    async def detail(self, row: Release, *, limit: int, offset: int) -> ReleaseDetail:
        """A release with a page of what taking it live would change."""
        span = self._from_live(row)
        counts = await self._count(span)
        return ReleaseDetail(
            **dict(await self.release(row)),
            counts=counts,
            words=await count_changed_words(self._session, Span(row.revision, self.published)),
            changes=await self._page(span, limit=limit, offset=offset),
            meta=ListMeta(total=counts.total, limit=limit, offset=offset, next=None),
        )

    async def by_activating(self, row: Release) -> ChangeCounts:
        """How many posts readers will see differently."""
        return await self._count(self._from_live(row))

    async def waiting(self) -> Waiting:
        """What is published and not live."""
        span = Span(self.live.revision if self.live else self.published, self.published)
        return Waiting(counts=await self._count(span), posts=await self._page(span, limit=FIRST))

    def _from_live(self, row: Release) -> Span:
        return Span(row.revision, self.live.revision if self.live else self.published)

    async def _count(self, span: Span) -> ChangeCounts:
        counted = await count_differences(self._session, span)
        return ChangeCounts(total=sum(counted.values()), **{kind.value: counted[kind] for kind in Difference})

    async def _page(self, span: Span, *, limit: int, offset: int = 0) -> list[PostChange]:
        found = await differences(self._session, span, limit=limit, offset=offset)
        return [PostChange.model_validate(each) for each in found]
