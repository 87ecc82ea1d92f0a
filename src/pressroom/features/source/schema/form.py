"""What the front matter of a site's posts may hold, as a form that people can fill in."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What one field holds. `text` is a string of several lines; `image` names a picture; `any` is left to the site."""

    string = "string"
    text = "text"
    date = "date"
    number = "number"
    boolean = "boolean"
    enum = "enum"
    list = "list"
    object = "object"
    image = "image"
    any = "any"


class Origin(StrEnum):
    """Where a form was read from."""

    schema = "schema"
    posts = "posts"
    default = "default"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    Attributes:
        required: the site's build fails without it.
        default: what the site takes when it is missing; None when it takes nothing.
        values: the only values allowed, of an `enum`.
        help: what the site's author wrote about it.
        nullable: an empty value passes.
        takes_text: of a date: text in quotes passes too.
        is_whole: of a number: no fraction passes.
        is_address: of a string: only a whole address passes, with `https:` or another scheme.
        minimum, maximum: of a number its bounds, of a string or a list those of its length; both included.
        above, below: of a number the bounds that are not included.
        item: what a list holds.
        fields: what an object holds.
    """

    name: str
    kind: Kind
    required: bool = False
    default: object = None
    values: tuple[object, ...] = ()
    help: str = ""
    nullable: bool = False
    takes_text: bool = False
    is_whole: bool = False
    is_address: bool = False
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    below: float | None = None
    item: "Field | None" = None
    fields: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a post's front matter, in the order in which to show them.

    Keys that it does not name are allowed and kept: the site's build ignores them.
    """

    fields: tuple[Field, ...]
    origin: Origin

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    def find(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)
