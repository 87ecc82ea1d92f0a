"""The press: turns an edition, or the difference between two, into the files of a release.

No database, no clock, no disk but the theme's: the same edition always gives the same bytes, and a page made because
of a change equals the page of a full build.
"""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import orjson

from pressroom.features.site.generator import feeds, icon, searching, sitemap
from pressroom.features.site.generator.addresses import page_file, page_path, post_path
from pressroom.features.site.generator.affected import (
    FEED_LENGTH,
    LISTED,
    SITEMAP_LENGTH,
    Single,
    Worklist,
    affected,
    everything,
    paging,
    sitemap_count,
)
from pressroom.features.site.generator.assets import Assets
from pressroom.features.site.generator.bodies import Bodies
from pressroom.features.site.generator.colour import accent
from pressroom.features.site.generator.edition import ALL, Edition, Kind, Scope
from pressroom.features.site.generator.model import Changes, File, Key, LoadBodies, Output, PostBody, PostCard, SiteInfo
from pressroom.features.site.generator.pages import Pages, folder
from pressroom.features.site.generator.theme import Theme
from pressroom.features.site.generator.words import Words


class Step(NamedTuple):
    """The edition after some changes, and what they do to the release's files."""

    edition: Edition
    output: Output


class Press:
    """A theme set up for a site. Making one compiles nothing yet, but reads the theme; keep it while both stay."""

    def __init__(self, site: SiteInfo, theme_folder: Path | None = None) -> None:
        """Raises `BuildFailed` when the theme or the site's description cannot be used."""
        self._site = site
        theme = Theme.load(theme_folder)
        self._words = Words.parse(*theme.catalogues(site.language), timezone=site.timezone)
        self._assets = Assets(theme.files("assets"), accent(site.accent))
        self._pages = Pages(site, theme=theme, words=self._words, assets=self._assets)
        self.fingerprint = sha256(f"{theme.digest()}{site!r}".encode()).hexdigest()
        """Changes with the generator, the theme and the site's description: then only a full build will do."""

    def edition(self, cards: Iterable[PostCard]) -> Edition:
        """An index of cards, without rendering anything: where `apply` goes on after a restart."""
        return Edition.of(cards, self._site.timezone)

    def build(self, edition: Edition, load_bodies: LoadBodies) -> Iterator[File]:
        """Every file of a release, one at a time; bodies are loaded a few dozen at a time."""
        yield from self._fixed()
        work = everything(edition, self._site.posts_per_page)
        for path, data in self._run(work, edition, load_bodies):
            if data is not None:
                yield File(path, data)

    def apply(self, edition: Edition, changes: Changes, load_bodies: LoadBodies) -> Step:
        """The next edition and the files that differ from a release of this one.

        A post whose card, revision included, is as before costs nothing. The given edition stays usable whatever
        happens: keep it until the step's files are live.
        """
        after = edition.revised(changes)
        work = affected(edition, after, changes, posts_per_page=self._site.posts_per_page)
        output = Output()
        for path, data in self._run(work, after, load_bodies):
            if data is None:
                output.deleted.append(path)
            else:
                output.files.append(File(path, data))
        return Step(after, output)

    def preview(self, card: PostCard, body: PostBody) -> bytes:
        """One page of a draft; no release holds it."""
        return self._pages.preview(card, body)

    def _run(self, work: Worklist, edition: Edition, load: LoadBodies) -> Iterator[tuple[str, bytes | None]]:
        wanted = {edition.ids[slug] for slug in work.addresses if slug in edition.ids}
        keys = sorted({edition.cards[post].key for post in wanted} | _chunk_keys(work, edition))
        fed = _newest(edition) if Single.FEEDS in work.singles else []
        bodies = Bodies(load, (*(key.id for key in keys), *(card.id for card in reversed(fed))))
        for end, group in groupby(keys, key=edition.chunk_of):
            yield from self._chunk(work, edition, end, cards=[edition.cards[key.id] for key in group], bodies=bodies)
        yield from ((searching.chunk_file(end), None) for end in work.chunks if not edition.chunk_ending(end))
        yield from self._redirects(work, edition)
        for scope, number in sorted(work.pages):
            exists = scope in edition.lists or scope == ALL
            exists = exists and number <= paging(edition, scope, self._site.posts_per_page).last
            yield page_file(folder(scope), number), self._pages.listing(edition, scope, number) if exists else None
        for number in sorted(work.sitemaps):
            yield sitemap.segment_file(number), self._sitemap_segment(edition, number)
        if Single.FEEDS in work.singles:
            yield from self._feeds(fed, bodies)
        yield from ((path, make()) for path, make in self._singles(edition, work.singles))

    def _chunk(
        self, work: Worklist, edition: Edition, end: Key | None, *, cards: list[PostCard], bodies: Bodies
    ) -> Iterator[File]:
        """The posts of one chunk of the search index and the chunk itself, so that each body is loaded once."""
        found = bodies.of(cards)
        for card in cards:
            if card.slug in work.addresses:
                yield File(page_file(f"posts/{card.slug}/"), self._pages.post(edition, card, found[card.id]))
        name = end.id if end else None
        if name in work.chunks:
            entries = [(card, found[card.id]) for card in cards]
            yield File(searching.chunk_file(name), searching.chunk(entries, self._words))

    def _redirects(self, work: Worklist, edition: Edition) -> Iterator[tuple[str, bytes | None]]:
        for slug in sorted(work.addresses - edition.ids.keys()):
            scope = Scope(Kind.OLD_SLUG, (slug,))
            page = self._pages.redirect(edition.newest(scope)) if scope in edition.lists else None
            yield page_file(f"posts/{slug}/"), page

    def _sitemap_segment(self, edition: Edition, number: int) -> bytes | None:
        keys = edition.keys(ALL)[number * SITEMAP_LENGTH : (number + 1) * SITEMAP_LENGTH]
        return sitemap.segment(self._site.base_url, [edition.cards[key.id] for key in keys]) if keys else None

    def _feeds(self, cards: list[PostCard], bodies: Bodies) -> Iterator[File]:
        found = bodies.of(cards[::-1])
        entries = [(card, found[card.id]) for card in cards]
        yield File("rss.xml", feeds.rss(self._site, entries))
        yield File("atom.xml", feeds.atom(self._site, entries))

    def _singles(self, edition: Edition, wanted: set[Single]) -> Iterator[tuple[str, Callable[[], bytes]]]:
        base = self._site.base_url
        makers: dict[Single, tuple[str, Callable[[], bytes]]] = {
            Single.ARCHIVE: ("archive/index.html", lambda: self._pages.archive(edition)),
            Single.TAGS: ("tags/index.html", lambda: self._pages.tags(edition)),
            Single.CATEGORIES: ("categories/index.html", lambda: self._pages.categories(edition)),
            Single.SEARCH: (searching.MANIFEST, lambda: searching.manifest(edition)),
            Single.SITEMAP: ("sitemap.xml", lambda: sitemap.index(base, sitemap_count(edition))),
            Single.SITEMAP_PAGES: (sitemap.PAGES, lambda: sitemap.pages(base, _fronts(edition))),
            Single.REDIRECTS: ("redirects.json", lambda: orjson.dumps(_redirect_map(edition))),
        }
        return (maker for single, maker in makers.items() if single in wanted)

    def _fixed(self) -> Iterator[File]:
        """Files that depend on the theme and the site's description alone."""
        yield from self._assets.files.values()
        yield File("search/index.html", self._pages.plain("search.html", "/search/"))
        yield File("404.html", self._pages.plain("404.html", "/404.html"))
        yield File("robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {self._site.base_url}/sitemap.xml\n".encode())
        yield File("favicon.svg", icon.svg(self._site.accent))
        yield File("favicon.ico", icon.ico(self._site.accent))


def _chunk_keys(work: Worklist, edition: Edition) -> set[Key]:
    return {key for end in work.chunks for key in edition.chunk_ending(end)}


def _newest(edition: Edition) -> list[PostCard]:
    return edition.newest_first(ALL, max(0, len(edition.cards) - FEED_LENGTH), len(edition.cards))


def _fronts(edition: Edition) -> Iterator[str]:
    yield from ("/", "/archive/", "/tags/", "/categories/")
    yield from (page_path(folder(scope)) for scope in sorted(edition.lists) if scope.path and scope.kind in LISTED)


def _redirect_map(edition: Edition) -> dict[str, str]:
    return {
        post_path(scope.path[0]): post_path(edition.newest(scope).slug)
        for scope in edition.scopes_of(Kind.OLD_SLUG)
        if scope.path[0] not in edition.ids
    }
