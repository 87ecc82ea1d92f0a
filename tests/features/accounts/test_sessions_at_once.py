"""Two tabs at the same moment: one keeps the session alive while the other ends it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from tests.conftest import MovableClock
from tests.plugins.people import Person

from pressroom.features.accounts.models import User
from pressroom.features.accounts.service.sessions import Device, Sessions, Tokens, open_session
from pressroom.kernel.services import Services

REFRESH, ME = "/api/v1/auth/refresh", "/api/v1/auth/me"
HERE = Device("127.0.0.1", "tests")
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
End = Callable[[Person, Tokens], Coroutine[Any, Any, httpx.Response]]


async def log_out(tab: Person, _elsewhere: Tokens) -> httpx.Response:
    return await tab.post("/api/v1/auth/logout")


async def end_it(tab: Person, _elsewhere: Tokens) -> httpx.Response:
    [current] = [one for one in (await tab.get("/api/v1/auth/sessions")).json()["data"] if one["is_current"]]
    return await tab.delete(f"/api/v1/auth/sessions/{current['id']}")


async def end_all_others(tab: Person, elsewhere: Tokens) -> httpx.Response:
    return await tab.delete("/api/v1/auth/sessions", headers={"Authorization": f"Bearer {elsewhere.access_token}"})


async def until_somebody_waits(services: Services) -> None:
    """On SQLite nobody has to be waited for: there is one writer at a time."""
    while not services.database.is_sqlite:
        async with services.reading() as session:
            if await session.scalar(text(WAITING)):
                return


async def is_over(client: httpx.AsyncClient, tokens: Tokens) -> bool:
    me = await client.get(ME, headers={"Authorization": f"Bearer {tokens.access_token}"})
    again = await client.post(REFRESH, json={"refresh_token": tokens.refresh_token})
    return (me.status_code, again.status_code) == (401, 401)


@pytest.mark.parametrize("end", [log_out, end_it, end_all_others])
async def test_a_session_that_is_ended_while_another_tab_refreshes_it_is_over(
    services: Services, client: httpx.AsyncClient, author: Person, end: End
) -> None:
    async with services.unit() as unit:
        user = await unit.session.get_one(User, author.id)
        elsewhere = await open_session(services, unit, user=user, device=HERE)
    async with services.unit() as unit:
        refreshed = await Sessions(services, unit).refresh(author.refresh_token, device=HERE)
        await unit.session.flush()
        ending = asyncio.create_task(end(author, elsewhere))
        await until_somebody_waits(services)
    assert (await ending).status_code == 204
    assert await is_over(client, refreshed)


async def test_a_token_that_is_used_again_ends_what_is_refreshed_at_that_moment(
    services: Services, client: httpx.AsyncClient, author: Person, clock: MovableClock
) -> None:
    stolen = author.refresh_token
    mine = (await client.post(REFRESH, json={"refresh_token": stolen})).json()
    clock.move(seconds=11)
    async with services.unit() as unit:
        refreshed = await Sessions(services, unit).refresh(mine["refresh_token"], device=HERE)
        await unit.session.flush()
        again = asyncio.create_task(client.post(REFRESH, json={"refresh_token": stolen}))
        await until_somebody_waits(services)
    assert (await again).status_code == 401
    assert await is_over(client, refreshed)


async def test_a_tab_that_refreshes_while_the_session_is_ended_gets_nothing(
    services: Services, client: httpx.AsyncClient, author: Person
) -> None:
    [session] = (await author.get("/api/v1/auth/sessions")).json()["data"]
    async with services.unit() as unit:
        await Sessions(services, unit).end(author.id, UUID(session["id"]))
        refreshing = asyncio.create_task(client.post(REFRESH, json={"refresh_token": author.refresh_token}))
        await until_somebody_waits(services)
    assert (await refreshing).status_code == 401
