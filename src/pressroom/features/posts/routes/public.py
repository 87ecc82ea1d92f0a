"""Public reads: the same for everybody, made once for each public revision."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from pressroom.features.posts.deps import PublicDep, Slug
from pressroom.features.posts.errors import PostNotFound, SearchTooLong
from pressroom.features.posts.public import Listed, Moved, encode
from pressroom.features.posts.public_answers import Categories, PublicCard, PublicPost, SearchHit, TagOut
from pressroom.features.posts.queries import PublicQuery, RelatedQuery, SearchQuery
from pressroom.kernel.errors import InvalidCursor
from pressroom.kernel.http.access import anyone
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.lists import page_meta
from pressroom.kernel.http.read_side import public_answer
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.pagination import Listing, ListQuery, WholeListQuery

router = APIRouter(route_class=StrictRoute, prefix="/api/v1", tags=["posts"], dependencies=[anyone, public_answer])
PERMANENT = 308
LINK = {"Link": {"description": "The next page", "schema": {"type": "string"}}}


@router.get(
    "/posts",
    operation_id="list_posts",
    response_model=Listing[PublicCard],
    responses={200: {"headers": LINK}, **failures(InvalidCursor, SearchTooLong)},
)
async def list_posts(
    request: Request, response: Response, posts: PublicDep, query: Annotated[PublicQuery, Query()]
) -> Response:
    """Published posts without their words."""
    found = await posts.list(query.wanted(), limit=query.limit, offset=query.offset)
    return _page(request, response, query, found)


@router.get(
    "/posts/{slug}",
    operation_id="get_post",
    response_model=PublicPost,
    responses={
        PERMANENT: {
            "description": "The post has another address now",
            "headers": {"Location": {"description": "Where it is", "schema": {"type": "string"}}},
        },
        **failures(PostNotFound),
    },
)
async def get_post(slug: Slug, response: Response, posts: PublicDep) -> Response:
    """One published post. Members' posts come without their words."""
    found = await posts.get(slug)
    if isinstance(found, Moved):
        return Response(status_code=PERMANENT, headers={"Location": f"/api/v1/posts/{quote(found.slug)}"})
    return _json(response, found)


@router.get(
    "/posts/{slug}/related",
    operation_id="list_related_posts",
    response_model=Listing[PublicCard],
    responses=failures(PostNotFound),
)
async def list_related_posts(
    request: Request, slug: Slug, response: Response, posts: PublicDep, query: Annotated[RelatedQuery, Query()]
) -> Response:
    """Posts that share tags or categories with this one, the closest first."""
    found = await posts.related(slug, limit=query.limit)
    return _page(request, response, ListQuery(limit=query.limit), found)


@router.get("/tags", operation_id="list_tags", response_model=Listing[TagOut], responses={200: {"headers": LINK}})
async def list_tags(
    request: Request, response: Response, posts: PublicDep, query: Annotated[ListQuery, Query()]
) -> Response:
    """Tags of published posts, the most used first."""
    return _page(request, response, query, await posts.tags(limit=query.limit, offset=query.offset))


@router.get("/categories", operation_id="list_categories", response_model=Categories)
async def list_categories(response: Response, posts: PublicDep, query: Annotated[WholeListQuery, Query()]) -> Response:
    """Both levels of categories, with the number of published posts in each."""
    del query
    return _json(response, {"data": await posts.categories()})


@router.get(
    "/search",
    operation_id="search_posts",
    response_model=Listing[SearchHit],
    responses={200: {"headers": LINK}, **failures(SearchTooLong)},
)
async def search_posts(
    request: Request, response: Response, posts: PublicDep, query: Annotated[SearchQuery, Query()]
) -> Response:
    """Published posts that answer a search, the best first, each with the place that does."""
    found = await posts.search(query.q, limit=query.limit, offset=query.offset)
    return _page(request, response, query, found)


def _page(request: Request, response: Response, query: ListQuery, found: Listed) -> Response:
    meta = page_meta(request, response, query, total=found.total, cursor=found.next)
    return _json(response, {"data": found.data, "meta": meta.model_dump()})


def _json(response: Response, value: Any) -> Response:
    """The bytes themselves, with the headers that the dependencies have set."""
    return Response(encode(value), media_type="application/json", headers=dict(response.headers))
