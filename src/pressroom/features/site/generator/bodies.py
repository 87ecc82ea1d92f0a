"""Bodies in the order in which they are needed: asked for by the dozen, and forgotten behind."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from uuid import UUID

from pressroom.features.site.generator.errors import BuildFailed
from pressroom.features.site.generator.model import LoadBodies, PostBody, PostCard

BATCH = 64
"""Bodies asked for at a time; twice as many are held."""


class Bodies:
    """Fetches ahead of the renderer, so that a small change needs one query and a full build little memory."""

    def __init__(self, load: LoadBodies, needed: Iterable[UUID]) -> None:
        """`needed` names the bodies in the order in which `of` will ask for them."""
        self._load = load
        self._ahead = iter(dict.fromkeys(needed))
        self._held: dict[UUID, PostBody] = {}

    def of(self, cards: Sequence[PostCard]) -> Mapping[UUID, PostBody]:
        """The bodies of these posts; one that cannot be had raises `BuildFailed`."""
        found: dict[UUID, PostBody] = {}
        for card in cards:
            if card.id not in self._held:
                self._fetch(card)
            found[card.id] = self._held[card.id]
        return found

    def _fetch(self, card: PostCard) -> None:
        batch = dict.fromkeys([card.id, *islice(self._ahead, BATCH)])
        self._held |= self._load(list(batch))
        for stale in list(self._held)[: -2 * BATCH]:
            del self._held[stale]
        if card.id not in self._held:
            raise BuildFailed("the post's body is missing", slug=card.slug)
