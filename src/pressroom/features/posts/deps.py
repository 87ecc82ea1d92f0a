"""What the slice's routes ask for."""

from typing import Annotated

from fastapi import Depends, Path, Request

from pressroom.features.posts.manuscripts import Manuscripts, manuscripts_for_reading
from pressroom.features.posts.public import PublicPosts
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.drafts import Drafts
from pressroom.features.posts.service.publishing import Publishing
from pressroom.features.posts.service.shelf import Shelf
from pressroom.features.posts.service.trash import Trash
from pressroom.features.posts.service.typesetting import Typesetting
from pressroom.features.posts.service.versions import Restoring, Versions
from pressroom.features.posts.service.writing import Writing
from pressroom.kernel.http.deps import ReadingDep, ServicesDep, UnitDep
from pressroom.kernel.http.if_match import IfMatch, said
from pressroom.kernel.preconditions import Precondition

EDITORIAL = "/api/v1/admin/posts"
TOLERANT = "/api/admin/posts"
REF = r"^[^\x00/]+$"

Ref = Annotated[str, Path(max_length=100, pattern=REF, description="The post's id, or its address")]
Slug = Annotated[str, Path(max_length=100, pattern=REF, description="The post's address")]
Number = Annotated[int, Path(ge=1, le=2_147_483_647, description="The version")]


async def seen(request: Request, wanted: IfMatch) -> Precondition:
    """What the writer saw, which must be said everywhere but at `/api/admin/posts`."""
    return said(wanted) if is_strict(request) else wanted


def is_strict(request: Request) -> bool:
    """Whether a precondition may not be left out at this address."""
    return not request.url.path.startswith(TOLERANT)


async def get_desk(services: ServicesDep, unit: UnitDep) -> Desk:
    return Desk(services, unit)


DeskDep = Annotated[Desk, Depends(get_desk)]


async def get_writing(desk: DeskDep) -> Writing:
    return Writing(desk)


async def get_publishing(desk: DeskDep) -> Publishing:
    return Publishing(desk, Writing(desk))


async def get_restoring(desk: DeskDep) -> Restoring:
    return Restoring(desk, Writing(desk))


async def get_trash(desk: DeskDep) -> Trash:
    return Trash(desk)


async def get_drafts(desk: DeskDep) -> Drafts:
    return Drafts(desk)


async def get_shelf(session: ReadingDep, services: ServicesDep) -> Shelf:
    return Shelf(session, Typesetting(services))


async def get_where(services: ServicesDep, session: ReadingDep) -> Manuscripts:
    return manuscripts_for_reading(services, session)


async def get_versions(session: ReadingDep) -> Versions:
    return Versions(session)


async def get_public(services: ServicesDep) -> PublicPosts:
    return PublicPosts(services)


Seen = Annotated[Precondition, Depends(seen)]
WritingDep = Annotated[Writing, Depends(get_writing)]
PublishingDep = Annotated[Publishing, Depends(get_publishing)]
RestoringDep = Annotated[Restoring, Depends(get_restoring)]
TrashDep = Annotated[Trash, Depends(get_trash)]
DraftsDep = Annotated[Drafts, Depends(get_drafts)]
ShelfDep = Annotated[Shelf, Depends(get_shelf)]
WhereDep = Annotated[Manuscripts, Depends(get_where)]
VersionsDep = Annotated[Versions, Depends(get_versions)]
PublicDep = Annotated[PublicPosts, Depends(get_public)]
