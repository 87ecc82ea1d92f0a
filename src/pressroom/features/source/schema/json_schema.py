"""From the JSON schema that `astro sync` writes to a form.

Each collection has `.astro/collections/<collection>.schema.json`, made from the site's zod schema: draft-07 by Astro 5,
2020-12 by Astro 7. What it cannot say is told by the site's own text: which dates may be quoted and which strings are
pictures.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from math import isfinite
from typing import Any

from pressroom.features.source.schema.form import Field, Form, Kind, Origin

MAX_DEPTH = 8

_Node = Mapping[str, Any]
_DATE_FORMATS = {"date-time", "date", "unix-time"}
_SIMPLE = {"boolean": Kind.boolean, "number": Kind.number, "integer": Kind.number, "array": Kind.list}
_LONG_TEXT = {"description", "summary", "excerpt", "abstract"}


class UnreadableSchema(ValueError):
    """The file is no JSON schema of a collection."""


def form_from_json_schema(text: str, *, text_dates: Collection[str] = (), images: Collection[str] = ()) -> Form:
    """Reads a collection's schema; fields come in the order in which the site declares them.

    Raises:
        UnreadableSchema: not JSON, or no object with properties.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableSchema(f"It is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise UnreadableSchema("It is no JSON object.")
    reader = _Reader(document, text_dates=frozenset(text_dates), images=frozenset(images))
    fields = reader.members(document, depth=0)
    if not fields:
        raise UnreadableSchema("It names no fields.")
    return Form(fields, Origin.schema)


class _Reader:
    def __init__(self, document: _Node, *, text_dates: frozenset[str], images: frozenset[str]) -> None:
        self._document = document
        self._text_dates = text_dates
        self._images = images
        self._is_draft_07 = "draft-07" in str(document.get("$schema", ""))

    def members(self, node: _Node, *, depth: int) -> tuple[Field, ...]:
        """The fields of an object; of a union of objects, all of theirs, required where each requires them."""
        node = self._resolved(node)
        properties, required = self._properties(node)
        return tuple(
            self._field(name, each, required=name in required, depth=depth + 1)
            for name, each in properties.items()
            if name != "$schema" and isinstance(each, dict)
        )

    def _properties(self, node: _Node) -> tuple[dict[str, Any], set[str]]:
        own = node.get("properties")
        properties: dict[str, Any] = dict(own) if isinstance(own, dict) else {}
        required = {name for name in _list(node, "required") if isinstance(name, str)}
        for part in self._parts(node, "allOf"):
            inner, needed = self._properties(part)
            properties, required = _adding(properties, inner), required | needed
        choices = [self._properties(part) for part in self._parts(node, "anyOf", "oneOf")]
        for inner, _ in choices:
            properties = _adding(properties, inner)
        if choices:
            required |= set.intersection(*(needed for _, needed in choices))
        return properties, required

    def _parts(self, node: _Node, *keys: str) -> Iterator[_Node]:
        return (self._resolved(part) for key in keys for part in _list(node, key) if isinstance(part, dict))

    def _resolved(self, node: _Node) -> _Node:
        """What `$ref` leads to inside the document; a chain of them ends after a few steps."""
        for _ in range(MAX_DEPTH):
            reference = node.get("$ref")
            if not isinstance(reference, str) or not reference.startswith("#"):
                return node
            node = self._at(reference)
        return {}

    def _at(self, reference: str) -> _Node:
        found: Any = self._document
        for step in reference.removeprefix("#").split("/")[1:]:
            found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def _field(self, name: str, node: _Node, *, required: bool, depth: int) -> Field:
        outer, node = node, self._resolved(node)
        node, nullable = self._without_null(node)
        kind = self._kind(name, node) if depth <= MAX_DEPTH else Kind.any
        minimum, maximum = _bounds(node)
        return Field(
            name=name,
            kind=kind,
            required=required,
            default=node.get("default", outer.get("default")),
            values=_values(node) if kind is Kind.enum else (),
            help=str(outer.get("description", node.get("description", ""))),
            nullable=nullable,
            takes_text=kind is Kind.date and name in self._text_dates,
            is_whole=node.get("type") == "integer",
            is_address=node.get("format") == "uri",
            minimum=minimum,
            maximum=maximum,
            above=_number(node, "exclusiveMinimum"),
            below=_number(node, "exclusiveMaximum"),
            item=self._item(node, depth) if kind is Kind.list else None,
            fields=self.members(node, depth=depth) if kind is Kind.object else (),
        )

    def _without_null(self, node: _Node) -> tuple[_Node, bool]:
        """The node without the choice of `null`, and whether it had one."""
        types = node.get("type")
        if isinstance(types, list) and "null" in types:
            others = [each for each in types if each != "null"]
            return {**node, "type": others[0] if len(others) == 1 else others}, True
        choices = list(self._parts(node, "anyOf"))
        others_of = [each for each in choices if each.get("type") != "null"]
        if len(others_of) == len(choices):
            return node, False
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        return ({**others_of[0], **rest} if len(others_of) == 1 else {**rest, "anyOf": others_of}), True

    def _kind(self, name: str, node: _Node) -> Kind:
        if "enum" in node or "const" in node:
            return Kind.enum
        if self._is_date(node):
            return Kind.date
        type_ = node.get("type")
        if type_ == "object":
            return Kind.object if isinstance(node.get("properties"), dict) else Kind.any
        if type_ == "string":
            return self._string_kind(name)
        return _SIMPLE.get(type_, Kind.any) if isinstance(type_, str) else Kind.any

    def _string_kind(self, name: str) -> Kind:
        if name in self._images:
            return Kind.image
        return Kind.text if name in _LONG_TEXT else Kind.string

    def _is_date(self, node: _Node) -> bool:
        """Zod 3 writes a date as a choice of three formats; zod 4 as one, which text with a pattern has as well."""
        if choices := list(self._parts(node, "anyOf")):
            return all(_has_date(each) for each in choices)
        return _has_date(node) and "pattern" not in node and not self._is_draft_07

    def _item(self, node: _Node, depth: int) -> Field | None:
        items = node.get("items")
        return self._field("", items, required=False, depth=depth + 1) if isinstance(items, dict) else None


def _adding(properties: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """Both in the order of their declaration; of the same name the first."""
    return properties | {name: node for name, node in others.items() if name not in properties}


def _values(node: _Node) -> tuple[object, ...]:
    return tuple(node["enum"]) if isinstance(node.get("enum"), list) else (node.get("const"),)


def _bounds(node: _Node) -> tuple[float | None, float | None]:
    """The first of each kind of bound that the node has; zod gives a field one kind."""
    lower = next((_number(node, key) for key in ("minimum", "minLength", "minItems") if key in node), None)
    upper = next((_number(node, key) for key in ("maximum", "maxLength", "maxItems") if key in node), None)
    return lower, upper


def _has_date(node: _Node) -> bool:
    return str(node.get("format")) in _DATE_FORMATS


def _list(node: _Node, key: str) -> list[Any]:
    found = node.get(key)
    return found if isinstance(found, list) else []


def _number(node: _Node, key: str) -> float | None:
    """The number, as the site's author wrote it; JSON has none that is not finite."""
    found = node.get(key)
    return found if isinstance(found, int | float) and not isinstance(found, bool) and isfinite(found) else None
