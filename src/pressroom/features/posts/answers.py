"""What writers get back."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field

from pressroom.features.posts.manuscripts import Whereabouts
from pressroom.features.posts.models import Post, PostDraft, PostVersion
from pressroom.features.posts.states import Status, Visibility
from pressroom.features.posts.troubles import Trouble
from pressroom.features.posts.words import as_written, named_front
from pressroom.kernel.schema import Schema


class Reading(Schema):
    """Minutes and words, counted here; each Chinese, Japanese or Korean character is a word."""

    time: int
    wordCount: int  # noqa: N815  # the name in front matter


class TroubleOut(Schema):
    """What keeps the site from being built with this version: in which field, and in which line of its file."""

    message: str
    field: str | None
    line: int | None


class EditorialCard(Schema):
    """A post without its words. `published` is a date where it is one; `published_at` is always the moment."""

    model_config = ConfigDict(from_attributes=False)

    id: UUID
    slug: str
    status: Status
    visibility: Visibility
    draft: bool
    title: str
    published: date | datetime | None
    published_at: datetime | None
    description: str
    summary: str = Field(description="The description, or the beginning of a public post")
    lang: str
    tags: list[str]
    first_level_category: str | None
    second_level_category: str | None
    author: str | None = Field(description="The name in the front matter, when it is not the account's")
    author_id: UUID | None
    author_name: str
    cover: str | None
    sourceLink: str | None  # noqa: N815  # the name in front matter
    licenseName: str | None  # noqa: N815  # the same
    licenseUrl: str | None  # noqa: N815  # the same
    readingMetadata: Reading  # noqa: N815  # the same
    frontmatter: dict[str, Any]
    trouble: TroubleOut | None
    comments_count: int
    likes_count: int
    bookmarks_count: int
    version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class HeadingOut(Schema):
    """A heading of the text; `id` is its anchor."""

    level: int
    id: str
    text: str


class ProblemOut(Schema):
    """What is wrong with one field; `field` is a JSON pointer into the flat body, empty for the whole."""

    model_config = ConfigDict(from_attributes=True)

    field: str
    message: str


class ManuscriptOut(Schema):
    """Where the manuscript lives in the attached folder.

    `held`: the words are kept here and not yet in the folder, because the site's own build would refuse them.
    """

    model_config = ConfigDict(from_attributes=True)

    file: str | None = Field(description="The path inside the folder; none while there is no file")
    held: bool
    problems: list[ProblemOut] = Field(description="What the site's own build would refuse")


class EditorialPost(EditorialCard):
    """A whole post, as Markdown and as HTML."""

    content: str
    content_html: str
    headings: list[HeadingOut]
    manuscript: ManuscriptOut | None = Field(description="Nothing while no folder is attached")


class VersionCard(Schema):
    """A saved state without its words."""

    version: int
    title: str
    note: str
    saved_by: UUID | None
    word_count: int
    created_at: datetime


class VersionOut(VersionCard):
    """A saved state."""

    content: str
    front: dict[str, Any]


class DiffLine(Schema):
    """A line; `spans` are the places (`[start, end]`) that changed in an edited one."""

    kind: str
    text: str
    spans: list[tuple[int, int]]


class DiffHunk(Schema):
    """A stretch of changes with the lines around it; lines count from 1."""

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    lines: list[DiffLine]


class Diff(Schema):
    """What changed between two versions, as files with front matter."""

    old: int
    new: int
    hunks: list[DiffHunk]


class DraftOut(Schema):
    """What you have typed and not saved. It is stale when the post was saved since you began."""

    counter: int
    based_on: int
    post_version: int
    is_stale: bool
    updated_at: datetime
    draft: dict[str, Any]


class PreviewLink(Schema):
    """An address that shows the post to whoever has it, until it expires."""

    url: str
    expires_at: datetime


def card(row: Any) -> EditorialCard:
    """A row of the editorial list as a card."""
    trouble = Trouble(row.trouble, row.trouble_field, row.trouble_line) if row.trouble else None
    return EditorialCard(**_card(row, trouble))


def whole(post: Post, where: Whereabouts | None, trouble: Trouble | None = None) -> EditorialPost:
    """A whole post; a version that was just saved has no trouble yet."""
    return EditorialPost(
        **_card(post, trouble),
        content=post.content_raw,
        content_html=post.content_html,
        headings=[HeadingOut(**heading) for heading in post.content_json["headings"]],
        manuscript=ManuscriptOut.model_validate(where) if where else None,
    )


def _card(row: Any, trouble: Trouble | None) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in EditorialCard.model_fields if name not in _MADE}
    front = named_front(row.front)
    return same | {
        "draft": row.status == Status.draft,
        "published": as_written(row.published_at),
        "tags": [tag["name"] for tag in row.tags],
        "first_level_category": row.first_category,
        "second_level_category": row.second_category,
        "author": front["author"],
        "sourceLink": front["source_link"],
        "licenseName": front["license_name"],
        "licenseUrl": front["license_url"],
        "readingMetadata": Reading(time=row.minutes, wordCount=row.word_count),
        "frontmatter": front["frontmatter"],
        "trouble": TroubleOut(**asdict(trouble)) if trouble else None,
    }


_MADE = {"draft", "published", "tags", "first_level_category", "second_level_category", "author", "sourceLink"} | {
    "licenseName",
    "licenseUrl",
    "readingMetadata",
    "frontmatter",
    "trouble",
}


def version_card(row: Any) -> VersionCard:
    return VersionCard(**{name: getattr(row, name) for name in VersionCard.model_fields})


def version_out(version: PostVersion) -> VersionOut:
    return VersionOut(**dict(version_card(version)), content=version.content_raw, front=version.front)


def draft_out(draft: PostDraft, post: Post) -> DraftOut:
    return DraftOut(
        counter=draft.counter,
        based_on=draft.based_on,
        post_version=post.version,
        is_stale=draft.based_on < post.version,
        updated_at=draft.updated_at,
        draft=draft.words,
    )
