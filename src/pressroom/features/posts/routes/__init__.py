"""The slice's routes, each mounted at its addresses."""

from copy import copy

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import compile_path

from pressroom.features.posts.deps import EDITORIAL, TOLERANT
from pressroom.features.posts.routes import editorial, history, public, states
from pressroom.kernel.http.json_body import StrictRoute


def routers() -> tuple[APIRouter, ...]:
    """Public reads, and the editorial routes twice: other programs know the second address."""
    writing = (editorial.router, states.router, history.router)
    return (public.router, *writing, *(_again(router) for router in writing))


def _again(router: APIRouter) -> APIRouter:
    """The same routes at `/api/admin/posts`, outside the OpenAPI document; they share what FastAPI made of each."""
    twin = APIRouter(route_class=StrictRoute)
    twin.routes.extend(_moved(route) for route in router.routes if isinstance(route, APIRoute))
    return twin


def _moved(route: APIRoute) -> APIRoute:
    moved = copy(route)
    moved.path = route.path.replace(EDITORIAL, TOLERANT, 1)
    moved.path_regex, moved.path_format, moved.param_convertors = compile_path(moved.path)
    moved.include_in_schema = False
    return moved
