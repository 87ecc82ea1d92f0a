"""Reading JSON bodies strictly: valid UTF-8, no lone surrogates, no NaN, no bottomless nesting."""

import re
from collections.abc import Callable, Coroutine
from json import JSONDecodeError
from typing import Any

import orjson
from fastapi import Request, Response, params
from fastapi.routing import APIRoute

from pressroom.kernel.errors import MalformedBody, UnsupportedMediaType
from pressroom.kernel.http.forms import check_form
from pressroom.kernel.settings import HttpSettings

JSON_SUFFIX = re.compile(r"application/[\w.-]+\+json")


class StrictRequest(Request):
    """A request whose JSON is parsed by orjson, within a depth."""

    async def json(self) -> Any:
        body = await self.body()
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise JSONDecodeError(error.msg, "", error.pos) from None
        limit = self.app.state.services.settings[HttpSettings].max_json_depth
        if _deeper_than(value, limit):
            raise MalformedBody(f"The body nests deeper than {limit} levels.")
        return value


class StrictRoute(APIRoute):
    """The route class of every router."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        expects_form = self.body_field is not None and isinstance(self.body_field.field_info, params.Form)
        expects_json = self.body_field is not None and not expects_form

        async def handle_strictly(request: Request) -> Response:
            if expects_json:
                _check_media_type(request)
            if expects_form:
                check_form(request)
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly


def _check_media_type(request: Request) -> None:
    headers = request.headers
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return  # nothing was sent; where something must be, FastAPI says so
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not JSON_SUFFIX.fullmatch(media_type):
        raise UnsupportedMediaType("Send JSON, with Content-Type: application/json.")


def _deeper_than(value: Any, limit: int) -> bool:
    layer = [value]
    for _ in range(limit):
        layer = [inner for item in layer for inner in _children(item)]
        if not layer:
            return False
    return True


def _children(item: Any) -> list[Any]:
    inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    return [child for child in inner if isinstance(child, (dict, list))]
