from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy import event
from tests.conftest import MovableClock, started
from tests.plugins.people import SEEN, Person, SignIn

from pressroom.features import FEATURES
from pressroom.features.accounts.deps import CurrentActor, MaybeActor, at_least, signed_in
from pressroom.features.accounts.models import User
from pressroom.features.site.serving.server import SiteServer
from pressroom.kernel.auth import Role
from pressroom.kernel.feature import Feature
from pressroom.kernel.http.access import anyone
from pressroom.kernel.http.app import build_framework, build_front_door
from pressroom.kernel.http.front_door import FrontDoor
from pressroom.kernel.services import Services

probe = APIRouter()


@probe.get("/api/probe/mine", dependencies=[signed_in])
async def mine(actor: CurrentActor) -> str:
    return actor.username


@probe.get("/api/probe/maybe", dependencies=[anyone])
async def maybe(actor: MaybeActor) -> str:
    return actor.username if actor else "nobody"


@probe.get("/api/probe/editors", dependencies=[at_least(Role.editor)])
async def editors() -> str:
    return "in"


def with_probe(services: Services) -> FrontDoor:
    """The whole server and three routes more."""
    features = (*FEATURES, Feature(name="probe", routers=lambda: (probe,)))
    return build_front_door(build_framework(services, features), services, SiteServer(services.settings.data / "site"))


@pytest.fixture
async def app(services: Services) -> AsyncIterator[FrontDoor]:
    built = with_probe(services)
    async with started(built):
        yield built


async def test_without_a_token_one_is_asked_to_sign_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/probe/mine")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["error"]["code"] == "auth.not_signed_in"
    assert (await client.get("/api/probe/maybe")).json() == "nobody"


async def test_roles_let_in_from_theirs_upward(author: Person, editor: Person, owner: Person) -> None:
    refused = await author.get("/api/probe/editors")
    assert refused.status_code == 403
    assert "author" in refused.json()["detail"]
    assert (await editor.get("/api/probe/editors")).status_code == 200
    assert (await owner.get("/api/probe/editors")).status_code == 200
    assert (await author.get("/api/probe/mine")).json() == "author"
    assert (await author.get("/api/probe/maybe")).json() == "author"


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "", "é"])
async def test_a_bad_token_is_refused_even_where_none_is_needed(client: httpx.AsyncClient, token: str) -> None:
    answer = await client.get("/api/probe/maybe", headers={b"Authorization": f"Bearer {token}".encode()})
    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


async def test_a_token_ends_with_its_time(author: Person, clock: MovableClock) -> None:
    clock.move(minutes=15)
    assert (await author.get("/api/probe/mine")).status_code == 401


@pytest.mark.parametrize("change", [{"security_version": 2}, {"is_active": False}])
async def test_a_token_ends_with_what_it_was_given_for(
    author: Person, services: Services, change: dict[str, int]
) -> None:
    async with services.unit() as unit:
        user = await unit.session.get_one(User, author.id)
        for name, value in change.items():
            setattr(user, name, value)
    assert (await author.get("/api/probe/mine")).status_code == 401


async def test_asking_who_it_is_costs_one_query(author: Person, services: Services) -> None:
    seen: list[str] = []
    engine = services.database.reader.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    assert (await author.get("/api/probe/mine")).status_code == 200
    assert len([sql for sql in seen if "SELECT" in sql]) == 1


async def test_the_document_knows_how_to_sign_in(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    flow = document["components"]["securitySchemes"]["OAuth2PasswordBearer"]["flows"]["password"]
    assert flow["tokenUrl"] == "/token"
    assert document["paths"]["/api/v1/users"]["get"]["security"]
    assert "security" not in document["paths"]["/api/v1/auth/login"]["post"]


@pytest.fixture
async def local(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """This machine's own pages, in local mode."""
    app = with_probe(replace(services, local=True))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
    async with started(app), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as visitor:
        yield visitor


async def test_in_local_mode_everybody_is_the_owner(local: httpx.AsyncClient) -> None:
    assert (await local.get("/api/probe/mine")).json() == "local"
    assert (await local.get("/api/probe/editors")).status_code == 200
    me = (await local.get("/api/v1/users/me")).json()
    assert (me["role"], me["email"]) == ("owner", None)
    assert (
        await local.patch("/api/v1/users/me", json={"password": "a sentence is long enough"}, headers=SEEN)
    ).status_code == 200
    assert (await local.post("/api/v1/auth/logout")).status_code == 204


async def test_local_mode_makes_its_owner_once(services: Services, sign_in: SignIn) -> None:
    await sign_in(Role.owner, username="zoe")
    app = with_probe(replace(services, local=True))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
    async with started(app), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as visitor:
        assert (await visitor.get("/api/v1/users/me")).json()["username"] == "zoe"
        assert (await visitor.get("/api/v1/users")).json()["meta"]["total"] == 1
