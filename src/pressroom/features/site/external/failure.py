"""What broke a build, in the writer's terms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A field of the front matter (`readingMetadata.time`), and what the site's build said about it."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a build failed, as far as the tool's words tell.

    Attributes:
        message: one sentence, the tool's own where it has one.
        collection, entry: Astro's names for the post.
        post: the file of the post, `/`-separated from the folder of the posts; None when no post is to blame.
        file: the file that is to blame when it is no post, `/`-separated from the site's folder.
        fields: the fields that the build refused.
        line, column: where in that file, from 1.
        page: the address of the page that was being made.
    """

    message: str
    collection: str | None = None
    entry: str | None = None
    post: str | None = None
    file: str | None = None
    fields: tuple[FieldProblem, ...] = ()
    line: int | None = None
    column: int | None = None
    page: str | None = None
