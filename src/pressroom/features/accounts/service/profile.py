"""What everybody may change about themselves."""

from dataclasses import dataclass

from pressroom.features.accounts.errors import WrongPassword
from pressroom.features.accounts.events import PersonRenamed
from pressroom.features.accounts.letters import Letter
from pressroom.features.accounts.links import Purpose
from pressroom.features.accounts.models import User
from pressroom.features.accounts.names import fold
from pressroom.features.accounts.repository import Links, Users
from pressroom.features.accounts.service.authentication import Caller
from pressroom.features.accounts.service.identity import check_version, end_everything, hash_new_password
from pressroom.features.accounts.service.posting import new_link, post
from pressroom.features.accounts.service.sign_in import check_own_password
from pressroom.features.accounts.throttle import Throttle
from pressroom.kernel.preconditions import ANY, Precondition
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """Only the fields in `given` are changed; names and addresses are clean already."""

    given: frozenset[str]
    display_name: str = ""
    avatar_url: str | None = None
    email: str = ""
    password: str = ""
    current_password: str = ""


class Profile:
    """Changing oneself."""

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        self._services = services
        self._unit = unit

    async def change(self, caller: Caller, change: ProfileChange, *, ip: str, wanted: Precondition = ANY) -> User:
        """Changes what is given, all of it or nothing.

        A new address counts once the link that is mailed to it is opened. A new password ends every session,
        this one too.

        Raises:
            UserChanged: it is not the version that was `wanted`; both sides are in its details.
            WrongPassword: address and password need the current one.
            PasswordRefused, TooManyAttempts
        """
        proven = await self._prove(caller, change, ip=ip)
        hashed = None
        if "password" in change.given:
            hashed = await hash_new_password(self._services, change.password, caller.actor.username, change.email)
        user = await Users(self._unit.session).get(caller.actor.id, lock=True)
        if proven not in (None, user.security_version):
            raise WrongPassword
        check_version(user, wanted, change)
        await self._describe(user, change)
        if "email" in change.given:
            await self._ask_address(user, change.email)
        if hashed is not None:
            await self._set_password(user, hashed)
        user.changed(self._services.clock.now())
        return user

    async def _prove(self, caller: Caller, change: ProfileChange, *, ip: str) -> int | None:
        """The security version under which the current password is right; `None` where it is not asked for."""
        if not change.given & {"email", "password"} or caller.session_id is None:
            return None
        user = await check_own_password(self._services, caller.actor.id, change.current_password, ip=ip)
        if user is None:
            raise WrongPassword
        return user.security_version

    async def _describe(self, user: User, change: ProfileChange) -> None:
        if "avatar_url" in change.given:
            user.avatar_url = change.avatar_url
        if "display_name" in change.given and user.display_name != change.display_name:
            user.display_name = change.display_name
            await self._unit.session.flush()
            await self._unit.announce(PersonRenamed(user.id))

    async def _ask_address(self, user: User, email: str) -> None:
        if user.email_key == fold(email) and user.email_verified_at is not None:
            return
        if not await Throttle(self._services).may_mail(fold(email)):
            return
        links = Links(self._unit.session)
        await links.delete_of(user.id)
        link = new_link(self._services, Purpose.change_email, email=email, user_id=user.id)
        await links.add(link)
        await post(self._unit, Letter.change_email, to=email, name=user.username, link=link)

    async def _set_password(self, user: User, hashed: str) -> None:
        user.hashed_password = hashed
        await end_everything(self._services, self._unit, user)
        if user.email:
            await post(self._unit, Letter.password_changed, to=user.email, name=user.username)
