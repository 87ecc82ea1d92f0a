"""The schema that `astro sync` writes becomes a form; the samples are what Astro 5 and 7 wrote."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.features.source.describing import describe
from pressroom.features.source.forms import SiteForm
from pressroom.features.source.schema import (
    Field,
    Form,
    Kind,
    Origin,
    UnreadableSchema,
    form_from_json_schema,
    validate,
)

DATE = {
    "anyOf": [
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "date"},
        {"type": "integer", "format": "unix-time"},
    ]
}


def schema(properties: dict[str, Any], required: tuple[str, ...] = (), **more: Any) -> str:
    posts = {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
    return json.dumps({"$ref": "#/definitions/posts", "definitions": {"posts": posts | more}})


def form(properties: dict[str, Any], required: tuple[str, ...] = (), **told: Any) -> Form:
    return form_from_json_schema(schema(properties, required), **told)


KINDS: dict[str, tuple[dict[str, Any], Field]] = {
    "z.string()": ({"type": "string"}, Field("x", Kind.string)),
    "z.string().min(1).max(60)": (
        {"type": "string", "minLength": 1, "maxLength": 60},
        Field("x", Kind.string, minimum=1, maximum=60),
    ),
    "z.string().url()": ({"type": "string", "format": "uri"}, Field("x", Kind.string, is_address=True)),
    "z.date()": (DATE, Field("x", Kind.date)),
    "z.number().int().positive()": (
        {"type": "integer", "exclusiveMinimum": 0},
        Field("x", Kind.number, is_whole=True, above=0),
    ),
    "z.boolean().default(false)": ({"type": "boolean", "default": False}, Field("x", Kind.boolean, default=False)),
    "z.array(z.string()).default([])": (
        {"type": "array", "items": {"type": "string"}, "default": []},
        Field("x", Kind.list, default=[], item=Field("", Kind.string)),
    ),
    "z.enum(…).describe(…)": (
        {"type": "string", "enum": ["easy", "hard"], "default": "easy", "description": "How hard it is"},
        Field("x", Kind.enum, values=("easy", "hard"), default="easy", help="How hard it is"),
    ),
    "z.literal('a')": ({"type": "string", "const": "a"}, Field("x", Kind.enum, values=("a",))),
    "z.string().nullable()": ({"type": ["string", "null"]}, Field("x", Kind.string, nullable=True)),
    "z.date().nullable()": ({"anyOf": [DATE, {"type": "null"}]}, Field("x", Kind.date, nullable=True)),
    "z.union([z.string(), z.number()])": ({"type": ["string", "number"]}, Field("x", Kind.any)),
    "z.record(z.string())": ({"type": "object", "additionalProperties": {"type": "string"}}, Field("x", Kind.any)),
    "z.object({…})": (
        {"type": "object", "properties": {"time": {"type": "number"}}, "required": ["time"]},
        Field("x", Kind.object, fields=(Field("time", Kind.number, required=True),)),
    ),
}


@pytest.mark.parametrize("zod", KINDS)
def test_each_kind_of_field_is_known(zod: str) -> None:
    node, expected = KINDS[zod]
    assert form({"x": node}).fields == (expected,)


TEXT_OF_A_TIME = {"type": "string", "format": "date-time"}


def test_zod_4_writes_a_date_as_zod_3_writes_a_text() -> None:
    properties = {"made": TEXT_OF_A_TIME, "text": TEXT_OF_A_TIME | {"pattern": "^.*$"}}
    newer = {"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": properties}
    older = newer | {"$schema": "http://json-schema.org/draft-07/schema#"}
    kinds = [[field.kind for field in form_from_json_schema(json.dumps(each)).fields] for each in (newer, older)]
    assert kinds == [[Kind.date, Kind.string], [Kind.string, Kind.string]]


def test_fields_keep_their_order_and_say_whether_they_are_required() -> None:
    found = form({"title": {"type": "string"}, "published": DATE, "$schema": {"type": "string"}}, ("published",))
    assert [(field.name, field.required) for field in found.fields] == [("title", False), ("published", True)]
    assert found.origin is Origin.schema


def test_what_the_schema_cannot_say_is_taken_from_the_site() -> None:
    found = form({"updated": DATE, "cover": {"type": "string"}}, text_dates=["updated"], images=["cover"])
    assert found.fields == (Field("updated", Kind.date, takes_text=True), Field("cover", Kind.image))


def test_a_part_used_twice_is_a_reference_to_the_first() -> None:
    found = form({"made": DATE, "changed": {"$ref": "#/definitions/posts/properties/made"}})
    assert [field.kind for field in found.fields] == [Kind.date, Kind.date]


def test_parts_that_belong_together_are_one_form() -> None:
    parts = [
        {"properties": {"title": {"type": "string"}}, "required": ["title"]},
        {"anyOf": [{"properties": {"a": {"type": "string"}}, "required": ["a"]}, {"properties": {"b": DATE}}]},
    ]
    found = form_from_json_schema(json.dumps({"allOf": parts}))
    assert [(field.name, field.required) for field in found.fields] == [("title", True), ("a", False), ("b", False)]


def test_a_schema_that_holds_itself_ends() -> None:
    found = form({"child": {"$ref": "#/definitions/posts"}, "loop": {"$ref": "#/definitions/posts/properties/loop"}})
    assert [field.kind for field in found.fields] == [Kind.object, Kind.any]


_ANY = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.floats(), st.text(max_size=3))
_WORDS = ["type", "properties", "required", "anyOf", "allOf", "oneOf", "items", "enum", "const", "default", "format"]
_MORE = ["$ref", "definitions", "minimum", "maxLength", "exclusiveMinimum", "description", "posts", "x", "$schema"]
_LIKELY = st.sampled_from(["object", "array", "string", "null", "date", "uri", "#", "#/definitions/posts", "x"])
_JSON = st.recursive(
    st.one_of(_ANY, _LIKELY),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(_WORDS + _MORE), inner, max_size=5)
    ),
    max_leaves=25,
)


@settings(max_examples=500, deadline=None)
@given(node=_JSON, front=_JSON)
def test_whatever_stands_in_the_file_is_a_form_or_is_refused(node: Any, front: Any) -> None:
    try:
        found = form_from_json_schema(json.dumps({"properties": {"x": node, "posts": front}, **as_object(node)}))
    except UnreadableSchema:
        return
    describe(SiteForm(found, binds=True)).model_dump_json()
    validate(as_object(front), found)
    validate({"x": front}, found)


def as_object(node: Any) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "1", "{}", '{"$ref": "#/nowhere"}', '{"properties": 3}', "[" * 100_000]
)
def test_what_is_no_schema_is_refused(text: str) -> None:
    with pytest.raises(UnreadableSchema):
        form_from_json_schema(text)
