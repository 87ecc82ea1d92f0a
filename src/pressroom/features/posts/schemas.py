"""What writers send: flat bodies, refused with a hint when something in them is not known."""

import difflib
import re
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from pressroom.features.posts.models import NAME, SLUG, SUMMARY, TITLE
from pressroom.features.posts.states import Visibility
from pressroom.features.posts.words import (
    CONTENT,
    FLAT_NAMES,
    TAGS,
    Words,
    as_moment,
    check_address,
    check_characters,
    check_front,
    is_earthly,
    one_line,
)
from pressroom.kernel.errors import InvalidRequest
from pressroom.kernel.schema import Schema
from pressroom.kernel.text.slugs import is_slug, slugify

ADDRESS = 2000
LARGEST_COUNTER = 2_147_483_647
DRAFT_LINE = 10_000
FIELDS = {flat: name for name, flat in FLAT_NAMES.items()}
NOT_WORDS = {"draft", "readingMetadata", "take_draft"}
COMPUTED = ("id", "version", "status", "summary", "content_html", "headings", "created_at", "updated_at")


def _slug(text: str) -> str:
    if not is_slug(text, keep_script=True, max_length=SLUG):
        raise ValueError(f"An address has words joined by dashes, such as `{slugify(text) or 'my-post'}`.")
    return text


_WHEN = "Write a date like 2024-02-03, or a time like 2024-02-03T10:00:00Z."
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _empty_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _date_or_moment(value: Any) -> Any:
    """A date stays a date, so that no zone moves it to the day before."""
    if not isinstance(value, str):
        raise ValueError(_WHEN)  # noqa: TRY004  # Pydantic listens to ValueError
    try:
        found = date.fromisoformat(value) if _DATE.fullmatch(value) else datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(_WHEN) from None
    if isinstance(found, datetime) and found.tzinfo is None:
        raise ValueError("A time needs its zone, like 2024-02-03T10:00:00Z.")
    return found


def _none_is_empty(value: Any) -> Any:
    return "" if value is None else value


def _not_unearthly(value: date | datetime) -> date | datetime:
    if not is_earthly(value):
        raise ValueError("This year is not one that a calendar here can hold.")
    return value


Title = Annotated[str, Field(min_length=1, max_length=TITLE, pattern=r"\S"), AfterValidator(one_line)]
Name = Annotated[str, Field(min_length=1, max_length=NAME, pattern=r"\S"), AfterValidator(one_line)]
Content = Annotated[str, Field(max_length=CONTENT), AfterValidator(check_characters)]
Description = Annotated[str, Field(max_length=SUMMARY), AfterValidator(one_line)]
Slug = Annotated[str, Field(max_length=SLUG), AfterValidator(_slug)]
Address = Annotated[str, Field(max_length=ADDRESS), AfterValidator(check_address)]
Published = Annotated[date | AwareDatetime, BeforeValidator(_date_or_moment), AfterValidator(_not_unearthly)]
OptionalName = Annotated[Name | None, BeforeValidator(_empty_is_none)]
OptionalAddress = Annotated[Address | None, BeforeValidator(_empty_is_none)]
Front = Annotated[dict[str, Any], AfterValidator(check_front)]


class Flat(Schema):
    """A flat body. A key that is not known is refused with the nearest one that is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _hint(cls, data: Any) -> Any:
        unknown = [key for key in data if key not in cls.model_fields] if isinstance(data, dict) else []
        if unknown:
            raise ValidationError.from_exception_data(cls.__name__, [cls._unknown(str(key)) for key in unknown[:20]])
        return data

    @classmethod
    def _unknown(cls, key: str) -> InitErrorDetails:
        close = difflib.get_close_matches(key[:100], list(cls.model_fields), n=1)
        hint = f"did you mean `{close[0]}`?" if close else "keys of your own go inside `frontmatter`."
        if key in COMPUTED:
            hint = "it is made here; leave it out."
        error = PydanticCustomError("unknown_field", "This field is not known here: {hint}", {"hint": hint})
        return InitErrorDetails(type=error, loc=(key[:200],), input=None)


class ReadingMetadata(Schema):
    """Minutes and words, counted here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time: int | float | str | None = None
    wordCount: int | None = None  # noqa: N815  # the name in front matter


class PostChange(Flat):
    """Some fields of a post; those that are not sent stay as they are.

    `draft: false` publishes (or schedules, when `published` lies ahead), `draft: true` takes back.
    `readingMetadata` may be sent back as it was read; it is counted here.
    """

    title: Title | None = None
    content: Content = ""
    slug: Slug | None = None
    visibility: Visibility = Visibility.public
    description: Annotated[Description, BeforeValidator(_none_is_empty)] = ""
    published: Published | None = None
    tags: Annotated[list[Name], Field(max_length=TAGS)] = Field(default_factory=list)
    first_level_category: OptionalName = None
    second_level_category: OptionalName = None
    author: OptionalName = None
    draft: bool | None = None
    cover: OptionalAddress = None
    sourceLink: OptionalAddress = None  # noqa: N815  # the name in front matter
    licenseName: OptionalName = None  # noqa: N815  # the same
    licenseUrl: OptionalAddress = None  # noqa: N815  # the same
    readingMetadata: ReadingMetadata | None = None  # noqa: N815  # the same
    frontmatter: Front = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_title(self) -> Self:
        if "title" in self.model_fields_set and self.title is None:
            raise ValueError("A post needs a title.")
        return self

    def changes(self) -> dict[str, Any]:
        """The fields of `Words` that were sent."""
        return {name: value for name, value in self._words().items() if FLAT_NAMES.get(name, name) in self.sent}

    @property
    def sent(self) -> set[str]:
        """The names that the request holds; a `slug` of `null` is none."""
        return self.model_fields_set - ({"slug"} if self.slug is None else set())

    def _words(self) -> dict[str, Any]:
        values = {FIELDS.get(name, name): value for name, value in self if name not in NOT_WORDS}
        return {**values, "tags": tuple(self.tags), "published": as_moment(self.published)}


class PostPatch(PostChange):
    """`take_draft` takes the words of your autosaved draft with this counter, under the fields that are sent."""

    take_draft: Annotated[int, Field(ge=1, le=LARGEST_COUNTER)] | None = None


class PostBody(PostChange):
    """A whole post. In a PUT, what is missing is emptied, except `slug`, `visibility` and a public post's date."""

    title: Title

    def words(self) -> Words:
        """The manuscript for a new post."""
        return Words(**self._words())

    def whole(self) -> dict[str, Any]:
        """The fields of `Words` that a PUT replaces."""
        kept = {"slug", "visibility"} - self.sent
        return {name: value for name, value in self._words().items() if name not in kept}


class PublishBody(Flat):
    """`take_draft` publishes the words of your autosaved draft with this counter."""

    take_draft: Annotated[int, Field(ge=1, le=LARGEST_COUNTER)] | None = None


class ScheduleBody(Flat):
    """When the post goes live; a moment that has passed is refused."""

    at: Annotated[AwareDatetime, AfterValidator(_not_unearthly), AfterValidator(as_moment)]


class PreviewBody(Flat):
    """How long the link works; without it, as long as the settings say."""

    hours: Annotated[int, Field(ge=1, le=720)] | None = None


DraftLine = Annotated[str, Field(max_length=DRAFT_LINE), AfterValidator(check_characters)]


class DraftBody(Flat):
    """What has been typed so far. It is only kept, so an empty title or half a date is fine.

    `based_on` is the version that the typing began from.
    """

    based_on: Annotated[int, Field(ge=1, le=LARGEST_COUNTER)]
    title: DraftLine | None = None
    content: Content | None = None
    slug: DraftLine | None = None
    visibility: Visibility | None = None
    description: DraftLine | None = None
    published: DraftLine | None = None
    tags: Annotated[list[DraftLine], Field(max_length=1000)] | None = None
    first_level_category: DraftLine | None = None
    second_level_category: DraftLine | None = None
    author: DraftLine | None = None
    draft: bool | None = None
    cover: DraftLine | None = None
    sourceLink: DraftLine | None = None  # noqa: N815  # the name in front matter
    licenseName: DraftLine | None = None  # noqa: N815  # the same
    licenseUrl: DraftLine | None = None  # noqa: N815  # the same
    readingMetadata: ReadingMetadata | None = None  # noqa: N815  # the same
    frontmatter: Front | None = None

    def kept(self) -> dict[str, Any]:
        """The fields that were sent."""
        return self.model_dump(mode="json", exclude_unset=True, exclude={"based_on", "readingMetadata"})


def drafted_words(kept: dict[str, Any]) -> dict[str, Any]:
    """The fields of `Words` in a draft that is to be saved now.

    Raises:
        InvalidRequest: what was typed is not a post yet; the fields are named.
    """
    try:
        return PostChange.model_validate({name: value for name, value in kept.items() if value is not None}).changes()
    except ValidationError as error:
        fields = [
            {"in": "draft", "pointer": "".join(f"/{part}" for part in item["loc"]), "message": item["msg"]}
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise InvalidRequest(
            "The draft cannot be saved yet; it is kept as it is.", details={"fields": fields}
        ) from error
