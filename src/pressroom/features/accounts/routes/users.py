"""People: oneself, and for those who run the publication, everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from pressroom.features.accounts.deps import (
    CurrentActor,
    CurrentCaller,
    DeviceDep,
    ProfileDep,
    RegistrationDep,
    UsersDep,
    at_least,
)
from pressroom.features.accounts.errors import (
    EmailTaken,
    InviteNotFound,
    LastOwner,
    PasswordRefused,
    RegistrationClosed,
    UserChanged,
    UsernameTaken,
    UserNotFound,
    WrongPassword,
)
from pressroom.features.accounts.models import User
from pressroom.features.accounts.names import fold
from pressroom.features.accounts.schemas import (
    Body,
    InviteBody,
    InviteOut,
    NewInviteOut,
    NewUserBody,
    ProfileBody,
    UserBody,
    UserOut,
    UsersQuery,
)
from pressroom.features.accounts.service.identity import NewPerson
from pressroom.features.accounts.service.people import UserFilter, get_user, list_users
from pressroom.features.accounts.service.posting import link_address
from pressroom.features.accounts.service.profile import ProfileChange
from pressroom.features.accounts.service.registration import list_invites
from pressroom.features.accounts.service.users import UserChange
from pressroom.kernel.auth import Role
from pressroom.kernel.errors import PreconditionRequired
from pressroom.kernel.http.deps import ReadingDep, ServicesDep
from pressroom.kernel.http.if_match import Seen
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.lists import page_meta
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.pagination import Listing, ListQuery
from pressroom.kernel.preconditions import etag

router = APIRouter(route_class=StrictRoute, prefix="/api/v1/users", tags=["people"])
admins = at_least(Role.admin)
UNSEEN = (UserChanged, PreconditionRequired)


VERSIONED = {"ETag": {"description": "The version", "schema": {"type": "string"}}}


def answer(response: Response, user: User) -> UserOut:
    """Somebody, with their version as the `ETag`."""
    response.headers["ETag"] = etag(user.version)
    return UserOut.model_validate(user)


@router.get("/me", operation_id="get_me", responses={200: {"headers": VERSIONED}})
async def get_me(caller: CurrentCaller, session: ReadingDep, response: Response) -> UserOut:
    """Who you are."""
    return answer(response, await get_user(session, caller.actor.id))


@router.patch(
    "/me",
    operation_id="update_me",
    responses={200: {"headers": VERSIONED}, **failures(WrongPassword, PasswordRefused, *UNSEEN)},
)
async def update_me(
    body: ProfileBody,
    caller: CurrentCaller,
    profile: ProfileDep,
    device: DeviceDep,
    wanted: Seen,
    response: Response,
) -> UserOut:
    """Changes your name, picture, address or password.

    A new address counts once the link mailed to it is opened; until then the answer shows the old one.
    A new password ends every session, this one too.
    """
    given = _given(body, clearable={"avatar_url"})
    values = {name: getattr(body, name) for name in given} | {"current_password": body.current_password or ""}
    user = await profile.change(caller, ProfileChange(given=given, **values), ip=device.ip, wanted=wanted)
    return answer(response, user)


@router.get("/invites", dependencies=[admins], operation_id="list_invites")
async def get_invites(
    query: Annotated[ListQuery, Query()],
    session: ReadingDep,
    services: ServicesDep,
    request: Request,
    response: Response,
) -> Listing[InviteOut]:
    """The invitations that can still be accepted, the newest first."""
    rows, total = await list_invites(services, session, limit=query.limit, offset=query.offset)
    meta = page_meta(request, response, query, total=total)
    return Listing(data=[InviteOut.model_validate(row) for row in rows], meta=meta)


@router.post(
    "/invites",
    status_code=201,
    dependencies=[admins],
    operation_id="create_invite",
    responses=failures(RegistrationClosed, EmailTaken),
)
async def create_invite(
    body: InviteBody, actor: CurrentActor, registration: RegistrationDep, services: ServicesDep
) -> NewInviteOut:
    """Invites somebody by mail, in place of an invitation they had before."""
    link = await registration.invite(actor, email=body.email, role=body.role)
    told = InviteOut.model_validate(link).model_dump()
    return NewInviteOut(**told, link=link_address(services, link))


@router.delete(
    "/invites/{invite_id}",
    status_code=204,
    dependencies=[admins],
    operation_id="delete_invite",
    responses=failures(InviteNotFound),
)
async def delete_invite(invite_id: UUID, actor: CurrentActor, registration: RegistrationDep) -> None:
    """Takes an invitation back."""
    await registration.withdraw_invite(actor, invite_id)


@router.get("", dependencies=[admins], operation_id="list_users")
async def all_users(
    query: Annotated[UsersQuery, Query()], session: ReadingDep, request: Request, response: Response
) -> Listing[UserOut]:
    """Everybody, deactivated people too."""
    wanted = UserFilter(q=fold(query.q or ""), role=query.role, is_active=query.is_active, sort=query.sort)
    rows, total = await list_users(session, wanted, limit=query.limit, offset=query.offset)
    meta = page_meta(request, response, query, total=total)
    return Listing(data=[UserOut.model_validate(row) for row in rows], meta=meta)


@router.post(
    "",
    status_code=201,
    dependencies=[admins],
    operation_id="create_user",
    responses=failures(UsernameTaken, EmailTaken, PasswordRefused),
)
async def create_user(body: NewUserBody, actor: CurrentActor, users: UsersDep, response: Response) -> UserOut:
    """Makes somebody whose role is at most yours."""
    person = NewPerson(body.username, body.email, body.role, body.display_name or "")
    user = await users.create(actor, person, password=body.password)
    response.headers["Location"] = f"/api/v1/users/{user.id}"
    return answer(response, user)


@router.get(
    "/{user_id}",
    dependencies=[admins],
    operation_id="get_user",
    responses={200: {"headers": VERSIONED}, **failures(UserNotFound)},
)
async def one_user(user_id: UUID, session: ReadingDep, response: Response) -> UserOut:
    """One person."""
    return answer(response, await get_user(session, user_id))


@router.patch(
    "/{user_id}",
    dependencies=[admins],
    operation_id="update_user",
    responses={
        200: {"headers": VERSIONED},
        **failures(UserNotFound, UsernameTaken, EmailTaken, LastOwner, PasswordRefused, *UNSEEN),
    },
)
async def update_user(
    user_id: UUID, body: UserBody, actor: CurrentActor, users: UsersDep, wanted: Seen, response: Response
) -> UserOut:
    """Changes somebody whose role is below yours. Another role, password or activity ends their sessions at once."""
    given = _given(body)
    change = UserChange(given=given, **{name: getattr(body, name) for name in given})
    return answer(response, await users.change(actor, user_id, change, wanted=wanted))


@router.delete(
    "/{user_id}",
    status_code=204,
    dependencies=[admins],
    operation_id="deactivate_user",
    responses=failures(UserNotFound, LastOwner),
)
async def deactivate_user(user_id: UUID, actor: CurrentActor, users: UsersDep) -> None:
    """Shuts somebody out at once. What they wrote stays; `PATCH` with `is_active: true` lets them in again."""
    await users.deactivate(actor, user_id)


def _given(body: Body, *, clearable: set[str] = frozenset()) -> frozenset[str]:  # type: ignore[assignment]  # an empty default
    named = body.model_fields_set - {"current_password"}
    return frozenset(name for name in named if name in clearable or getattr(body, name) is not None)
