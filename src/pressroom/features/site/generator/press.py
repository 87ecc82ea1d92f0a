"""The press: turns an edition, or the difference between two, into the files of a release.

No database, no clock, no disk but the theme's: the same edition always gives the same bytes, and a page made because
of a change equals the page of a full build.
"""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import orjson

from . import feeds, icon, searching, sitemap
from .addresses import page_file, page_path, post_path
from .affected import FEED_LENGTH, LISTED, SITEMAP_LENGTH, Single, Worklist, affected, everything, paging, sitemap_count
from .assets import Assets
from .colour import accent
from .edition import ALL, Edition, Kind, Scope
from .errors import BuildFailed
from .model import Changes, File, Key, LoadBodies, Output, PostBody, PostCard, SiteInfo
from .pages import Pages, folder
from .theme import Theme
from .words import Words

BATCH = 64
"""Bodies asked for at a time, at most."""


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
        yield from self._posts(work, edition, load)
        yield from self._redirects(work, edition)
        for scope, number in sorted(work.pages):
            exists = scope in edition.lists or scope == ALL
            exists = exists and number <= paging(edition, scope, self._site.posts_per_page).last
            yield page_file(folder(scope), number), self._pages.listing(edition, scope, number) if exists else None
        for number in sorted(work.sitemaps):
            yield sitemap.segment_file(number), self._sitemap_segment(edition, number)
        for single in sorted(work.singles):
            yield from self._single(single, edition, load)

    def _posts(self, work: Worklist, edition: Edition, load: LoadBodies) -> Iterator[tuple[str, bytes | None]]:
        """Posts and the chunks of the search index together, so that each body is loaded once."""
        wanted = {edition.ids[slug] for slug in work.addresses if slug in edition.ids}
        keys = {edition.cards[post].key for post in wanted}
        for end in work.chunks:
            key = _end(edition, end)
            members = edition.chunk(key) if end is None or key else ()
            keys |= set(members)
            if not members:
                yield searching.chunk_file(end), None
        for end_key, group in groupby(sorted(keys), key=edition.chunk_of):
            cards = [edition.cards[key.id] for key in group]
            bodies = _load(load, cards)
            for card in cards:
                if card.id in wanted:
                    yield page_file(f"posts/{card.slug}/"), self._pages.post(edition, card, bodies[card.id])
            end = end_key.id if end_key else None
            if end in work.chunks:
                entries = [(card, bodies[card.id]) for card in cards]
                yield searching.chunk_file(end), searching.chunk(entries, self._words)

    def _redirects(self, work: Worklist, edition: Edition) -> Iterator[tuple[str, bytes | None]]:
        for slug in sorted(work.addresses - edition.ids.keys()):
            scope = Scope(Kind.OLD_SLUG, (slug,))
            page = self._pages.redirect(edition.newest(scope)) if scope in edition.lists else None
            yield page_file(f"posts/{slug}/"), page

    def _sitemap_segment(self, edition: Edition, number: int) -> bytes | None:
        keys = edition.keys(ALL)[number * SITEMAP_LENGTH : (number + 1) * SITEMAP_LENGTH]
        return sitemap.segment(self._site.base_url, [edition.cards[key.id] for key in keys]) if keys else None

    def _single(self, single: Single, edition: Edition, load: LoadBodies) -> Iterator[File]:
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
        if single is Single.FEEDS:
            cards = edition.newest_first(ALL, max(0, len(edition.cards) - FEED_LENGTH), len(edition.cards))
            bodies = _load(load, cards)
            entries = [(card, bodies[card.id]) for card in cards]
            yield File("rss.xml", feeds.rss(self._site, entries))
            yield File("atom.xml", feeds.atom(self._site, entries))
        else:
            path, make = makers[single]
            yield File(path, make())

    def _fixed(self) -> Iterator[File]:
        """Files that depend on the theme and the site's description alone."""
        yield from self._assets.files.values()
        yield File("search/index.html", self._pages.plain("search.html", "/search/"))
        yield File("404.html", self._pages.plain("404.html", "/404.html"))
        yield File("robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {self._site.base_url}/sitemap.xml\n".encode())
        yield File("favicon.svg", icon.svg(self._site.accent))
        yield File("favicon.ico", icon.ico(self._site.accent))


def _load(load: LoadBodies, cards: list[PostCard]) -> dict[UUID, PostBody]:
    bodies: dict[UUID, PostBody] = {}
    for start in range(0, len(cards), BATCH):
        bodies |= load([card.id for card in cards[start : start + BATCH]])
    missing = next((card for card in cards if card.id not in bodies), None)
    if missing:
        raise BuildFailed("the post's body is missing", slug=missing.slug)
    return bodies


def _end(edition: Edition, end: UUID | None) -> Key | None:
    card = edition.cards.get(end) if end else None
    return card.key if card else None


def _fronts(edition: Edition) -> Iterator[str]:
    yield from ("/", "/archive/", "/tags/", "/categories/")
    yield from (page_path(folder(scope)) for scope in sorted(edition.lists) if scope.path and scope.kind in LISTED)


def _redirect_map(edition: Edition) -> dict[str, str]:
    return {
        post_path(scope.path[0]): post_path(edition.newest(scope).slug)
        for scope in edition.scopes_of(Kind.OLD_SLUG)
        if scope.path[0] not in edition.ids
    }
