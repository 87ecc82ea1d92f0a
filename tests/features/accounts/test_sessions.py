import asyncio
from typing import Any

import httpx
import pytest
from tests.conftest import MovableClock
from tests.plugins.people import SEEN, Person, SignIn

from pressroom.features.accounts.models import User
from pressroom.features.accounts.service.sessions import Device, open_session
from pressroom.features.accounts.tasks import CLEAN_UP
from pressroom.kernel.auth import Role
from pressroom.kernel.jobs import NoArguments
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

REFRESH = "/api/v1/auth/refresh"
ME = "/api/v1/auth/me"


async def renew(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post(REFRESH, json={"refresh_token": token})


def bearer(answer: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_a_refresh_token_is_exchanged_for_new_ones(client: httpx.AsyncClient, author: Person) -> None:
    answer = await renew(client, author.refresh_token)
    assert answer.status_code == 200
    assert answer.json()["refresh_token"] != author.refresh_token
    assert (await client.get(ME, headers=bearer(answer))).json()["username"] == "author"


async def test_what_is_stored_is_not_the_token(author: Person, rows: Any) -> None:
    [row] = await rows("SELECT * FROM refresh_tokens")
    assert author.refresh_token not in str(row)


async def test_using_a_token_again_ends_the_session_of_whoever_has_it(
    client: httpx.AsyncClient, author: Person, clock: MovableClock
) -> None:
    stolen = author.refresh_token
    mine = await renew(client, stolen)
    clock.move(seconds=11)
    answer = await renew(client, stolen)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "accounts.session_ended"
    assert (await renew(client, mine.json()["refresh_token"])).status_code == 401
    assert (await client.get(ME, headers=bearer(mine))).status_code == 401


async def test_two_tabs_that_refresh_at_once_both_go_on(client: httpx.AsyncClient, author: Person) -> None:
    answers = await asyncio.gather(*(renew(client, author.refresh_token) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [200] * 3
    again = [await renew(client, answer.json()["refresh_token"]) for answer in answers]
    assert [answer.status_code for answer in again] == [200] * 3
    listed = await client.get("/api/v1/auth/sessions", headers=bearer(again[0]))
    assert listed.json()["meta"]["total"] == 1


async def test_a_session_ends_when_it_is_not_used(
    client: httpx.AsyncClient, author: Person, clock: MovableClock
) -> None:
    clock.move(days=29)
    answer = await renew(client, author.refresh_token)
    assert answer.status_code == 200
    clock.move(days=30)
    assert (await renew(client, answer.json()["refresh_token"])).status_code == 401


async def test_a_session_ends_after_ninety_days_however_much_it_is_used(
    client: httpx.AsyncClient, author: Person, clock: MovableClock
) -> None:
    token = author.refresh_token
    for _ in range(4):
        clock.move(days=22)
        token = (await renew(client, token)).json()["refresh_token"]
    clock.move(days=2)
    assert (await renew(client, token)).status_code == 401


@pytest.mark.parametrize("token", ["unknown", "é", "x" * 200])
async def test_an_unknown_token_is_refused(client: httpx.AsyncClient, token: str) -> None:
    assert (await renew(client, token)).status_code == 401


async def test_bad_input_is_told(client: httpx.AsyncClient) -> None:
    for token in ("", "x" * 201, "a\x00b", None):
        assert (await client.post(REFRESH, json={"refresh_token": token})).status_code == 422


async def test_logging_out_ends_access_and_refresh_at_once(client: httpx.AsyncClient, author: Person) -> None:
    assert (await author.post("/api/v1/auth/logout")).status_code == 204
    assert (await author.get(ME)).status_code == 401
    assert (await renew(client, author.refresh_token)).status_code == 401
    assert (await client.post("/api/v1/auth/logout")).status_code == 401


async def test_sessions_are_listed_and_ended_one_by_one(client: httpx.AsyncClient, author: Person) -> None:
    other = await renew(client, author.refresh_token)
    [session] = (await author.get("/api/v1/auth/sessions")).json()["data"]
    assert session["is_current"] is True
    assert (session["ip"], session["user_agent"][:12]) == ("127.0.0.1", "python-httpx")
    assert (await author.delete(f"/api/v1/auth/sessions/{session['id']}")).status_code == 204
    assert (await client.get(ME, headers=bearer(other))).status_code == 401


async def test_the_sessions_of_others_cannot_be_seen_or_ended(
    author: Person, owner: Person, client: httpx.AsyncClient
) -> None:
    [session] = (await author.get("/api/v1/auth/sessions")).json()["data"]
    answer = await owner.delete(f"/api/v1/auth/sessions/{session['id']}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "accounts.session_not_found"
    assert (await author.get(ME)).status_code == 200
    assert (await client.get("/api/v1/auth/sessions")).status_code == 401
    assert (await owner.delete("/api/v1/auth/sessions/nonsense")).status_code == 422


async def test_all_other_sessions_can_be_ended(
    client: httpx.AsyncClient, author: Person, sign_in: SignIn, services: Services
) -> None:
    async with services.unit() as unit:
        user = await unit.session.get_one(User, author.id)
        second = await open_session(services, unit, user=user, device=Device("192.0.2.1", "a phone"))
    assert (await author.get("/api/v1/auth/sessions")).json()["meta"]["total"] == 2
    assert (await author.delete("/api/v1/auth/sessions")).status_code == 204
    assert (await client.get(ME, headers={"Authorization": f"Bearer {second.access_token}"})).status_code == 401
    assert (await author.get(ME)).status_code == 200


async def test_expired_tokens_are_deleted_by_and_by(
    author: Person, clock: MovableClock, services: Services, runner: Runner, rows: Any
) -> None:
    for days, left in ((29, 1), (1, 0)):
        clock.move(days=days)
        async with services.unit() as unit:
            await unit.enqueue(CLEAN_UP, NoArguments())
        await runner.run_until_idle()
        assert len(await rows("SELECT id FROM refresh_tokens")) == left


async def test_a_refresh_token_carries_the_security_version_it_was_given_under(
    client: httpx.AsyncClient, author: Person, services: Services
) -> None:
    async with services.unit() as unit:
        (await unit.session.get_one(User, author.id)).security_version += 1
    assert (await renew(client, author.refresh_token)).status_code == 401


async def test_another_role_ends_every_token(client: httpx.AsyncClient, author: Person, owner: Person) -> None:
    answer = await owner.patch(f"/api/v1/users/{author.id}", json={"role": Role.editor}, headers=SEEN)
    assert answer.status_code == 200
    assert (await author.get(ME)).status_code == 401
    assert (await renew(client, author.refresh_token)).status_code == 401
