import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.accounts.conftest import PASSWORD
from tests.plugins.people import Person, SignIn

from pressroom.features.accounts.service import registration
from pressroom.kernel.auth import Role
from pressroom.kernel.jobs.runner import Runner

REGISTER = "/api/v1/auth/register"
VERIFY = "/api/v1/auth/email/verify"
INVITES = "/api/v1/users/invites"
ZOE = {"username": "zoe", "email": "zoe@example.com", "password": PASSWORD, "display_name": "Zoë"}
Mails = Callable[[], list[EmailMessage]]
openly = pytest.mark.parametrize("accounts", [{"registration": "open"}])
by_invitation = pytest.mark.parametrize("accounts", [{"registration": "invite"}])


def token_in(mail: EmailMessage) -> str:
    found: list[str] = re.findall(r"token=([\w-]{43})\s", mail.get_content())
    return found[0]


async def log_in(client: httpx.AsyncClient, name: str, password: str = PASSWORD) -> int:
    return (await client.post("/api/v1/auth/login", json={"username": name, "password": password})).status_code


@pytest.mark.parametrize("accounts", [{}, {"registration": "invite"}])
async def test_nobody_registers_where_it_is_closed(
    client: httpx.AsyncClient, admin: Person, accounts: dict[str, Any]
) -> None:
    answer = await client.post(REGISTER, json=ZOE)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "accounts.registration_closed"
    invited = await admin.post(INVITES, json={"email": "a@example.com"})
    assert invited.status_code == (201 if accounts else 403)


@openly
async def test_an_account_is_made_when_its_address_is_confirmed(
    client: httpx.AsyncClient, runner: Runner, mails: Mails, rows: Any
) -> None:
    answer = await client.post(REGISTER, json=ZOE)
    assert (answer.status_code, answer.json()) == (202, {"state": "check_your_mail"})
    assert await rows("SELECT id FROM users") == []
    assert await log_in(client, "zoe") == 401
    await runner.run_until_idle()
    [mail] = mails()
    assert mail["To"] == "zoe@example.com"
    assert "http://127.0.0.1:8000/account/confirm?token=" in mail.get_content()
    assert (await client.post(VERIFY, json={"token": token_in(mail)})).status_code == 204
    assert await log_in(client, "zoe") == 200
    [row] = await rows("SELECT display_name, role, email_verified_at FROM users")
    assert row[:2] == ("Zoë", "member")
    assert row[2] is not None
    used = await client.post(VERIFY, json={"token": token_in(mail)})
    assert (used.status_code, used.json()["error"]["code"]) == (410, "accounts.link_dead")


@openly
async def test_no_answer_tells_that_an_address_is_known(
    client: httpx.AsyncClient, author: Person, runner: Runner, mails: Mails, rows: Any
) -> None:
    unknown = await client.post(REGISTER, json=ZOE)
    known = await client.post(REGISTER, json={**ZOE, "username": "eve", "email": "AUTHOR@example.com"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    again = await client.post(REGISTER, json={**ZOE, "username": "eve"})
    assert again.status_code == 202
    await runner.run_until_idle()
    told = next(mail for mail in mails() if mail["To"] == "AUTHOR@example.com")
    assert "already" in told["Subject"]
    assert "token=" not in told.get_content()
    assert len(await rows("SELECT id FROM users")) == 1


@openly
async def test_a_username_is_public_and_told_to_be_taken(client: httpx.AsyncClient, author: Person) -> None:
    answer = await client.post(REGISTER, json={**ZOE, "username": "AUTHOR"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "accounts.username_taken")


@openly
async def test_of_two_who_registered_one_name_the_first_to_confirm_gets_it(
    client: httpx.AsyncClient, runner: Runner, mails: Mails
) -> None:
    for address in ("one@example.com", "two@example.com"):
        assert (await client.post(REGISTER, json={**ZOE, "email": address})).status_code == 202
    await runner.run_until_idle()
    first, second = mails()
    assert (await client.post(VERIFY, json={"token": token_in(second)})).status_code == 204
    late = await client.post(VERIFY, json={"token": token_in(first)})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "accounts.username_taken")


@openly
async def test_a_confirmation_expires(
    client: httpx.AsyncClient, runner: Runner, mails: Mails, clock: MovableClock
) -> None:
    await client.post(REGISTER, json=ZOE)
    await runner.run_until_idle()
    clock.move(minutes=60)
    assert (await client.post(VERIFY, json={"token": token_in(mails()[0])})).status_code == 410


@openly
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"username": "a b"}, "/username"),
        ({"email": "zoe"}, "/email"),
        ({"display_name": "\u202ex"}, "/display_name"),
        ({"role": "owner"}, "/role"),
        ({"email": None}, "/email"),
        ({"username": "x" * 1_000_000}, "/username"),
    ],
)
async def test_bad_input_names_the_field(client: httpx.AsyncClient, change: dict[str, Any], pointer: str) -> None:
    answer = await client.post(REGISTER, json=ZOE | change)
    assert answer.status_code == 422
    assert answer.json()["error"]["details"]["fields"][0]["pointer"] == pointer


@openly
async def test_a_weak_password_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post(REGISTER, json=ZOE | {"password": "password123"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "accounts.password_refused")


@openly
async def test_strangers_cannot_flood_a_mailbox(
    client: httpx.AsyncClient, runner: Runner, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def instantly(*_: Any) -> str:
        return "$hash"

    monkeypatch.setattr(registration, "hash_new_password", instantly)
    answers = [(await client.post(REGISTER, json=ZOE | {"username": f"zoe{n}"})).status_code for n in range(31)]
    assert answers == [202] * 30 + [429]
    await runner.run_until_idle()
    assert len(mails()) == 3


@by_invitation
async def test_an_invitation_makes_the_account_it_promises(
    client: httpx.AsyncClient, admin: Person, runner: Runner, mails: Mails
) -> None:
    answer = await admin.post(INVITES, json={"email": "zoe@example.com", "role": "editor"})
    assert answer.status_code == 201
    assert answer.json()["role"] == "editor"
    await runner.run_until_idle()
    token = token_in(mails()[0])
    assert answer.json()["link"].endswith(f"/account/join?token={token}")
    body = {"username": "zoe", "password": PASSWORD, "invite": token}
    accepted = await client.post(REGISTER, json=body)
    assert (accepted.status_code, accepted.json()) == (201, {"state": "created"})
    assert await log_in(client, "zoe@example.com") == 200
    assert (await client.post(REGISTER, json=body | {"username": "eve"})).status_code == 410
    people = (await admin.get("/api/v1/users", params={"q": "ZOE"})).json()["data"]
    assert [(one["role"], one["email"]) for one in people] == [("editor", "zoe@example.com")]


@by_invitation
async def test_invitations_are_listed_replaced_and_taken_back(client: httpx.AsyncClient, admin: Person) -> None:
    first = (await admin.post(INVITES, json={"email": "zoe@example.com"})).json()
    second = (await admin.post(INVITES, json={"email": "ZOE@example.com"})).json()
    await admin.post(INVITES, json={"email": "max@example.com"})
    listed = await admin.get(INVITES, params={"limit": 1})
    assert listed.json()["meta"] | {"next": None} == {"total": 2, "limit": 1, "offset": 0, "next": None}
    assert listed.headers["Link"] == f'<{listed.json()["meta"]["next"]}>; rel="next"'
    assert (await admin.delete(f"{INVITES}/{first['id']}")).status_code == 404
    assert (await admin.delete(f"{INVITES}/{second['id']}")).status_code == 204
    token = second["link"].split("token=")[1]
    body = {"username": "zoe", "password": PASSWORD, "invite": token}
    assert (await client.post(REGISTER, json=body)).status_code == 410


@by_invitation
async def test_invitations_expire(client: httpx.AsyncClient, admin: Person, clock: MovableClock, rows: Any) -> None:
    link = (await admin.post(INVITES, json={"email": "zoe@example.com"})).json()["link"]
    clock.move(days=7)
    body = {"username": "zoe", "password": PASSWORD, "invite": link.split("token=")[1]}
    assert (await client.post(REGISTER, json=body)).status_code == 410
    assert await rows("SELECT id FROM users WHERE username = 'zoe'") == []


@by_invitation
async def test_who_may_invite_whom(
    client: httpx.AsyncClient, editor: Person, admin: Person, owner: Person, sign_in: SignIn
) -> None:
    body = {"email": "zoe@example.com", "role": "owner"}
    assert (await client.post(INVITES, json=body)).status_code == 401
    assert (await editor.post(INVITES, json=body)).status_code == 403
    assert (await admin.post(INVITES, json=body)).status_code == 403
    made = await owner.post(INVITES, json=body)
    assert made.status_code == 201
    assert (await admin.delete(f"{INVITES}/{made.json()['id']}")).status_code == 403
    assert (await admin.post(INVITES, json={"email": "editor@example.com"})).status_code == 409
    assert (await admin.post(INVITES, json={"email": "x"})).status_code == 422
    for someone in (client, editor):
        assert (await someone.get(INVITES)).status_code in (401, 403)
        assert (await someone.delete(f"{INVITES}/{made.json()['id']}")).status_code in (401, 403)


@by_invitation
async def test_a_link_for_one_thing_is_no_good_for_another(client: httpx.AsyncClient, admin: Person) -> None:
    token = (await admin.post(INVITES, json={"email": "zoe@example.com"})).json()["link"].split("token=")[1]
    assert (await client.post(VERIFY, json={"token": token})).status_code == 410
    reset = await client.post("/api/v1/auth/password/reset", json={"token": token, "password": PASSWORD})
    assert reset.status_code == 410
    assert (await admin.get(INVITES)).json()["meta"]["total"] == 1


@by_invitation
async def test_no_secret_stands_in_the_database(admin: Person, rows: Any) -> None:
    token = (await admin.post(INVITES, json={"email": "zoe@example.com"})).json()["link"].split("token=")[1]
    stored = [*await rows("SELECT * FROM one_time_links"), *await rows("SELECT arguments FROM jobs")]
    assert stored
    assert token not in str(stored)
    assert Role.member in str(stored)
