"""What is to be written, in the shapes that the site's form asks for. Pure."""

from collections.abc import Mapping
from datetime import date

from pressroom.features.posts.schemas import FIELDS
from pressroom.features.posts.words import Words, as_written
from pressroom.features.source.faithful import REMOVED
from pressroom.features.source.naming import CATEGORIES, COUNTED, DRAFT, names_in
from pressroom.features.source.schema import Field, Form, Kind, Origin, typed, validate

_INNER = ("name", "src", "url", "title")
_TEXTS = {Kind.string, Kind.text, Kind.image, Kind.enum}
_EMPTY: tuple[object, ...] = (None, "", [])
Changes = dict[str, object]


def fitted(made: Changes, values: Mapping[str, object], known: Mapping[str, object], form: Form) -> Changes:
    """These changes as the site's build takes them.

    What comes as JSON or in our own shape gets the form's. What the build would refuse, and is only written in a way
    that it does not read, is written anew: a date in quotes, a number for a title, a key with nothing behind it.

    Args:
        made: the keys to set or to take out.
        values: the front matter as it is.
        known: what the post says under our names, as `known_of` tells it.
        form: the site's form.
    """
    names = names_in(form)
    made = {
        key: _fit(value, values.get(key), field, is_ours=key in names) if (field := form.find(key)) else value
        for key, value in made.items()
    }
    after = {key: value for key, value in {**values, **made}.items() if value is not REMOVED}
    refused = {problem.field.split("/")[1].replace("~1", "/").replace("~0", "~") for problem in validate(after, form)}
    for field in form.fields:
        key = field.name
        if key in refused and key in names:
            made[key] = _ours(known.get(names[key]), after.get(key), field)
        elif key in refused and key in after:
            made[key] = _mended(after[key], field)
    return made


def known_of(words: Words, *, draft: bool, counted: Mapping[str, object] | None = None) -> dict[str, object]:
    """What a post says, under the names of flat bodies; `categories` are both levels."""
    levels = [name for name in (words.first_category, words.second_category) if name]
    flat = {name: getattr(words, attribute) for name, attribute in FIELDS.items()}
    plain = {name: getattr(words, name) for name in ("title", "description", "cover", "slug")}
    lists = {"tags": list(words.tags), CATEGORIES: levels}
    return {**flat, **plain, **lists, "published": as_written(words.published), DRAFT: draft, COUNTED: counted}


def _fit(value: object, old: object, field: Field, *, is_ours: bool) -> object:
    stays_text = field.takes_text and isinstance(old, str) and isinstance(value, str)
    if stays_text or value is REMOVED:
        return value
    shaped = _shaped(value, field) if is_ours else value
    return typed({field.name: shaped}, Form((field,), Origin.schema)).get(field.name, REMOVED)


def _ours(value: object, old: object, field: Field) -> object:
    """Our own value; an empty list stands where a list must. What we could not read is not ours to take out."""
    if value not in _EMPTY:
        return _shaped(value, field)
    if old not in _EMPTY:
        return old
    return [] if field.required and field.kind is Kind.list else REMOVED


def _mended(value: object, field: Field) -> object:
    text = value.isoformat() if field.kind in _TEXTS and isinstance(value, date) else value
    return typed({field.name: text}, Form((field,), Origin.schema)).get(field.name, REMOVED)


def _shaped(value: object, field: Field) -> object:
    if field.kind in _TEXTS and isinstance(value, date):
        return value.isoformat()
    if field.kind in _TEXTS and isinstance(value, list):
        return ("/" if field.name in ("categories", "category") else ", ").join(map(str, value))
    if field.kind is Kind.list and isinstance(value, str):
        return [value]
    inner = next((each.name for each in field.fields if each.name in _INNER), None)
    return {inner: value} if inner and isinstance(value, str) else value
