import asyncio
import base64
import hashlib
import re
import stat
from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.accounts.conftest import PASSWORD
from tests.features.accounts.test_registration import log_in
from tests.plugins.people import Person, SignIn

from pressroom.features.accounts.service import setup
from pressroom.features.accounts.service.setup import ensure_local_owner, ensure_setup_token
from pressroom.kernel.auth import Role
from pressroom.kernel.services import Services

ANNA = {"username": "anna", "email": "anna@example.com", "password": PASSWORD}


@pytest.fixture
async def token(services: Services) -> str:
    made = await ensure_setup_token(services)
    assert made is not None
    return made


async def send(client: httpx.AsyncClient, token: str, **change: str) -> httpx.Response:
    return await client.post("/setup", data={"token": token, **ANNA, **change})


async def test_the_link_is_the_same_for_every_process_and_only_its_owner_can_read_it(
    services: Services, token: str
) -> None:
    assert await ensure_setup_token(services) == token
    path = services.settings.data / "setup.link"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_the_page_creates_the_owner_and_says_what_comes_next(
    client: httpx.AsyncClient, token: str, services: Services, rows: Any
) -> None:
    page = await client.get("/setup", params={"token": token})
    assert page.status_code == 200
    assert f'value="{token}"' in page.text
    done = await send(client, token)
    assert done.status_code == 200
    assert 'href="/docs"' in done.text
    assert (
        "curl --data-urlencode username=anna --data-urlencode &#39;password=…&#39; http://testserver/token" in done.text
    )
    assert PASSWORD not in done.text
    assert [tuple(row) for row in await rows("SELECT username, role FROM users")] == [("anna", "owner")]
    assert await log_in(client, "anna") == 200
    assert not (services.settings.data / "setup.link").exists()
    assert await ensure_setup_token(services) is None


async def test_a_link_that_was_used_says_so(client: httpx.AsyncClient, token: str) -> None:
    await send(client, token)
    for answer in (
        await client.get("/setup", params={"token": token}),
        await send(client, token),
        await client.get("/setup"),
    ):
        assert answer.status_code == 410
        assert "created already" in answer.text
        assert "<form" not in answer.text


@pytest.mark.parametrize("wrong", ["", "nonsense", "é", "x" * 200])
async def test_a_wrong_link_says_how_to_get_a_right_one(
    client: httpx.AsyncClient, token: str, wrong: str, rows: Any
) -> None:
    for answer in (await client.get("/setup", params={"token": wrong}), await send(client, wrong)):
        assert answer.status_code == 410
        assert "pressroom user create" in answer.text
    assert await rows("SELECT id FROM users") == []


async def test_an_expired_link_is_dead_and_the_next_start_makes_another(
    client: httpx.AsyncClient, token: str, services: Services, clock: MovableClock
) -> None:
    clock.move(hours=24)
    assert (await send(client, token)).status_code == 410
    fresh = await ensure_setup_token(services)
    assert fresh not in (None, token)
    assert (await send(client, str(fresh))).status_code == 200


async def test_of_those_who_claim_it_at_once_one_becomes_the_owner(
    client: httpx.AsyncClient, token: str, hashed: str, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = asyncio.Barrier(4)

    async def together(*_: Any) -> str:
        await everybody.wait()
        return hashed

    monkeypatch.setattr(setup, "hash_new_password", together)
    answers = await asyncio.gather(
        *(send(client, token, username=f"anna{n}", email=f"anna{n}@example.com") for n in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]
    assert len(await rows("SELECT id FROM users")) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "a b"}, "Use letters and digits"),
        ({"username": ""}, "Use 2 to 50 characters"),
        ({"email": "anna"}, "This is not an email address"),
        ({"password": "short"}, "Use 10 to 1024 characters"),
        ({"password": "password123"}, "This password is among the first"),
        ({"password": "x\x00" * 10}, "Use 10 to 1024"),
        ({"username": "x\x00y"}, "Use letters and digits"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    client: httpx.AsyncClient, token: str, change: dict[str, str], words: str, rows: Any
) -> None:
    page = await send(client, token, **change)
    assert page.status_code == 422
    [field] = change
    assert re.search(rf'id="{field}-wrong">{words}', page.text)
    assert 'aria-invalid="true"' in page.text
    if field != "email":
        assert 'value="anna@example.com"' in page.text
    assert PASSWORD not in page.text
    assert await rows("SELECT id FROM users") == []
    assert (await send(client, token)).status_code == 200


async def test_everything_that_is_wrong_is_told_at_once(client: httpx.AsyncClient, token: str) -> None:
    page = await send(client, token, username="a b", email="anna", password="password123")
    assert page.text.count('class="wrong"') == 3


async def test_what_is_typed_cannot_become_html(client: httpx.AsyncClient, token: str) -> None:
    page = await send(client, token, username='"><script>alert(1)</script>')
    assert "<script" not in page.text
    assert (await client.get("/setup", params={"token": '"><script>'})).text.count("<script") == 0


async def test_a_username_that_somebody_has_is_told(client: httpx.AsyncClient, token: str, sign_in: SignIn) -> None:
    await sign_in(Role.member, username="anna", email=None, email_key=None)
    page = await send(client, token)
    assert page.status_code == 409
    assert "already used" in page.text
    assert (await send(client, token, username="anna2")).status_code == 200


async def test_the_page_needs_nothing_from_elsewhere_and_is_not_kept(client: httpx.AsyncClient, token: str) -> None:
    page = await client.get("/setup", params={"token": token})
    style = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "<script" not in page.text
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page.text)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


async def test_every_field_has_a_label_and_the_page_a_language(client: httpx.AsyncClient, token: str) -> None:
    page = await client.get("/setup", params={"token": token}, headers={"Accept-Language": "zh-CN,en;q=0.8"})
    assert '<html lang="zh">' in page.text
    assert "让这个网站属于你" in page.text
    for field in ("username", "email", "password"):
        assert f'<label for="{field}">' in page.text
        assert f'id="{field}"' in page.text


@pytest.mark.parametrize("content", [b"", b"token=%ff&username=%00", b"token=" + b"x" * 100_000])
async def test_odd_forms_are_answered_by_the_page(client: httpx.AsyncClient, token: str, content: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await client.post("/setup", content=content, headers=headers)).status_code == 410


async def test_an_owner_from_the_command_line_ends_the_link(
    services: Services, token: str, sign_in: SignIn, hashed: str
) -> None:
    await sign_in(Role.owner, hashed_password=hashed)
    assert await ensure_setup_token(services) is None
    assert not (services.settings.data / "setup.link").exists()


async def test_who_wrote_in_local_mode_is_taken_over(client: httpx.AsyncClient, services: Services, rows: Any) -> None:
    await ensure_local_owner(replace(services, local=True))
    [(local_id,)] = await rows("SELECT id FROM users")
    token = await ensure_setup_token(services)
    assert (await send(client, str(token))).status_code == 200
    [row] = await rows("SELECT id, username, email FROM users")
    assert tuple(row) == (local_id, "anna", "anna@example.com")
    assert await log_in(client, "anna") == 200


async def test_local_mode_finds_a_name_that_is_free(
    services: Services, member: Person, sign_in: SignIn, rows: Any
) -> None:
    await sign_in(Role.member, username="local")
    for _ in range(2):
        await ensure_local_owner(replace(services, local=True))
    found = await rows("SELECT username FROM users WHERE role = 'owner'")
    assert [name for (name,) in found] == ["local-owner"]
