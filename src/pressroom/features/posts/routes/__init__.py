"""The slice's routes, each mounted at its addresses."""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from pressroom.features.posts.deps import EDITORIAL, TOLERANT
from pressroom.features.posts.routes import editorial, history, public, states
from pressroom.kernel.http.json_body import StrictRoute


def routers() -> tuple[APIRouter, ...]:
    """Public reads, and the editorial routes twice: other programs know the second address."""
    writing = (editorial.router, states.router, history.router)
    return (public.router, *writing, *(_again(router) for router in writing))


def _again(router: APIRouter) -> APIRouter:
    """The same routes at `/api/admin/posts`, outside the OpenAPI document."""
    twin = APIRouter(route_class=StrictRoute)
    for route in router.routes:
        if isinstance(route, APIRoute):
            twin.add_api_route(
                route.path.replace(EDITORIAL, TOLERANT, 1),
                route.endpoint,
                methods=sorted(route.methods or ()),
                status_code=route.status_code,
                response_model=route.response_model,
                dependencies=route.dependencies,
                include_in_schema=False,
            )
    return twin
