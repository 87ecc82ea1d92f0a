"""The search index that ships with a release: chunks of posts as JSON, and a small list of the chunks.

The reader's browser fetches chunks newest first and matches them itself, so search works while the backend sleeps.
"""

import re
from html import unescape
from uuid import UUID

import orjson

from pressroom.features.site.generator.addresses import post_path
from pressroom.features.site.generator.edition import ALL, CHUNK_ENDS, Edition
from pressroom.features.site.generator.model import PostBody, PostCard
from pressroom.features.site.generator.words import Words

MANIFEST = "search/index.json"
MOST_TEXT = 20_000
"""Characters of a post that can be found; a chapter of a book, not the book."""
BETWEEN_BLOCKS = re.compile(r"<(?:p|li|h\d|pre|td|th|dt|dd|br|blockquote|figcaption)\b[^>]*>")
SIGNPOSTS = re.compile(
    r'<a class="(?:heading-anchor|footnote-backref)"[^>]*>[^<]*</a>|<sup class="footnote-ref">.*?</sup>'
)
TAG = re.compile(r"<[^>]*>")
SPACE = re.compile(r"\s+")


def chunk_file(end: UUID | None) -> str:
    """The file of a chunk: named after the post that ends it, `newest` while none does."""
    return f"search/{end.hex if end else 'newest'}.json"


def manifest(edition: Edition) -> bytes:
    """How many posts there are and the chunks to fetch, newest first."""
    ends = [key.id for key in reversed(edition.keys(CHUNK_ENDS))]
    open_chunk = [None] if edition.chunk_ending(None) else []
    return orjson.dumps(
        {
            "posts": len(edition.keys(ALL)),
            "chunks": [f"/{chunk_file(end)}" for end in (*open_chunk, *ends)],
        }
    )


def chunk(entries: list[tuple[PostCard, PostBody]], words: Words) -> bytes:
    """Posts, newest first, as the search page reads them."""
    return orjson.dumps(
        [
            {
                "url": post_path(card.slug),
                "title": card.title,
                "lang": card.lang,
                "date": words.date(card.published_at),
                "tags": [tag.name for tag in card.tags],
                "summary": card.summary,
                "text": "" if card.visibility == "members" else plain(body.html)[:MOST_TEXT],
            }
            for card, body in reversed(entries)
        ]
    )


def plain(html: str) -> str:
    """The words of sanitised HTML, one space between blocks."""
    spaced = BETWEEN_BLOCKS.sub(" ", SIGNPOSTS.sub("", html))
    return SPACE.sub(" ", unescape(TAG.sub("", spaced))).strip()
