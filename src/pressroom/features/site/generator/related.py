"""Related posts, chosen so that no post's page depends on more than a few others.

A post is related to the few posts *before* it in each list of its tags and in its category. A new post therefore
changes no older page, and a changed post only the pages of the few that follow it in those lists.
"""

from collections.abc import Iterator

from pressroom.features.site.generator.edition import Edition, Kind, Scope, category_scopes
from pressroom.features.site.generator.model import Key, PostCard

WINDOW = 3
SHOWN = 3


def related(edition: Edition, card: PostCard) -> list[PostCard]:
    """Up to three earlier posts: those with the most lists in common first, then the newest."""
    shared: dict[Key, int] = {}
    for scope in (*_tags(card), *list(category_scopes(card))[-1:]):
        position = edition.position(scope, card.key)
        for key in edition.keys(scope)[max(0, position - WINDOW) : position]:
            shared[key] = shared.get(key, 0) + 1
    best = sorted(shared, key=lambda key: (shared[key], key), reverse=True)[:SHOWN]
    return [edition.cards[key.id] for key in best]


def successors(edition: Edition, card: PostCard) -> Iterator[Key]:
    """The posts whose related posts may include this one: also those that know only its first category."""
    for scope in (*_tags(card), *category_scopes(card)):
        position = edition.position(scope, card.key) + 1
        yield from edition.keys(scope)[position : position + WINDOW]


def _tags(card: PostCard) -> list[Scope]:
    return list(dict.fromkeys(Scope(Kind.TAG, (tag.slug,)) for tag in card.tags))
