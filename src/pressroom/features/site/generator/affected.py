"""Which pages a change touches: every other file of the release stays as it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from pressroom.features.site.generator.edition import ALL, CHUNK_ENDS, Edition, Kind, Scope
from pressroom.features.site.generator.model import Changes, PostCard, Term
from pressroom.features.site.generator.paging import FRONT, Paging
from pressroom.features.site.generator.related import successors

FEED_LENGTH = 20
SITEMAP_LENGTH = 500
YEAR_LENGTH = 50
LISTED = frozenset({Kind.ALL, Kind.TAG, Kind.CATEGORY, Kind.AUTHOR, Kind.YEAR})


class Single(StrEnum):
    """Files of which there is one."""

    ARCHIVE = "archive"
    TAGS = "tags"
    CATEGORIES = "categories"
    FEEDS = "feeds"
    SITEMAP = "sitemap"
    SITEMAP_PAGES = "sitemap of pages"
    REDIRECTS = "redirects"
    SEARCH = "search"


@dataclass(slots=True)
class Worklist:
    """What is to be made anew, or deleted if it no longer exists in the new edition.

    `addresses` are slugs of posts, current or old; `chunks` the posts that end a chunk of the search index (`None`
    for the open one); `sitemaps` numbers of segments from 0.
    """

    addresses: set[str] = field(default_factory=set)
    pages: set[tuple[Scope, int]] = field(default_factory=set)
    chunks: set[UUID | None] = field(default_factory=set)
    sitemaps: set[int] = field(default_factory=set)
    singles: set[Single] = field(default_factory=set)


def paging(edition: Edition, scope: Scope, posts_per_page: int) -> Paging:
    """How a list is cut into pages; the archive's years hold more to a page."""
    size = YEAR_LENGTH if scope.kind is Kind.YEAR else posts_per_page
    return Paging(len(edition.keys(scope)), size)


def label(edition: Edition, scope: Scope) -> str:
    """A list's name for people, as its newest post writes it."""
    if scope not in edition.lists or not scope.path:
        return ""
    card, slug = edition.newest(scope), scope.path[-1]
    terms: dict[Kind, tuple[Term | None, ...]] = {
        Kind.TAG: card.tags,
        Kind.CATEGORY: (card.first_category, card.second_category)[len(scope.path) - 1 :],
        Kind.AUTHOR: (Term(card.author.name, card.author.handle),),
    }
    return next((term.name for term in terms.get(scope.kind, ()) if term and term.slug == slug), slug)


def sitemap_count(edition: Edition) -> int:
    """How many numbered segments the sitemap has."""
    return -(-len(edition.keys(ALL)) // SITEMAP_LENGTH)


def everything(edition: Edition, posts_per_page: int) -> Worklist:
    """The work of a full build."""
    work = Worklist(addresses=set(edition.ids), singles=set(Single))
    work.addresses |= {scope.path[0] for scope in edition.scopes_of(Kind.OLD_SLUG)}
    for scope in (ALL, *(scope for scope in edition.lists if scope.kind in LISTED)):
        last = paging(edition, scope, posts_per_page).last
        work.pages |= {(scope, number) for number in range(FRONT, last + 1)}
    work.chunks = {None, *(key.id for key in edition.keys(CHUNK_ENDS))}
    work.sitemaps = set(range(sitemap_count(edition)))
    return work


def affected(before: Edition, after: Edition, changes: Changes, *, posts_per_page: int) -> Worklist:
    """The work between two editions."""
    return _Comparison(before, after, posts_per_page).work(changes)


@dataclass(slots=True)
class _Comparison:
    """Two editions side by side, and the work found so far.

    `starts` holds, for each list whose members changed, the first position from which it differs; `spots` the cards
    that stay in place in a list but are shown differently there.
    """

    before: Edition
    after: Edition
    posts_per_page: int
    found: Worklist = field(default_factory=Worklist)
    starts: dict[Scope, int] = field(default_factory=dict)
    spots: dict[Scope, list[PostCard]] = field(default_factory=dict)

    def work(self, changes: Changes) -> Worklist:
        for post in dict.fromkeys([*(card.id for card in changes.upserted), *changes.removed]):
            old, new = self.before.cards.get(post), self.after.cards.get(post)
            if old != new:
                self._compare(old, new)
        for scope in {**self.starts, **self.spots}:
            if scope.kind in LISTED:
                self.found.pages |= {(scope, number) for number in self._numbers(scope)}
        self._sitemaps()
        return self.found

    def _compare(self, old: PostCard | None, new: PostCard | None) -> None:
        states = [(edition, card) for edition, card in ((self.before, old), (self.after, new)) if card]
        for edition, card in states:
            self.found.addresses.add(card.slug)
            self._chunks(card)
            if edition.position(ALL, card.key) >= len(edition.cards) - FEED_LENGTH:
                self.found.singles.add(Single.FEEDS)
        if old and new and old.teaser == new.teaser:
            position = self.after.position(ALL, new.key)
            self.found.sitemaps.add(position // SITEMAP_LENGTH)
            return
        self._lists(old, new)
        for edition, card in states:
            self._neighbours(edition, card)
            self._overviews(card)

    def _lists(self, old: PostCard | None, new: PostCard | None) -> None:
        left = set(self.before.scopes(old)) if old else set()
        joined = set(self.after.scopes(new)) if new else set()
        stays = left & joined if old and new and old.key == new.key else set()
        for scope in stays:
            self.spots.setdefault(scope, []).extend([new] if new else [])
        for scope in left - stays:
            self._starts_at(scope, self.before, old)
        for scope in joined - stays:
            self._starts_at(scope, self.after, new)

    def _starts_at(self, scope: Scope, edition: Edition, card: PostCard | None) -> None:
        if card:
            position = edition.position(scope, card.key)
            self.starts[scope] = min(position, self.starts.get(scope, position))

    def _neighbours(self, edition: Edition, card: PostCard) -> None:
        keys, position = edition.keys(ALL), edition.position(ALL, card.key)
        around = [*keys[max(0, position - 1) : position], *keys[position + 1 : position + 2]]
        for key in (*around, *successors(edition, card)):
            if key.id in self.after.cards:
                self.found.addresses.add(self.after.cards[key.id].slug)

    def _overviews(self, card: PostCard) -> None:
        self.found.addresses.update(card.old_slugs)
        found = {
            Single.ARCHIVE: True,
            Single.SEARCH: ALL in self.starts,
            Single.TAGS: bool(card.tags),
            Single.CATEGORIES: card.first_category is not None,
            Single.REDIRECTS: bool(card.old_slugs) or self._once_elsewhere(card.slug),
        }
        self.found.singles |= {single for single, touched in found.items() if touched}

    def _once_elsewhere(self, slug: str) -> bool:
        scope = Scope(Kind.OLD_SLUG, (slug,))
        return scope in self.before.lists or scope in self.after.lists

    def _chunks(self, card: PostCard) -> None:
        for edition in (self.before, self.after):
            end = edition.chunk_of(card.key)
            self.found.chunks.add(end.id if end else None)

    def _numbers(self, scope: Scope) -> Iterable[int]:
        pagings = [paging(edition, scope, self.posts_per_page) for edition in (self.before, self.after)]
        start = self.starts.get(scope)
        if label(self.before, scope) != label(self.after, scope):
            start = 0
        if start is not None:
            yield from pagings[1].changed_since(pagings[0], start)
        if scope.kind is Kind.CATEGORY:
            yield FRONT
        for card in self.spots.get(scope, ()):
            yield pagings[1].page_of(self.after.position(scope, card.key))

    def _sitemaps(self) -> None:
        counts = sitemap_count(self.before), sitemap_count(self.after)
        if ALL in self.starts:
            self.found.sitemaps |= set(range(self.starts[ALL] // SITEMAP_LENGTH, max(counts)))
        for card in self.spots.get(ALL, ()):
            self.found.sitemaps.add(self.after.position(ALL, card.key) // SITEMAP_LENGTH)
        if counts[0] != counts[1]:
            self.found.singles.add(Single.SITEMAP)
        if any((scope in self.before.lists) != (scope in self.after.lists) for scope in self._folders()):
            self.found.singles.add(Single.SITEMAP_PAGES)

    def _folders(self) -> Iterator[Scope]:
        return (scope for scope in self.starts if scope.kind in LISTED)
