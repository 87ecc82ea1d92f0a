"""Who is behind a request: asked on every one, so it is one indexed query."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row

from pressroom.features.accounts.repository import ACTOR_OF_SESSION, FIRST_OWNER
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.features.accounts.tokens import AccessTokens
from pressroom.kernel.auth import Actor, Role
from pressroom.kernel.errors import NotSignedIn
from pressroom.kernel.services import Services


@dataclass(frozen=True, slots=True)
class Caller:
    """The actor of a request, and the session it came in (`None` in local mode)."""

    actor: Actor
    session_id: UUID | None


def access_tokens(services: Services) -> AccessTokens:
    """The access tokens of this publication."""
    return AccessTokens(services.settings[AccountsSettings], services.secrets, services.clock)


async def signed_in_caller(services: Services, token: str) -> Caller | None:
    """Who holds this access token; `None` when it, its session or its account is no longer good."""
    claims = access_tokens(services).read(token)
    if claims is None:
        return None
    values = {"user_id": claims.user_id, "session_id": claims.session_id, "version": claims.version}
    async with services.database.connection() as connection:
        row = (await connection.execute(ACTOR_OF_SESSION, values)).one_or_none()
    return None if row is None else Caller(_actor(row), claims.session_id)


async def local_caller(services: Services) -> Caller:
    """In local mode everyone is the first owner."""
    async with services.database.connection() as connection:
        row = (await connection.execute(FIRST_OWNER)).first()
    if row is None:
        raise NotSignedIn("There is no owner yet. Restart, and one is made.")
    return Caller(_actor(row), None)


def _actor(row: Row[UUID, str, str, str]) -> Actor:
    return Actor(row.id, row.username, row.display_name, Role(row.role))
