"""From the posts that exist to a form, when the site has no schema that can be read."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from pressroom.features.source.schema.default import DEFAULT_FORM
from pressroom.features.source.schema.form import Field, Form, Kind, Origin

# Fewer posts than this say little about what every post must have.
ENOUGH = 5
_LONG = 120
_KINDS: tuple[tuple[type, Kind], ...] = (
    (bool, Kind.boolean),
    (int, Kind.number),
    (float, Kind.number),
    (date, Kind.date),
    (list, Kind.list),
    (Mapping, Kind.object),
)


def infer_form(fronts: Iterable[Mapping[str, object]], *, strict: bool) -> Form | None:
    """The fields of these front matters, the most usual first; None when they have none.

    A field whose values are of one kind has that kind; with several kinds it is left to the site. With `strict`, for
    sites whose build checks fields, those that all of at least five posts have are required, and of fewer posts those
    that the default contract requires, too; `title` always is.
    """
    posts = [front for front in fronts if front]
    fields = _fields(posts, required=_required(posts) if strict else {"title"})
    return Form(fields, Origin.posts) if fields else None


def _required(posts: Sequence[Mapping[str, object]]) -> set[str]:
    in_all = set[str]().union(*posts).intersection(*posts)
    usual = {field.name for field in DEFAULT_FORM.fields if field.required}
    return {"title"} | (in_all if len(posts) >= ENOUGH else in_all & usual)


def _fields(mappings: Sequence[Mapping[str, object]], *, required: Collection[str] = ()) -> tuple[Field, ...]:
    seen = Counter(name for each in mappings for name in each)
    return tuple(
        _field(name, [each[name] for each in mappings if name in each], required=name in required)
        for name, _ in seen.most_common()
    )


def _field(name: str, values: Sequence[object], *, required: bool = False) -> Field:
    given = [value for value in values if value is not None]
    kinds = {_kind(value) for value in given}
    takes_text = Kind.date in kinds and not kinds - {Kind.date, Kind.string}
    kind = Kind.date if takes_text else _one(kinds)
    return Field(
        name=name,
        kind=kind,
        required=required,
        nullable=len(given) < len(values),
        takes_text=takes_text and len(kinds) > 1,
        item=_field("", _inner(given)) if kind is Kind.list else None,
        fields=_fields([each for each in given if isinstance(each, Mapping)]) if kind is Kind.object else (),
    )


def _inner(lists: Sequence[object]) -> list[object]:
    return [item for each in lists if isinstance(each, list) for item in each]


def _kind(value: object) -> Kind:
    if isinstance(value, str):
        return Kind.text if len(value) > _LONG or "\n" in value else Kind.string
    return next((kind for type_, kind in _KINDS if isinstance(value, type_)), Kind.any)


def _one(kinds: set[Kind]) -> Kind:
    if kinds == {Kind.string, Kind.text}:
        return Kind.text
    return next(iter(kinds)) if len(kinds) == 1 else Kind.any
