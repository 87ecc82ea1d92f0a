"""A draft as readers would see it, behind a signed link that expires. No release holds it."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import anyio.to_thread
from fastapi import APIRouter, Path, Response
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts import press as published
from pressroom.features.posts.errors import PreviewExpired, PreviewNotFound
from pressroom.features.posts.service.previews import check_preview_token
from pressroom.features.site.serving.media_types import media_type
from pressroom.kernel.http.access import anyone
from pressroom.kernel.http.deps import ReadingDep, ServicesDep
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.http.security import SITE_POLICY
from pressroom.kernel.services import Services

if TYPE_CHECKING:
    from pressroom.features.site.beside_draft import BesideDraft

router = APIRouter(prefix="/preview", route_class=StrictRoute, tags=["site"])
HEADERS = {
    "Content-Security-Policy": SITE_POLICY,
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}
# An SVG that somebody opens by itself runs nothing.
ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@router.get(
    "/{token}",
    dependencies=[anyone],
    operation_id="preview_post",
    response_class=Response,
    responses={
        200: {"description": "The draft's page", "content": {"text/html": {}}},
        **failures(PreviewExpired, PreviewNotFound),
    },
)
async def preview_post(
    token: Annotated[str, Path(max_length=500)], services: ServicesDep, session: ReadingDep
) -> Response:
    """The draft behind a preview link, as it stands now. Whoever has the link may look."""
    post_id = check_preview_token(services, token)
    card, body = await published.as_if_published(services, post_id)
    if beside := await _beside(session, post_id):
        card, body = beside.shown(card, body, f"{router.prefix}/{token}/beside")
    page = await anyio.to_thread.run_sync(_render, services, card, body)
    return Response(page, media_type="text/html; charset=utf-8", headers=HEADERS)


@router.get(
    "/{token}/beside/{place:path}",
    dependencies=[anyone],
    operation_id="preview_picture",
    response_class=Response,
    responses={
        200: {"description": "A picture, sound or film beside the draft", "content": {"image/*": {}}},
        **failures(PreviewExpired, PreviewNotFound),
    },
)
async def preview_picture(
    token: Annotated[str, Path(max_length=500)],
    place: Annotated[str, Path(max_length=2000)],
    services: ServicesDep,
    session: ReadingDep,
) -> Response:
    """A file that the draft behind a preview link shows, and no other."""
    post_id = check_preview_token(services, token)
    card, body = await published.as_if_published(services, post_id)
    beside = await _beside(session, post_id)
    data = await anyio.to_thread.run_sync(beside.read, card, body, place) if beside else None
    if data is None:
        raise PreviewNotFound
    return Response(
        data, media_type=media_type(place, data[:512]), headers=HEADERS | {"Content-Security-Policy": ALONE}
    )


async def _beside(session: AsyncSession, post_id: UUID) -> "BesideDraft | None":
    from pressroom.features.site.beside_draft import find_beside  # noqa: PLC0415  # it loads what reads folders

    return await find_beside(session, post_id)


def _render(services: Services, card: published.PublicCard, body: published.PublicBody) -> bytes:
    from pressroom.features.site.cards import to_body, to_card  # noqa: PLC0415  # the generator is heavy
    from pressroom.features.site.workshop import workshop  # noqa: PLC0415  # the generator is heavy

    return workshop(services).press.preview(to_card(card), to_body(body))
