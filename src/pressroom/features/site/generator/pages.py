"""The pages of the site: what each template is given."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pressroom.features.site.generator import addresses, structured
from pressroom.features.site.generator.affected import label, paging
from pressroom.features.site.generator.assets import Assets
from pressroom.features.site.generator.days import day_of
from pressroom.features.site.generator.edition import ALL, Edition, Kind, Scope
from pressroom.features.site.generator.links import absolute
from pressroom.features.site.generator.model import PostBody, PostCard, SiteInfo, Term
from pressroom.features.site.generator.moments import timestamp
from pressroom.features.site.generator.openings import opens_with
from pressroom.features.site.generator.paging import FRONT
from pressroom.features.site.generator.related import related
from pressroom.features.site.generator.templates import Templates, trusted
from pressroom.features.site.generator.theme import Theme
from pressroom.features.site.generator.words import Words, direction

LONG_READ = 5
"""Minutes from which a post has a table of contents and shows how far one has read."""
FEWEST_HEADINGS = 3
WHOLE_ARCHIVE = 100
"""Up to so many posts, `/archive/` lists them all; beyond, it leads to the years."""
FOLDERS = {Kind.TAG: "tags", Kind.CATEGORY: "categories", Kind.AUTHOR: "authors", Kind.YEAR: "archive"}


def folder(scope: Scope) -> str:
    """Where a list's pages are: `` for home, else `tags/ink/` and the like."""
    return "".join(f"{part}/" for part in (FOLDERS[scope.kind], *scope.path)) if scope.path else ""


class Pages:
    """Renders each kind of page, as bytes."""

    def __init__(self, site: SiteInfo, *, theme: Theme, words: Words, assets: Assets) -> None:
        self._site = site
        names = {
            "site": site,
            "say": words.say,
            "date": words.date,
            "short_date": words.short_date,
            "timestamp": timestamp,
            "asset": assets.path,
            "assets": assets.files,
            "direction": direction,
            "post_path": addresses.post_path,
            "tag_path": addresses.tag_path,
            "category_path": addresses.category_path,
            "author_path": addresses.author_path,
        }
        self._templates = Templates(theme, names)

    def post(self, edition: Edition, card: PostCard, body: PostBody) -> bytes:
        """A post's page, with its neighbours in time and its relatives."""
        keys, position = edition.keys(ALL), edition.position(ALL, card.key)
        older = edition.cards[keys[position - 1].id] if position else None
        newer = edition.cards[keys[position + 1].id] if position + 1 < len(keys) else None
        context = {"newer": newer, "older": older, "related": related(edition, card), "preview": False}
        return self._post(card, body, context)

    def preview(self, card: PostCard, body: PostBody) -> bytes:
        """A draft in the same clothes, marked as one; search engines are told to look away."""
        return self._post(card, body, {"newer": None, "older": None, "related": [], "preview": True})

    def _post(self, card: PostCard, body: PostBody, context: dict[str, Any]) -> bytes:
        path = addresses.post_path(card.slug)
        is_open = card.visibility == "public" or context["preview"]
        long = is_open and card.minutes >= LONG_READ
        entries = [heading for heading in body.headings if heading.level in {2, 3}] if long else []
        return self._templates.render(
            "post.html",
            {
                **context,
                "path": path,
                "card": card,
                "body": trusted(body.html) if is_open else None,
                "standfirst": "" if is_open and opens_with(body.html, card.summary) else card.summary,
                "contents": entries if len(entries) >= FEWEST_HEADINGS else [],
                "is_long": long,
                "cover_url": absolute(self._site.base_url + path, card.cover.url) if card.cover else None,
                "structured": structured.article(self._site, card),
            },
            slug=card.slug,
        )

    def redirect(self, card: PostCard) -> bytes:
        """The page at an old address, which leads to the post."""
        context = {"path": addresses.post_path(card.slug), "card": card}
        return self._templates.render("redirect.html", context, slug=card.slug)

    def listing(self, edition: Edition, scope: Scope, number: int) -> bytes:
        """One page of a list."""
        where, pages = folder(scope), paging(edition, scope, self._site.posts_per_page)
        newer, older = pages.newer(number), pages.older(number)
        return self._templates.render(
            f"{'home' if scope == ALL else scope.kind.value}.html",
            {
                "path": addresses.page_path(where, number),
                "number": number,
                "is_front": number == FRONT,
                "label": label(edition, scope),
                "total": pages.total,
                "posts": edition.newest_first(scope, *pages.span(number)),
                "newer_path": addresses.page_path(where, newer) if newer else None,
                "older_path": addresses.page_path(where, older) if older else None,
                "structured": structured.website(self._site),
                **(self._category(edition, scope) if scope.kind is Kind.CATEGORY else {}),
            },
        )

    def _category(self, edition: Edition, scope: Scope) -> dict[str, Any]:
        first = Term(label(edition, Scope(Kind.CATEGORY, scope.path[:1])), scope.path[0])
        below = [found for found in edition.scopes_of(Kind.CATEGORY) if _is_below(found, scope)]
        return {"first": first, "depth": len(scope.path), "below": self._terms(edition, below)}

    def tags(self, edition: Edition) -> bytes:
        """All tags, by name."""
        terms = self._terms(edition, edition.scopes_of(Kind.TAG))
        return self._templates.render("tags.html", {"path": "/tags/", "terms": terms})

    def categories(self, edition: Edition) -> bytes:
        """All categories, the second level under the first."""
        scopes = edition.scopes_of(Kind.CATEGORY)
        firsts = self._terms(edition, [scope for scope in scopes if len(scope.path) == 1])
        tree = [
            (term, count, self._terms(edition, [scope for scope in scopes if _is_below(scope, term.slug)]))
            for term, count in firsts
        ]
        return self._templates.render("categories.html", {"path": "/categories/", "tree": tree})

    def archive(self, edition: Edition) -> bytes:
        """Every post by year or, once they are many, the years."""
        years = [(scope.path[0], len(edition.keys(scope))) for scope in edition.scopes_of(Kind.YEAR)]
        total = len(edition.cards)
        posts = edition.newest_first(ALL, 0, total) if total <= WHOLE_ARCHIVE else []
        context = {"path": "/archive/", "years": years[::-1], "total": total}
        return self._templates.render("archive.html", {**context, "groups": list(_by_year(edition, posts))})

    def plain(self, name: str, path: str) -> bytes:
        """A page that depends on no post: search, not found."""
        return self._templates.render(name, {"path": path})

    def _terms(self, edition: Edition, scopes: Sequence[Scope]) -> list[tuple[Term, int]]:
        terms = [(Term(label(edition, one), one.path[-1]), len(edition.keys(one))) for one in scopes]
        return sorted(terms, key=lambda term: (term[0].name.casefold(), term[0].slug))


def _is_below(scope: Scope, above: Scope | str) -> bool:
    path = (above,) if isinstance(above, str) else above.path
    return len(scope.path) == len(path) + 1 and scope.path[: len(path)] == path


def _by_year(edition: Edition, posts: list[PostCard]) -> Iterator[tuple[int, list[PostCard]]]:
    years = groupby(posts, key=lambda card: day_of(card.published_at, edition.timezone).year)
    return ((year, list(cards)) for year, cards in years)
