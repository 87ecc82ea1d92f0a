"""What routes ask the accounts slice: who is it, and may they come in?"""

from typing import Annotated

from fastapi import Depends, Request, params
from fastapi.security import OAuth2PasswordBearer

from pressroom.features.accounts.service.authentication import Caller, local_caller, signed_in_caller
from pressroom.features.accounts.service.profile import Profile
from pressroom.features.accounts.service.recovery import Recovery
from pressroom.features.accounts.service.registration import Registration
from pressroom.features.accounts.service.sessions import Device, Sessions
from pressroom.features.accounts.service.sign_in import SignIn
from pressroom.features.accounts.service.users import UserAdministration
from pressroom.kernel.auth import Actor, Role
from pressroom.kernel.errors import NotPermitted, NotSignedIn
from pressroom.kernel.http.deps import ServicesDep, UnitDep, services_of

bearer = OAuth2PasswordBearer(tokenUrl="/token", auto_error=False)
LONGEST_AGENT = 300
INVALID = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


async def find_caller(request: Request, token: Annotated[str | None, Depends(bearer)]) -> Caller | None:
    """Who sent the request; `None` without a token. A token that is no good is refused, never ignored."""
    services = services_of(request)
    if services.local:
        return await local_caller(services)
    if token is None:
        return None
    caller = await signed_in_caller(services, token)
    if caller is None:
        raise NotSignedIn("Your session has ended, or this token is not one of ours. Sign in again.", headers=INVALID)
    return caller


MaybeCaller = Annotated[Caller | None, Depends(find_caller)]


def _known(caller: Caller | None) -> Caller:
    if caller is None:
        raise NotSignedIn
    return caller


class SignedIn:
    """Lets in whoever is signed in."""

    states_access = "signed in"

    async def __call__(self, caller: MaybeCaller) -> Caller:
        return _known(caller)


signed_in = Depends(SignedIn())
CurrentCaller = Annotated[Caller, signed_in]


class AtLeast:
    """Lets in whoever has this role or a higher one."""

    def __init__(self, role: Role) -> None:
        self.states_access = role.value
        self._role = role

    async def __call__(self, caller: MaybeCaller) -> Actor:
        actor = _known(caller).actor
        if not actor.is_at_least(self._role):
            raise NotPermitted(f"This needs the role {self._role} or a higher one; yours is {actor.role}.")
        return actor


def at_least(role: Role) -> params.Depends:
    """For `dependencies=[at_least(Role.editor)]`: 401 without sign-in, 403 with a lower role."""
    return params.Depends(AtLeast(role))


async def _actor(caller: MaybeCaller) -> Actor:
    return _known(caller).actor


async def _maybe_actor(caller: MaybeCaller) -> Actor | None:
    return None if caller is None else caller.actor


CurrentActor = Annotated[Actor, Depends(_actor)]
MaybeActor = Annotated[Actor | None, Depends(_maybe_actor)]


async def _device(request: Request) -> Device:
    agent = request.headers.get("user-agent", "")
    shown = "".join(character for character in agent if character.isprintable())
    return Device(ip=str(request.scope.get("client_address", ""))[:64], user_agent=shown[:LONGEST_AGENT])


async def _sign_in(services: ServicesDep, unit: UnitDep) -> SignIn:
    return SignIn(services, unit)


async def _sessions(services: ServicesDep, unit: UnitDep) -> Sessions:
    return Sessions(services, unit)


async def _registration(services: ServicesDep, unit: UnitDep) -> Registration:
    return Registration(services, unit)


async def _recovery(services: ServicesDep, unit: UnitDep) -> Recovery:
    return Recovery(services, unit)


async def _profile(services: ServicesDep, unit: UnitDep) -> Profile:
    return Profile(services, unit)


async def _users(services: ServicesDep, unit: UnitDep) -> UserAdministration:
    return UserAdministration(services, unit)


DeviceDep = Annotated[Device, Depends(_device)]
SignInDep = Annotated[SignIn, Depends(_sign_in)]
SessionsDep = Annotated[Sessions, Depends(_sessions)]
RegistrationDep = Annotated[Registration, Depends(_registration)]
RecoveryDep = Annotated[Recovery, Depends(_recovery)]
ProfileDep = Annotated[Profile, Depends(_profile)]
UsersDep = Annotated[UserAdministration, Depends(_users)]
