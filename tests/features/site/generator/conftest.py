from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from pressroom.features.site.generator import (
    Author,
    Changes,
    Edition,
    Heading,
    PostBody,
    PostCard,
    Press,
    SiteInfo,
    Step,
    Term,
)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TAGS = [Term("Type", "type"), Term("Ink & paper", "ink-paper"), Term("排印", "pai-yin"), Term("C#", "c-sharp")]
SHELVES = [Term("Essays", "essays"), Term("Notes", "notes")]
ROOMS = [Term("On type", "on-type"), Term("On cities", "on-cities"), Term("Notes", "notes")]
AUTHORS = [Author("Ada Lindqvist", "ada"), Author("林知远", "lin")]


class Library:
    """Posts and bodies at hand, and a count of what the generator asks for."""

    def __init__(self, press: Press) -> None:
        self.press = press
        self.bodies: dict[UUID, PostBody] = {}
        self.asked: list[list[UUID]] = []

    def card(self, number: int, *, html: str | None = None, **facts: Any) -> PostCard:
        """The post of a number: always the same one, a day after the one before."""
        post = UUID(int=(number * 0x9E3779B97F4A7C15) % 2**128)
        when = NOON + timedelta(days=number)
        card = PostCard(
            id=post,
            revision=1,
            slug=f"post-{number}",
            title=f"Post {number}",
            summary=f"What post {number} says.",
            published_at=when,
            updated_at=when,
            author=AUTHORS[number % 2],
            tags=(TAGS[number % 4], TAGS[number * 3 % 4]),
            first_category=SHELVES[number % 2],
            second_category=ROOMS[number % 3],
            word_count=12,
        )
        words = f'<p>Words of post {number}, <a href="/archive/">all posts</a>.</p>'
        self.bodies[post] = PostBody(post, words if html is None else html, (Heading(2, "a", "A"),))
        return replace(card, **facts)

    def load(self, ids: Sequence[UUID]) -> Mapping[UUID, PostBody]:
        self.asked.append(list(ids))
        return {post: self.bodies[post] for post in ids if post in self.bodies}

    def edition(self, *cards: PostCard) -> Edition:
        return self.press.edition(cards)

    def build(self, *cards: PostCard) -> dict[str, bytes]:
        return self.release(self.edition(*cards))

    def release(self, edition: Edition) -> dict[str, bytes]:
        return {file.path: file.data for file in self.press.build(edition, self.load)}

    def page(self, path: str, *cards: PostCard) -> str:
        return self.build(*cards)[path].decode()

    def apply(self, edition: Edition, *cards: PostCard, removed: Sequence[PostCard] = ()) -> Step:
        return self.press.apply(edition, Changes(cards, frozenset(card.id for card in removed)), self.load)


@pytest.fixture(scope="session")
def site() -> SiteInfo:
    return SiteInfo("The Composing Room", "On type & tools.", "https://example.org", author="Ada", posts_per_page=3)


@pytest.fixture(scope="session")
def press(site: SiteInfo) -> Press:
    return Press(site)


@pytest.fixture(scope="session")
def open_library() -> Callable[[Press], Library]:
    return Library


@pytest.fixture
def library(press: Press) -> Library:
    return Library(press)
