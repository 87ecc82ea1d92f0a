"""A draft as readers would see it, behind a signed link that expires. No release holds it."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Path, Response

from pressroom.features.posts import press as published
from pressroom.features.posts.errors import PreviewExpired, PreviewNotFound
from pressroom.features.posts.service.previews import check_preview_token
from pressroom.kernel.http.access import anyone
from pressroom.kernel.http.deps import ReadingDep, ServicesDep
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.http.security import SITE_POLICY
from pressroom.kernel.services import Services

router = APIRouter(prefix="/preview", route_class=StrictRoute, tags=["site"])
HEADERS = {
    "Content-Security-Policy": SITE_POLICY,
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}


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
    card, body = await published.as_if_published(session, post_id, services.clock.now())
    page = await anyio.to_thread.run_sync(_render, services, card, body)
    return Response(page, media_type="text/html; charset=utf-8", headers=HEADERS)


def _render(services: Services, card: published.PublicCard, body: published.PublicBody) -> bytes:
    from pressroom.features.site.cards import to_body, to_card  # noqa: PLC0415  # the generator is heavy
    from pressroom.features.site.workshop import workshop  # noqa: PLC0415  # the generator is heavy

    return workshop(services).press.preview(to_card(card), to_body(body))
