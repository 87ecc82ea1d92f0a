"""Conflicts as they are answered, over HTTP and on the command line alike."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pressroom.features.posts.service.shelf import Named
from pressroom.features.source.conflicts.schemas import ClashOut, ConflictCard, ConflictOut, ConflictPost, StretchOut

if TYPE_CHECKING:
    from pressroom.features.source.conflicts.service import Shown


def card(row: Any, post: Named) -> ConflictCard:
    """A conflict of a list."""
    return ConflictCard(**_fields(row, post))


def whole(found: "Shown") -> ConflictOut:
    """A conflict with both texts."""
    conflict = found.conflict
    return ConflictOut(
        **_fields(conflict, found.post),
        base=conflict.base.decode(),
        ours=conflict.ours.decode(),
        theirs=conflict.theirs.decode(),
        hunks=[StretchOut.model_validate(hunk) for hunk in found.hunks],
        clashes=[ClashOut(**clash) for clash in conflict.clashes],
        resolved_at=conflict.resolved_at,
        resolved_by=conflict.resolved_by,
        resolution=conflict.resolution,
    )


def _fields(row: Any, post: Named) -> Mapping[str, Any]:
    same = {name: getattr(row, name) for name in ConflictCard.model_fields if name != "post"}
    return {**same, "post": ConflictPost.model_validate(post)}
