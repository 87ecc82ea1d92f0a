"""The site's form as a person fills it in: its own keys, over the fields of our API. Pure."""

from collections.abc import Iterator
from dataclasses import asdict, replace

from pressroom.features.source.forms import SiteForm
from pressroom.features.source.naming import CATEGORIES, COUNTED, DRAFT, LEVELS, names_in, pointer_in_body
from pressroom.features.source.schema import Field, Kind
from pressroom.features.source.schemas import FormField, SchemaOut

_TEXTS = {Kind.string, Kind.text, Kind.enum, Kind.image}
# What our API takes for a field, whatever shape the site keeps it in.
_OURS = {"published": Kind.date, "tags": Kind.list, "cover": Kind.image, DRAFT: Kind.boolean, COUNTED: Kind.object}


def describe(found: SiteForm) -> SchemaOut:
    """The form with each field's place in a flat body; both levels of `categories` are fields of their own."""
    names = names_in(found.form)
    fields = [each for field in found.form.fields for each in _described(field, names.get(field.name), names)]
    return SchemaOut(origin=found.form.origin, binds=found.binds, note=found.note, fields=fields)


def _described(field: Field, ours: str | None, names: dict[str, str]) -> Iterator[FormField]:
    if ours == CATEGORIES:
        yield _field(_as_text(field), f"/{LEVELS[0]}")
        if field.kind is not Kind.enum:
            yield _field(replace(_as_text(field), required=False), f"/{LEVELS[1]}")
        return
    pointer = pointer_in_body(f"/{field.name.replace('~', '~0').replace('/', '~1')}", names)
    yield _field(_as_ours(field, ours) if ours else field, pointer, computed=ours == COUNTED)


def _as_ours(field: Field, ours: str) -> Field:
    kind = _OURS.get(ours)
    if kind is None:
        return _as_text(field)
    if kind is field.kind or (kind is Kind.image and field.kind in _TEXTS):
        return field
    item = Field("", Kind.string) if kind is Kind.list else None
    return Field(field.name, kind, required=field.required, help=field.help, item=item)


def _as_text(field: Field) -> Field:
    """A field that the site keeps as text, or in a list or an object around it."""
    if field.kind in _TEXTS:
        return field
    inner = field.item if field.item and field.item.kind in _TEXTS else Field("", Kind.string)
    return replace(inner, name=field.name, required=field.required, help=field.help)


def _field(field: Field, pointer: str, *, computed: bool = False) -> FormField:
    return FormField.model_validate({**asdict(field), "pointer": pointer, "computed": computed})
