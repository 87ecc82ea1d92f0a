from typing import Any

import httpx
import pytest
from tests.features.accounts.conftest import PASSWORD
from tests.features.accounts.test_registration import VERIFY, Mails, log_in, token_in
from tests.plugins.people import SEEN, Person, SignIn

from pressroom.features.accounts.events import PersonRenamed
from pressroom.kernel.auth import Role
from pressroom.kernel.events import EventBus, Subscription
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

ME = "/api/v1/users/me"


@pytest.fixture
async def zoe(sign_in: SignIn, hashed: str) -> Person:
    return await sign_in(Role.author, username="zoe", hashed_password=hashed)


@pytest.fixture
def renamed(services: Services) -> list[Any]:
    """Whose renaming was announced."""
    heard: list[Any] = []

    async def hear(_services: Any, _unit: Any, event: PersonRenamed) -> None:
        heard.append(event.user_id)

    services.database._bus = EventBus([Subscription(PersonRenamed, hear)])
    return heard


async def test_everybody_sees_themselves(client: httpx.AsyncClient, member: Person) -> None:
    me = (await member.get(ME)).json()
    assert (me["username"], me["role"], me["created_at"]) == ("member", "member", "2026-03-01T12:00:00Z")
    assert "hashed_password" not in me
    assert (await client.get(ME)).status_code == 401
    assert (await client.patch(ME, json={}, headers=SEEN)).status_code == 401


async def test_name_and_picture_change_at_once(zoe: Person, renamed: list[Any]) -> None:
    answer = await zoe.patch(ME, json={"display_name": " Zoë ", "avatar_url": "/media/zoe.png"}, headers=SEEN)
    assert (answer.status_code, answer.json()["display_name"], answer.json()["avatar_url"]) == (
        200,
        "Zoë",
        "/media/zoe.png",
    )
    assert renamed == [zoe.id]
    cleared = await zoe.patch(ME, json={"avatar_url": None, "display_name": "Zoë"}, headers=SEEN)
    assert cleared.json()["avatar_url"] is None
    assert renamed == [zoe.id]


@pytest.mark.parametrize(
    "body",
    [{"display_name": ""}, {"avatar_url": "javascript:x"}, {"role": "owner"}, {"username": "x"}, {"email": "x"}, []],
)
async def test_bad_input_changes_nothing(zoe: Person, body: Any) -> None:
    before = (await zoe.get(ME)).json()
    assert (await zoe.patch(ME, json=body, headers=SEEN)).status_code == 422
    assert (await zoe.get(ME)).json() == before


async def test_a_new_password_needs_the_current_one_and_ends_every_session(
    client: httpx.AsyncClient, zoe: Person
) -> None:
    new = "another sentence that is long"
    for current in ({}, {"current_password": "a wrong sentence"}):
        answer = await zoe.patch(ME, json={"password": new, **current}, headers=SEEN)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "accounts.wrong_password")
    assert (await zoe.patch(ME, json={"password": new, "current_password": PASSWORD}, headers=SEEN)).status_code == 200
    assert (await zoe.get(ME)).status_code == 401
    assert await log_in(client, "zoe", new) == 200


async def test_a_stolen_token_does_not_find_out_the_password(zoe: Person) -> None:
    body = {"password": PASSWORD, "current_password": "a wrong sentence"}
    assert [(await zoe.patch(ME, json=body, headers=SEEN)).status_code for _ in range(6)] == [403] * 5 + [429]


async def test_a_new_address_counts_once_it_is_confirmed(
    client: httpx.AsyncClient, zoe: Person, runner: Runner, mails: Mails
) -> None:
    answer = await zoe.patch(ME, json={"email": "new@example.com", "current_password": PASSWORD}, headers=SEEN)
    assert (answer.status_code, answer.json()["email"]) == (200, "zoe@example.com")
    await runner.run_until_idle()
    [mail] = mails()
    assert mail["To"] == "new@example.com"
    assert (await client.post(VERIFY, json={"token": token_in(mail)})).status_code == 204
    assert (await zoe.get(ME)).json()["email"] == "new@example.com"
    await runner.run_until_idle()
    assert mails()[-1]["To"] == "zoe@example.com"


async def test_an_address_of_somebody_else_cannot_be_taken_nor_found_out(
    zoe: Person, author: Person, runner: Runner, mails: Mails
) -> None:
    answer = await zoe.patch(ME, json={"email": "AUTHOR@example.com", "current_password": PASSWORD}, headers=SEEN)
    assert answer.status_code == 200
    await runner.run_until_idle()
    [mail] = mails()
    assert "token=" not in mail.get_content()


async def test_an_address_that_somebody_takes_first_is_gone(
    client: httpx.AsyncClient, zoe: Person, sign_in: SignIn, runner: Runner, mails: Mails
) -> None:
    await zoe.patch(ME, json={"email": "new@example.com", "current_password": PASSWORD}, headers=SEEN)
    await runner.run_until_idle()
    await sign_in(Role.member, username="new")
    answer = await client.post(VERIFY, json={"token": token_in(mails()[0])})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "accounts.email_taken")
