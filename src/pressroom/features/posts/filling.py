"""From words to rows and back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pressroom.features.posts.models import Post
from pressroom.features.posts.states import Standing, Visibility
from pressroom.features.posts.terms import Term, term_key, term_slug
from pressroom.features.posts.typeset import House, IndexText, Typeset, language
from pressroom.features.posts.words import Words, named_front, to_json
from pressroom.kernel.ids import new_id

Values = dict[str, Any]
"""Columns of a row, under the names of the model's attributes."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose name stands on a post that names nobody itself: a person's, or the publication's."""

    id: UUID | None
    name: str
    handle: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The tags and categories that words name, as they are kept."""

    tags: Mapping[str, Term]
    first: Mapping[str, Term]
    second: Mapping[str, Mapping[str, Term]]

    def of(self, words: Words) -> tuple[list[Term], Term | None, Term | None]:
        """The tags in the writer's order, each once, and the two levels of category."""
        tags = dict.fromkeys(self.tags[term_key(name)] for name in words.tags)
        first = self.first[term_key(words.first_category)] if words.first_category else None
        second = self.second[first.slug][term_key(words.second_category)] if first and words.second_category else None
        return list(tags), first, second


def byline(words: Words, writer: Writer, house: House) -> tuple[str, str]:
    """The name that readers see, and its address."""
    if words.author:
        return words.author, term_slug(words.author, house)
    return writer.name, term_slug(writer.handle, house)


def fill(post: Post, words: Words, terms: Terms) -> list[UUID]:
    """Puts words into a row. Returns the ids of its tags."""
    values, tags = words_values(words, terms)
    for name, value in values.items():
        setattr(post, name, value)
    return tags


def words_values(words: Words, terms: Terms) -> tuple[Values, list[UUID]]:
    """The words as columns, and the ids of their tags."""
    tags, first, second = terms.of(words)
    values = {
        "title": words.title,
        "visibility": words.visibility,
        "description": words.description,
        "first_category": first.name if first else None,
        "first_category_slug": first.slug if first else None,
        "second_category": second.name if second else None,
        "second_category_slug": second.slug if second else None,
        "tags": [{"name": tag.name, "slug": tag.slug} for tag in tags],
        "cover": words.cover,
        "front": words.remainder,
        "content_raw": words.content,
    }
    return values, [tag.id for tag in tags]


def set_type(post: Post, made: Typeset) -> None:
    """Puts what was made from its words into a row."""
    post.summary, post.lang = made.summary, made.lang
    post.word_count, post.minutes = made.word_count, made.minutes
    post.content_json = {"headings": list(made.headings)}
    post.content_html, post.content_text = made.html, made.text
    post.is_typeset = True


def untypeset_values(words: Words, house: House) -> Values:
    """What columns hold until the words are typeset; readers see nothing of the post so long."""
    return {
        "summary": words.description,
        "lang": language(words) or house.lang,
        "word_count": 0,
        "minutes": 0,
        "content_json": {"headings": []},
        "content_html": "",
        "content_text": "",
        "is_typeset": False,
        "public_at": None,
    }


def stand(post: Post, standing: Standing) -> None:
    """Puts a post where it stands, for writers and for readers. Readers see none that is not typeset."""
    post.status = standing.status
    post.published_at = standing.published_at
    moment = standing.public_at(post.visibility, deleted=bool(post.deletion))
    post.public_at = moment if post.is_typeset else None


def words_of(post: Post) -> Words:
    """The manuscript that a row holds."""
    return Words(
        title=post.title,
        content=post.content_raw,
        slug=post.slug,
        visibility=Visibility(post.visibility),
        description=post.description,
        published=post.published_at,
        tags=tuple(tag["name"] for tag in post.tags),
        first_category=post.first_category,
        second_category=post.second_category,
        cover=post.cover,
        **named_front(post.front),
    )


def first_version(row: Values, words: Words, *, saved_by: UUID | None, note: str) -> Values:
    """The row that keeps the words with which a post began; `row` is the post's."""
    names = ("slug", "first_category", "second_category")
    settled = {**{name: row[name] for name in names}, "published": row["published_at"]}
    words = words.changed({**settled, "tags": tuple(tag["name"] for tag in row["tags"])})
    same = {name: row[name] for name in ("version", "title", "word_count", "created_at", "content_raw")}
    return {"id": new_id(), "post_id": row["id"], "saved_by": saved_by, "note": note, "front": to_json(words), **same}


def version_of(post: Post, words: Words, *, saved_by: UUID | None, note: str, now: datetime) -> dict[str, Any]:
    """The row that keeps a saved state."""
    return {
        "id": new_id(),
        "post_id": post.id,
        "version": post.version,
        "saved_by": saved_by,
        "note": note,
        "title": post.title,
        "word_count": post.word_count,
        "created_at": now,
        "front": to_json(words),
        "content_raw": post.content_raw,
    }


def index_of(post: Post) -> IndexText:
    """The tokens of a row whose words have not changed."""
    categories = filter(None, (post.first_category, post.second_category))
    names = (tag["name"] for tag in post.tags)
    return IndexText.of(post.title, (post.summary, *names, *categories), post.content_text)


def new_values(words: Words, writer: Writer, *, house: House, now: datetime) -> Values:
    """What every new post begins with."""
    name, handle = byline(words, writer, house)
    return {
        "id": new_id(),
        "author_id": writer.id,
        "author_name": name,
        "author_handle": handle,
        "deletion": "",
        "version": 1,
        "created_at": now,
        "updated_at": now,
        "comments_count": 0,
        "likes_count": 0,
        "bookmarks_count": 0,
    }
