"""An edition: the index of everything published at one moment, as a value.

It holds cards and sorted lists of keys, never bodies. `revised` gives the next edition and leaves this one as it
was, so that a build that fails, or a release that cannot be written, changes nothing. Lists that a change does not
touch are shared between the two.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zlib import crc32

from pressroom.features.site.generator.addresses import check_addresses
from pressroom.features.site.generator.days import day_of
from pressroom.features.site.generator.errors import BuildFailed
from pressroom.features.site.generator.model import Changes, Key, PostCard

CHUNK = 32
"""Posts in one chunk of the search index, on average."""


class Kind(StrEnum):
    """What a list of posts is about."""

    ALL = "all"
    TAG = "tag"
    CATEGORY = "category"
    AUTHOR = "author"
    YEAR = "year"
    OLD_SLUG = "old slug"
    CHUNK_END = "chunk end"


class Scope(NamedTuple):
    """One list of posts: all of them, those with a tag, those once found at an old address, and so on."""

    kind: Kind
    path: tuple[str, ...] = ()


ALL = Scope(Kind.ALL)
CHUNK_ENDS = Scope(Kind.CHUNK_END)


@dataclass(frozen=True, slots=True)
class Edition:
    """The published posts in order, whole and by every list they belong to."""

    cards: dict[UUID, PostCard]
    ids: dict[str, UUID]
    lists: dict[Scope, list[Key]]
    timezone: tzinfo

    @classmethod
    def of(cls, cards: Iterable[PostCard], timezone: tzinfo = UTC) -> "Edition":
        """An edition of these cards; two posts at one address raise `BuildFailed`."""
        return cls({}, {}, {}, timezone).revised(Changes(tuple(cards)))

    def revised(self, changes: Changes) -> "Edition":
        """The edition after some changes, at the cost of the changes (and of copying the index's outer layer)."""
        cards, ids, lists = dict(self.cards), dict(self.ids), dict(self.lists)
        gone = [card for card in changed_cards(self, changes) if card]
        arriving = {card.id: card for card in changes.upserted if card.id not in changes.removed}
        touched = {scope for card in (*gone, *arriving.values()) for scope in self.scopes(card)}
        lists.update({scope: list(lists.get(scope, ())) for scope in touched})
        for card in gone:
            del cards[card.id], ids[card.slug]
            for scope in self.scopes(card):
                del lists[scope][bisect_left(lists[scope], card.key)]
        for card in sorted(arriving.values(), key=lambda card: card.key):
            cards[card.id] = _claim(card, ids)
            for scope in self.scopes(card):
                insort(lists[scope], card.key)
        for scope in touched:
            if not lists[scope]:
                del lists[scope]
        return Edition(cards, ids, lists, self.timezone)

    def scopes(self, card: PostCard) -> Iterator[Scope]:
        """Every list that a card belongs to."""
        yield ALL
        yield Scope(Kind.YEAR, (f"{day_of(card.published_at, self.timezone).year:04d}",))
        yield Scope(Kind.AUTHOR, (card.author.handle,))
        for slug in {tag.slug: None for tag in card.tags}:
            yield Scope(Kind.TAG, (slug,))
        yield from category_scopes(card)
        for slug in dict.fromkeys(card.old_slugs):
            yield Scope(Kind.OLD_SLUG, (slug,))
        if ends_chunk(card.id):
            yield CHUNK_ENDS

    def keys(self, scope: Scope) -> Sequence[Key]:
        """The posts of a list, oldest first; empty when there is no such list."""
        return self.lists.get(scope, ())

    def position(self, scope: Scope, key: Key) -> int:
        """Where a key stands in a list, or would stand."""
        return bisect_left(self.keys(scope), key)

    def newest(self, scope: Scope) -> PostCard:
        """The newest post of a list that exists; it lends the list its name."""
        return self.cards[self.lists[scope][-1].id]

    def newest_first(self, scope: Scope, start: int, stop: int) -> list[PostCard]:
        """The cards between two positions of a list, newest first."""
        return [self.cards[key.id] for key in reversed(self.keys(scope)[start:stop])]

    def scopes_of(self, kind: Kind) -> list[Scope]:
        """All lists of a kind, by address."""
        return sorted(scope for scope in self.lists if scope.kind is kind)

    def chunk_ending(self, end: UUID | None) -> Sequence[Key]:
        """The posts of one chunk of the search index, oldest first; none when there is no such chunk.

        A chunk ends at a post whose id says so, whatever surrounds it: publishing, changing or removing a post
        touches one chunk (two when it is such an end itself). `None` names the newest, still open chunk.
        """
        everything, ends = self.keys(ALL), self.keys(CHUNK_ENDS)
        if end is not None and end not in self.cards:
            return ()
        key = self.cards[end].key if end else None
        nth = bisect_left(ends, key) if key else len(ends)
        start = self.position(ALL, ends[nth - 1]) + 1 if nth else 0
        return everything[start : self.position(ALL, key) + 1 if key else None]

    def chunk_of(self, key: Key) -> Key | None:
        """The end of the chunk in which a post stands, `None` for the open one."""
        ends = self.keys(CHUNK_ENDS)
        nth = bisect_left(ends, key)
        return ends[nth] if nth < len(ends) else None


def category_scopes(card: PostCard) -> Iterator[Scope]:
    """The first category, then the second within it."""
    if card.first_category:
        yield Scope(Kind.CATEGORY, (card.first_category.slug,))
        if card.second_category:
            yield Scope(Kind.CATEGORY, (card.first_category.slug, card.second_category.slug))


def changed_cards(edition: Edition, changes: Changes) -> list[PostCard | None]:
    """What the edition holds of the posts that changes speak of."""
    ids = dict.fromkeys([*(card.id for card in changes.upserted), *changes.removed])
    return [edition.cards.get(post) for post in ids]


def ends_chunk(post: UUID) -> bool:
    """Whether a chunk of the search index ends after this post."""
    return crc32(post.bytes) % CHUNK == 0


def _claim(card: PostCard, ids: dict[str, UUID]) -> PostCard:
    check_addresses(card)
    if card.slug in ids:
        raise BuildFailed("two posts have this address", slug=card.slug)
    ids[card.slug] = card.id
    return card
