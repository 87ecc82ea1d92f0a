"""Serves the viewers and their files."""

import re
from gzip import decompress

from anyio import Path as AsyncPath
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from pressroom.kernel.http.viewers.pages import VIEWERS, Viewer

FOR_EVER = "public, max-age=31536000, immutable"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)


def viewer_routes(openapi_url: str = "/openapi.json") -> list[Route]:
    """A page and its files for every viewer: `/docs`, `/redoc` and `/{viewer}/assets/{digest}/{file}`.

    Pages carry their own Content-Security-Policy, which must not be replaced by a general one.
    """
    return [route for viewer in VIEWERS for route in _routes_of(viewer, openapi_url)]


def _routes_of(viewer: Viewer, openapi_url: str) -> list[Route]:
    async def page(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        headers = {"Content-Security-Policy": viewer.policy, "Cache-Control": "no-cache"}
        return HTMLResponse(viewer.page(root=root, document=openapi_url), headers=headers)

    async def asset(request: Request) -> Response:
        return await _asset(viewer, request)

    return [
        Route(f"/{viewer.name}", page, name=viewer.name),
        Route(f"/{viewer.name}/assets/{{digest}}/{{file}}", asset, name=f"{viewer.name}-assets"),
    ]


async def _asset(viewer: Viewer, request: Request) -> Response:
    path = viewer.assets.get(request.path_params["file"])
    if path is None or request.path_params["digest"] != viewer.digest:
        raise HTTPException(404)
    name = path.name.removesuffix(".gz")
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    media_type = MEDIA_TYPES[name[name.rindex(".") :]]
    if name == path.name:
        return FileResponse(path, headers=headers, media_type=media_type)
    if ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", "")):
        return FileResponse(path, headers={**headers, "Content-Encoding": "gzip"}, media_type=media_type)
    return Response(decompress(await AsyncPath(path).read_bytes()), headers=headers, media_type=media_type)
