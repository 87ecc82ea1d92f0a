"""Signing in and out, sessions, registering, and getting back in."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from pressroom.features.accounts.deps import (
    CurrentCaller,
    DeviceDep,
    RecoveryDep,
    RegistrationDep,
    SessionsDep,
    SignInDep,
)
from pressroom.features.accounts.errors import (
    EmailTaken,
    InvalidCredentials,
    LinkDead,
    PasswordRefused,
    RegistrationClosed,
    SessionEnded,
    SessionNotFound,
    UsernameTaken,
)
from pressroom.features.accounts.schemas import (
    NO_NUL,
    AcceptedOut,
    ConfirmBody,
    ForgotBody,
    RefreshBody,
    RegisterBody,
    RegisteredOut,
    ResetBody,
    SessionOut,
    SignInBody,
    TokensOut,
    UserOut,
)
from pressroom.features.accounts.service.people import get_user
from pressroom.features.accounts.service.registration import Registering
from pressroom.features.accounts.service.sessions import Tokens, list_sessions
from pressroom.kernel.errors import InvalidRequest
from pressroom.kernel.http.access import anyone
from pressroom.kernel.http.deps import ReadingDep, ServicesDep
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.lists import page_meta
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.pagination import Listing, ListQuery

token_router = APIRouter(route_class=StrictRoute, tags=["sign-in"])
router = APIRouter(route_class=StrictRoute, prefix="/api/v1/auth", tags=["sign-in"])


@dataclass(frozen=True)
class PasswordForm:
    """The OAuth2 password form. What else a client puts in (`scope`, `client_id` …) changes nothing."""

    username: Annotated[str, Form(min_length=1, max_length=254, pattern=NO_NUL)]
    password: Annotated[str, Form(min_length=1, max_length=1024, pattern=NO_NUL)]
    grant_type: Annotated[Literal["password"], Form()] = "password"


@token_router.post("/token", dependencies=[anyone], operation_id="create_token", responses=failures(InvalidCredentials))
async def create_token(form: Annotated[PasswordForm, Depends()], sign_in: SignInDep, device: DeviceDep) -> TokensOut:
    """Signs in with the OAuth2 password form; `username` may be the email address."""
    return _out(await sign_in.with_password(form.username, form.password, device=device))


@router.post("/login", dependencies=[anyone], operation_id="log_in", responses=failures(InvalidCredentials))
async def log_in(body: SignInBody, sign_in: SignInDep, device: DeviceDep) -> TokensOut:
    """Signs in with JSON."""
    return _out(await sign_in.with_password(body.username, body.password, device=device))


@router.post("/refresh", dependencies=[anyone], operation_id="refresh_token", responses=failures(SessionEnded))
async def refresh(body: RefreshBody, sessions: SessionsDep, device: DeviceDep) -> TokensOut:
    """Exchanges a refresh token for new tokens. Each works once; using one again ends the session."""
    return _out(await sessions.refresh(body.refresh_token, device=device))


@router.post("/logout", status_code=204, operation_id="log_out")
async def log_out(caller: CurrentCaller, sessions: SessionsDep) -> None:
    """Ends this session, its access token included."""
    await sessions.end_current(caller)


@router.get("/me", operation_id="get_signed_in")
async def get_signed_in(caller: CurrentCaller, session: ReadingDep) -> UserOut:
    """Who you are; the same as `/api/v1/users/me`."""
    return UserOut.model_validate(await get_user(session, caller.actor.id))


@router.get("/sessions", operation_id="list_sessions")
async def get_sessions(
    query: Annotated[ListQuery, Query()],
    caller: CurrentCaller,
    session: ReadingDep,
    services: ServicesDep,
    request: Request,
    response: Response,
) -> Listing[SessionOut]:
    """Where you are signed in, the most recently used first."""
    found = await list_sessions(session, caller, now=services.clock.now())
    page = found[query.offset : query.offset + query.limit]
    meta = page_meta(request, response, query, total=len(found))
    return Listing(data=[SessionOut.model_validate(one) for one in page], meta=meta)


@router.delete("/sessions", status_code=204, operation_id="end_other_sessions")
async def end_other_sessions(caller: CurrentCaller, sessions: SessionsDep) -> None:
    """Ends every session of yours but this one."""
    await sessions.end_others(caller)


@router.delete(
    "/sessions/{session_id}", status_code=204, operation_id="end_session", responses=failures(SessionNotFound)
)
async def end_session(session_id: UUID, caller: CurrentCaller, sessions: SessionsDep) -> None:
    """Ends one of your sessions at once."""
    await sessions.end(caller.actor.id, session_id)


@router.post(
    "/register",
    status_code=202,
    dependencies=[anyone],
    operation_id="register",
    responses={
        201: {"model": RegisteredOut, "description": "The invitation was accepted; sign in"},
        **failures(RegistrationClosed, UsernameTaken, EmailTaken, LinkDead, PasswordRefused),
    },
)
async def register(
    body: RegisterBody, registration: RegistrationDep, device: DeviceDep, response: Response
) -> RegisteredOut:
    """Asks for an account. Without an invitation the answer never tells whether the address is known."""
    wanted = Registering(body.username, body.password, body.display_name or "", body.email or "")
    if body.invite is not None:
        await registration.accept_invite(body.invite, wanted)
        response.status_code = 201
        return RegisteredOut(state="created")
    if body.email is None:
        raise InvalidRequest("Check: /email.", details={"fields": [_missing_email()]})
    await registration.register(wanted, ip=device.ip)
    return RegisteredOut(state="check_your_mail")


@router.post("/password/forgot", status_code=202, dependencies=[anyone], operation_id="forget_password")
async def forget_password(body: ForgotBody, recovery: RecoveryDep, device: DeviceDep) -> AcceptedOut:
    """Mails a link for a new password, if somebody has this address. The answer is the same if nobody has."""
    await recovery.forgot(body.email, ip=device.ip)
    return AcceptedOut()


@router.post(
    "/password/reset",
    status_code=204,
    dependencies=[anyone],
    operation_id="reset_password",
    responses=failures(LinkDead, PasswordRefused),
)
async def reset_password(body: ResetBody, recovery: RecoveryDep, device: DeviceDep) -> None:
    """Sets a new password by a mailed link, and ends every session."""
    await recovery.reset(body.token, body.password, ip=device.ip)


@router.post(
    "/email/verify",
    status_code=204,
    dependencies=[anyone],
    operation_id="verify_email",
    responses=failures(LinkDead, RegistrationClosed, UsernameTaken, EmailTaken),
)
async def verify_email(body: ConfirmBody, registration: RegistrationDep) -> None:
    """Confirms an address by the token of a mailed link: of a new account, or the new one of an account."""
    await registration.confirm(body.token)


def _out(tokens: Tokens) -> TokensOut:
    return TokensOut.model_validate(tokens)


def _missing_email() -> dict[str, str]:
    return {"in": "body", "pointer": "/email", "message": "Needed without an invitation.", "type": "missing"}
