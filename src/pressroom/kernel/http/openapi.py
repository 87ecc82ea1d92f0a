"""The OpenAPI document: what FastAPI makes, with the failures that any operation shares."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from pressroom.kernel.errors import (
    AppError,
    BadRequest,
    BodyTooLarge,
    DatabaseBusy,
    DatabaseFull,
    DatabaseUnavailable,
    InvalidRequest,
    MalformedBody,
    NotPermitted,
    NotSignedIn,
    RequestTimedOut,
    TooManyRequests,
    UnsupportedMediaType,
)
from pressroom.kernel.http.problem import CONTENT_TYPE
from pressroom.kernel.http.schemas import Problem, failures

EVERYWHERE: tuple[type[AppError], ...] = (
    BadRequest,
    MalformedBody,
    BodyTooLarge,
    InvalidRequest,
    TooManyRequests,
    DatabaseBusy,
    DatabaseUnavailable,
    DatabaseFull,
    RequestTimedOut,
)
SIGNED_IN: tuple[type[AppError], ...] = (NotSignedIn, NotPermitted)
DESCRIPTION = "Write, publish and read: the interface of a Pressroom publication."


def document(app: FastAPI, version: str) -> dict[str, Any]:
    """The document, with one error shape everywhere."""
    made = get_openapi(
        title="Pressroom",
        version=version,
        description=DESCRIPTION,
        routes=app.routes,
        openapi_version="3.1.0",
    )
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_problem_schemas())
    for path in made["paths"].values():
        for operation in path.values():
            _share_failures(operation)
            operation["operationId"] = operation["operationId"].replace("_", "-")  # viewers link by it
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    return made


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def _share_failures(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if "application/json" in responses.get("422", {}).get("content", {}):
        del responses["422"]
    shared = EVERYWHERE + (SIGNED_IN if operation.get("security") else ())
    if "requestBody" in operation:
        shared += (UnsupportedMediaType,)
    for status, response in failures(*shared).items():
        told = responses.setdefault(str(status), {"description": "", "content": {}})
        told["description"] = "; ".join(filter(None, (told["description"], response["description"])))
        told["content"] = {**told.get("content", {}), CONTENT_TYPE: response["content"][CONTENT_TYPE]}
