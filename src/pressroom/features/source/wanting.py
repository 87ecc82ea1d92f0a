"""What the file of a post is to say, by the post's row."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from pressroom.features.posts.filling import words_of
from pressroom.features.posts.states import Status
from pressroom.features.source.checking import Check
from pressroom.features.source.fields import Wanted
from pressroom.features.source.models import SourceFile

if TYPE_CHECKING:
    from pressroom.features.posts.models import Post

_HIDDEN = frozenset({Status.draft, Status.archived})


def wanted_of(post: "Post", file: SourceFile | None, check: Check | None, *, names: Collection[str] = ()) -> Wanted:
    """By what the site's build asks for; without that, under `names` where the file has none of its own."""
    return Wanted(
        words=words_of(post),
        draft=post.status in _HIDDEN,
        slug=file.slug if file else post.slug,
        names=check.form.names if check else names,
        form=check.form if check else None,
        counted={"time": post.minutes, "wordCount": post.word_count},
    )
