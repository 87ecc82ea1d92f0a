"""What a site wants in the front matter of its posts, and whether it is there."""

from pressroom.features.source.schema.default import DEFAULT_FORM
from pressroom.features.source.schema.form import Field, Form, Kind, Origin
from pressroom.features.source.schema.inferring import infer_form
from pressroom.features.source.schema.json_schema import UnreadableSchema, form_from_json_schema
from pressroom.features.source.schema.validation import Problem, typed, validate

__all__ = [
    "DEFAULT_FORM",
    "Field",
    "Form",
    "Kind",
    "Origin",
    "Problem",
    "UnreadableSchema",
    "form_from_json_schema",
    "infer_form",
    "typed",
    "validate",
]
