"""Reading JSON bodies strictly: valid UTF-8, no lone surrogates, no NaN, no bottomless nesting."""

from collections.abc import Callable, Coroutine
from json import JSONDecodeError
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute

from pressroom.kernel.errors import MalformedBody
from pressroom.kernel.settings import HttpSettings


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

        async def handle_strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly


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
