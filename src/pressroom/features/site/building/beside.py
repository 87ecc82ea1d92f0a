"""Pictures beside the posts of an attached folder, on their way into a release of the built-in theme."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from pressroom.features.site.fingerprints import fingerprint
from pressroom.features.site.generator import Cover, File, PostBody, PostCard
from pressroom.features.source.pictures import Pictures

FOLDER = "assets/beside"
_UNSAFE = re.compile(r"[^a-z0-9-]+")


class Beside:
    """Gives each picture an address that changes with its bytes, so that it is kept and carried like any asset.

    `missing` holds a sentence for each that a post names and nobody can read. Its methods wait for the disk: call them
    in a thread.
    """

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._posts: dict[UUID, str] = {}
        self._addresses: dict[str, str | None] = {}
        self.missing: dict[str, str] = {}

    def know(self, posts: Mapping[UUID, str]) -> None:
        """Says which files these posts are."""
        self._posts.update(posts)

    def body(self, body: PostBody) -> PostBody:
        """The body with the pictures' addresses in the release."""
        post = self._posts.get(body.id)
        if post is None:
            return body
        html = self._pictures.readdress(post, body.html, lambda place: self._address(place, post))
        return body if html == body.html else replace(body, html=html)

    def card(self, card: PostCard) -> PostCard:
        """The card with its cover's address in the release."""
        post = self._posts.get(card.id)
        place = self._pictures.find(post, card.cover.url) if post and card.cover else None
        address = self._address(place, post) if place and post else None
        return replace(card, cover=Cover(address)) if address else card

    def files(self, *, held: Callable[[str], bool]) -> Iterator[File]:
        """The pictures that were named, as files of the release, but those that it has: `held` says so of a path.

        One at a time; each is read when its turn comes.
        """
        for place, address in self._addresses.items():
            data = self._pictures.read(place) if address and not held(address[1:]) else None
            if address and data is not None:
                yield File(address[1:], data)

    def _address(self, place: str, post: str) -> str | None:
        if place not in self._addresses:
            data = self._pictures.read(place)
            self._addresses[place] = _named(place, data) if data is not None else None
        if self._addresses[place] is None:
            self.missing[place] = f"{post} shows {place}, which is not there or too large."
        return self._addresses[place]


def _named(place: str, data: bytes) -> str:
    stem, _, ending = place.rpartition("/")[2].rpartition(".")
    name = _UNSAFE.sub("-", stem.lower()).strip("-")[:60]
    return f"/{FOLDER}/{name}.{fingerprint(data)}.{ending.lower()}".replace("/.", "/")
