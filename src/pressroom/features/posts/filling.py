"""From words to rows and back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pressroom.features.posts.models import Post
from pressroom.features.posts.states import Standing, Visibility
from pressroom.features.posts.terms import Term, term_key, term_slug
from pressroom.features.posts.typeset import House, IndexText, Typeset
from pressroom.features.posts.words import Words, named_front, to_json
from pressroom.kernel.ids import new_id


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


def fill(post: Post, words: Words, made: Typeset, terms: Terms) -> list[UUID]:
    """Puts words and what was made from them into a row. Returns the ids of its tags."""
    tags, first, second = terms.of(words)
    post.title = words.title
    post.visibility = words.visibility
    post.description, post.summary = words.description, made.summary
    post.lang = made.lang
    post.first_category, post.first_category_slug = (first.name, first.slug) if first else (None, None)
    post.second_category, post.second_category_slug = (second.name, second.slug) if second else (None, None)
    post.tags = [{"name": tag.name, "slug": tag.slug} for tag in tags]
    post.cover = words.cover
    post.word_count, post.minutes = made.word_count, made.minutes
    post.front = words.remainder
    post.content_json = {"headings": list(made.headings)}
    post.content_html, post.content_raw, post.content_text = made.html, words.content, made.text
    return [tag.id for tag in tags]


def stand(post: Post, standing: Standing) -> None:
    """Puts a post where it stands, for writers and for readers."""
    post.status = standing.status
    post.published_at = standing.published_at
    post.public_at = standing.public_at(post.visibility, deleted=bool(post.deletion))


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


def empty_post(*, writer: Writer, now: datetime) -> Post:
    """A row that nothing has been put into yet."""
    return Post(
        id=new_id(),
        author_id=writer.id,
        deletion="",
        version=1,
        created_at=now,
        updated_at=now,
        comments_count=0,
        likes_count=0,
        bookmarks_count=0,
    )
