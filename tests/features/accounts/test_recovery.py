from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.accounts.conftest import PASSWORD
from tests.features.accounts.test_registration import Mails, log_in, token_in
from tests.plugins.people import SEEN, Person, SignIn

from pressroom.kernel.auth import Role
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.settings import SiteSettings

FORGOT = "/api/v1/auth/password/forgot"
RESET = "/api/v1/auth/password/reset"
NEW = "another sentence that is long"


async def link_for(client: httpx.AsyncClient, runner: Runner, mails: Mails, email: str) -> str:
    assert (await client.post(FORGOT, json={"email": email})).status_code == 202
    await runner.run_until_idle()
    return token_in(mails()[-1])


async def test_a_mailed_link_sets_a_new_password_and_ends_every_session(
    client: httpx.AsyncClient, author: Person, runner: Runner, mails: Mails
) -> None:
    token = await link_for(client, runner, mails, "Author@Example.com")
    assert "/account/password?token=" in mails()[0].get_content()
    assert (await client.post(RESET, json={"token": token, "password": NEW})).status_code == 204
    assert await log_in(client, "author", NEW) == 200
    assert (await author.get("/api/v1/auth/me")).status_code == 401
    assert (await client.post(RESET, json={"token": token, "password": PASSWORD})).status_code == 410
    await runner.run_until_idle()
    assert "was changed" in mails()[-1]["Subject"]


async def test_the_answer_is_the_same_whether_anybody_has_the_address(
    client: httpx.AsyncClient, author: Person, sign_in: SignIn, runner: Runner, mails: Mails, rows: Any
) -> None:
    await sign_in(Role.author, username="gone", is_active=False)
    answers = [
        await client.post(FORGOT, json={"email": email})
        for email in ("author@example.com", "nobody@example.com", "gone@example.com")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b'{"state":"accepted"}')}
    assert len(await rows("SELECT id FROM jobs WHERE kind = 'accounts.forgot_password'")) == 3
    await runner.run_until_idle()
    assert [mail["To"] for mail in mails()] == ["author@example.com"]


async def test_only_the_newest_link_works_and_only_for_a_while(
    client: httpx.AsyncClient, author: Person, runner: Runner, mails: Mails, clock: MovableClock
) -> None:
    first = await link_for(client, runner, mails, "author@example.com")
    second = await link_for(client, runner, mails, "author@example.com")
    assert (await client.post(RESET, json={"token": first, "password": NEW})).status_code == 410
    clock.move(minutes=60)
    assert (await client.post(RESET, json={"token": second, "password": NEW})).status_code == 410


async def test_a_refused_password_leaves_the_link_good(
    client: httpx.AsyncClient, author: Person, runner: Runner, mails: Mails
) -> None:
    token = await link_for(client, runner, mails, "author@example.com")
    refused = await client.post(RESET, json={"token": token, "password": "password123"})
    assert (refused.status_code, refused.json()["error"]["details"]) == (422, {"rule": "password_common"})
    assert (await client.post(RESET, json={"token": token, "password": NEW})).status_code == 204


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "new@example.com"}, {"role": "member"}])
async def test_a_link_dies_with_what_it_was_for(
    client: httpx.AsyncClient, author: Person, owner: Person, runner: Runner, mails: Mails, change: dict[str, Any]
) -> None:
    token = await link_for(client, runner, mails, "author@example.com")
    assert (await owner.patch(f"/api/v1/users/{author.id}", json=change, headers=SEEN)).status_code == 200
    assert (await client.post(RESET, json={"token": token, "password": NEW})).status_code == 410


async def test_a_link_for_a_password_confirms_nothing(
    client: httpx.AsyncClient, author: Person, runner: Runner, mails: Mails
) -> None:
    token = await link_for(client, runner, mails, "author@example.com")
    assert (await client.post("/api/v1/auth/email/verify", json={"token": token})).status_code == 410
    assert (await client.get("/account/confirm", params={"token": token})).status_code == 410
    assert (await client.post(RESET, json={"token": token, "password": NEW})).status_code == 204


async def test_at_most_three_mails_an_hour_go_to_one_address(
    client: httpx.AsyncClient, author: Person, runner: Runner, mails: Mails, clock: MovableClock
) -> None:
    for _ in range(5):
        assert (await client.post(FORGOT, json={"email": "author@example.com"})).status_code == 202
        await runner.run_until_idle()
    assert len(mails()) == 3
    clock.move(hours=1)
    await link_for(client, runner, mails, "author@example.com")
    assert len(mails()) == 4


async def test_who_was_stopped_for_guessing_gets_in_by_mail(
    client: httpx.AsyncClient, author: Person, runner: Runner, mails: Mails
) -> None:
    assert [await log_in(client, "author", "a wrong sentence") for _ in range(6)][-1] == 429
    token = await link_for(client, runner, mails, "author@example.com")
    await client.post(RESET, json={"token": token, "password": NEW})
    assert await log_in(client, "author", NEW) == 200


@pytest.mark.parametrize("body", [{}, {"email": "x"}, {"email": "a@b.de\x00"}, {"email": "a@b.de", "more": 1}])
async def test_bad_input_is_told(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await client.post(FORGOT, json=body)).status_code == 422


async def test_a_publication_in_chinese_writes_in_chinese(
    client: httpx.AsyncClient, author: Person, runner: Runner, mails: Mails
) -> None:
    services = runner._services
    in_chinese = services.settings.replacing(SiteSettings(language="zh", title="晨报"))
    await client.post(FORGOT, json={"email": "author@example.com"})
    await Runner(replace(services, settings=in_chinese)).run_until_idle()
    assert mails()[0]["Subject"] == "为晨报设置新密码"
