"""People to test with: each is a client of the whole application, signed in as someone of that role."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import httpx
import pytest

from pressroom.features.accounts.models import User
from pressroom.features.accounts.service.sessions import Device, open_session
from pressroom.kernel.auth import Actor, Role
from pressroom.kernel.http.front_door import FrontDoor
from pressroom.kernel.ids import new_id
from pressroom.kernel.services import Services

# For writes to whichever version of a thing is there.
SEEN = {"If-Match": "*"}


class Person(httpx.AsyncClient):
    """A signed-in client that knows who it is."""

    actor: Actor
    refresh_token: str

    @property
    def id(self) -> UUID:
        return self.actor.id


SignIn = Callable[..., Awaitable[Person]]


@pytest.fixture
async def sign_in(app: FrontDoor, services: Services) -> AsyncIterator[SignIn]:
    """`await sign_in(Role.author, username="zoe", hashed_password=…)`: someone new, signed in without hashing."""
    async with AsyncExitStack() as stack:

        async def person(role: Role, *, username: str | None = None, **columns: Any) -> Person:
            user = new_user(services, role, username or role.value, **columns)
            async with services.unit() as unit:
                unit.session.add(user)
                await unit.session.flush()
                tokens = await open_session(services, unit, user=user, device=Device("127.0.0.1", "tests"))
            transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 50000))
            headers = {"Authorization": f"Bearer {tokens.access_token}"}
            client = Person(transport=transport, base_url="http://testserver", headers=headers)
            client.actor = Actor(user.id, user.username, user.display_name, role)
            client.refresh_token = tokens.refresh_token
            return await stack.enter_async_context(client)

        yield person


def new_user(services: Services, role: Role, username: str, **columns: Any) -> User:
    now = services.clock.now()
    known = {
        "id": new_id(),
        "username": username,
        "username_key": username.casefold(),
        "email": f"{username}@example.com",
        "email_key": f"{username}@example.com".casefold(),
        "display_name": username.title(),
        "role": role.value,
        "is_active": True,
        "email_verified_at": now,
        "security_version": 1,
        "created_at": now,
        "updated_at": now,
    }
    return User(**(known | columns))


@pytest.fixture
async def owner(sign_in: SignIn) -> Person:
    return await sign_in(Role.owner)


@pytest.fixture
async def admin(sign_in: SignIn) -> Person:
    return await sign_in(Role.admin)


@pytest.fixture
async def editor(sign_in: SignIn) -> Person:
    return await sign_in(Role.editor)


@pytest.fixture
async def author(sign_in: SignIn) -> Person:
    return await sign_in(Role.author)


@pytest.fixture
async def member(sign_in: SignIn) -> Person:
    return await sign_in(Role.member)
