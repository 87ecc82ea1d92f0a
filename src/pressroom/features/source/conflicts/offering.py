"""What a writer who came too late may save instead: both sides' changes, where they do not touch. Pure."""

from collections.abc import Mapping
from typing import Any

from pressroom.features.posts.terms import term_key
from pressroom.features.posts.words import Words, fields_of, flat
from pressroom.features.source.faithful.bodies import newline_of, unified
from pressroom.features.source.merging import changed_lines, merged_lines, merged_values

# The offer is made while others wait for the database; whole files are merged, however long, while nobody does.
_MOST_CHANGED = 1_000
_TERMS = ("first_level_category", "second_level_category")


def merged_fields(seen: Words, yours: Mapping[str, Any], theirs: Words) -> dict[str, Any] | None:
    """The flat fields that have both sides' changes; `None` where they touch.

    Args:
        seen: what the writer began from.
        yours: the flat fields that were sent.
        theirs: what is there now.
    """
    base, there = _flat(seen), _flat(theirs)
    there |= {key: base[key] for key in ("tags", *_TERMS) if _folded(base[key]) == _folded(there[key])}
    mine = base | _plain(yours)
    texts = [unified(side.pop("content")) for side in (base, mine, there)]
    if max(changed_lines(texts[0], text) for text in texts[1:]) > _MOST_CHANGED:
        return None
    values, clashes = merged_values(base, mine, there)
    content, more = merged_lines(*texts)
    if clashes or more:
        return None
    return {**values, "content": content.replace("\n", newline_of(theirs.content))}


def _flat(words: Words) -> dict[str, Any]:
    return _plain(flat(fields_of(words)))


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in fields.items()}


def _folded(value: str | list[str] | None) -> list[str]:
    """Two spellings of one tag or category are no change."""
    return [term_key(each) for each in ([value] if isinstance(value, str) else value or ())]
