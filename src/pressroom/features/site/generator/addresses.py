"""The addresses of the site, and the files that answer at them."""

import re
from urllib.parse import quote

from pressroom.features.site.generator.errors import BuildFailed
from pressroom.features.site.generator.model import PostCard, Term
from pressroom.features.site.generator.paging import FRONT

FOLDER = re.compile(r"(?!\.+$)[^\x00-\x1f\x7f/\\\ud800-\udfff]{1,200}")
LONGEST_FOLDER = 255


def post_path(slug: str) -> str:
    """A post's page; a slug may have several parts (`notes/2026/ink`)."""
    return f"/posts/{quote(slug)}/"


def tag_path(tag: Term) -> str:
    """A tag's page."""
    return f"/tags/{quote(tag.slug, safe='')}/"


def category_path(first: Term, second: Term | None = None) -> str:
    """A category's page, of either level."""
    below = f"{quote(second.slug, safe='')}/" if second else ""
    return f"/categories/{quote(first.slug, safe='')}/{below}"


def author_path(handle: str) -> str:
    """An author's page."""
    return f"/authors/{quote(handle, safe='')}/"


def page_file(folder: str, number: int = FRONT) -> str:
    """The file of a list's page: `tags/ink/index.html`, `tags/ink/page/2/index.html`."""
    return f"{folder}index.html" if number == FRONT else f"{folder}page/{number}/index.html"


def page_path(folder: str, number: int = FRONT) -> str:
    """The address of a list's page."""
    return f"/{quote(folder)}" if number == FRONT else f"/{quote(folder)}page/{number}/"


def check_addresses(card: PostCard) -> None:
    """Raise `BuildFailed` where a part of a card's addresses cannot be the name of a folder."""
    categories = [term.slug for term in (card.first_category, card.second_category) if term]
    slugs = (part for slug in (card.slug, *card.old_slugs) for part in slug.split("/"))
    for part in (*slugs, *categories, *(tag.slug for tag in card.tags), card.author.handle):
        if not _is_folder(part):
            raise BuildFailed(f"{part!r} cannot be part of an address", slug=card.slug)


def is_address(slug: str) -> bool:
    """Whether each part of a slug can be the name of a folder."""
    return all(map(_is_folder, slug.split("/")))


def _is_folder(part: str) -> bool:
    return FOLDER.fullmatch(part) is not None and len(part.encode()) <= LONGEST_FOLDER
