from typing import Any

import bcrypt
import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.accounts.conftest import PASSWORD
from tests.plugins.people import SEEN, Person, SignIn

from pressroom.features.accounts import passwords
from pressroom.features.accounts.service import sign_in as sign_in_module
from pressroom.kernel.auth import Role

LOGIN = "/api/v1/auth/login"


@pytest.fixture
async def zoe(sign_in: SignIn, hashed: str) -> Person:
    return await sign_in(Role.author, username="Zoe", hashed_password=hashed)


@pytest.fixture
def instantly(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Passwords are compared without hashing, so that a test may try many; the list counts the comparisons."""
    tried: list[bool] = []

    async def check(password: str, hashed: str | None) -> passwords.Checked:
        tried.append(hashed is not None)
        return passwords.Checked(hashed is not None and password == PASSWORD)

    monkeypatch.setattr(sign_in_module, "check_password", check)
    return tried


async def try_in(client: httpx.AsyncClient, name: str, password: str, ip: str = "127.0.0.1") -> httpx.Response:
    client._transport.client = (ip, 50000)  # type: ignore[attr-defined]  # another visitor's address
    return await client.post(LOGIN, json={"username": name, "password": password})


async def test_the_password_form_gives_tokens_that_work(client: httpx.AsyncClient, zoe: Person) -> None:
    form = {
        "grant_type": "password",
        "username": "zoe@EXAMPLE.com",
        "password": PASSWORD,
        "scope": "",
        "client_id": "x",
    }
    answer = await client.post("/token", data=form)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    tokens = answer.json()
    assert tokens.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 900)
    me = await client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert me.json()["username"] == "Zoe"
    assert me.json()["last_sign_in_at"] == "2026-03-01T12:00:00Z"


async def test_json_signs_in_too_whatever_the_case(client: httpx.AsyncClient, zoe: Person) -> None:
    assert (await try_in(client, "ZOE", PASSWORD)).status_code == 200


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    client: httpx.AsyncClient, sign_in: SignIn, hashed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(Role.author, username="zoe", hashed_password=hashed)
    await sign_in(Role.author, username="max", hashed_password=hashed, is_active=False)
    await sign_in(Role.author, username="eva", hashed_password=None)
    hasher = passwords._hasher()
    verified: list[str] = []
    original = type(hasher).verify_and_update

    def verify(self: Any, password: bytes, stored: str) -> tuple[bool, str | None]:
        verified.append(stored)
        return original(self, password, stored)

    monkeypatch.setattr(type(hasher), "verify_and_update", verify)
    answers: list[tuple[int, Any]] = []
    for name in ("zoe", "nobody", "max", "eva", "nobody@example.com", "x\u200by"):
        answer = await client.post("/token", data={"username": name, "password": "a wrong sentence"})
        told = answer.json() | {"error": {**answer.json()["error"], "timestamp": "", "request_id": ""}}
        answers.append((answer.status_code, told))
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 401
    assert len(verified) == 6
    assert all(one.split("$")[1:4] == verified[0].split("$")[1:4] for one in verified)


async def test_an_old_hash_is_upgraded_by_signing_in(client: httpx.AsyncClient, sign_in: SignIn, rows: Any) -> None:
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    zoe = await sign_in(Role.author, username="zoe", hashed_password=old)
    assert (await try_in(client, "zoe", PASSWORD)).status_code == 200
    [(stored,)] = await rows("SELECT hashed_password FROM users")
    assert stored.startswith("$argon2id$")
    assert (await try_in(client, "zoe", PASSWORD)).status_code == 200
    assert (await zoe.get("/api/v1/auth/me")).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "zoe"},
        {"username": "zoe", "password": "x", "extra": 1},
        {"username": "z\x00", "password": "x"},
        {"username": "zoe", "password": "x" * 1025},
        {"username": ["zoe"], "password": "x"},
    ],
)
async def test_bad_input_is_told(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post(LOGIN, json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["details"]["fields"]


@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"username=a%00b&password=x",
        b"username=%ED%A0%80&password=%ED%A0%80",
        b"grant_type=x&username=a&password=b",
    ],
)
async def test_a_bad_form_is_told(client: httpx.AsyncClient, form: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await client.post("/token", content=form, headers=headers)).status_code in (401, 422)


async def test_guessing_one_account_from_one_address_is_stopped(
    client: httpx.AsyncClient, zoe: Person, instantly: list[bool], clock: MovableClock
) -> None:
    assert [(await try_in(client, "zoe", "wrong")).status_code for _ in range(6)] == [401] * 5 + [429]
    assert len(instantly) == 5
    refused = await try_in(client, "zoe", PASSWORD)
    assert refused.json()["error"]["code"] == "accounts.too_many_attempts"
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert (await try_in(client, "zoe", PASSWORD, "192.0.2.1")).status_code == 200
    clock.move(seconds=int(refused.headers["Retry-After"]))
    assert (await try_in(client, "zoe", PASSWORD)).status_code == 200


async def test_unknown_names_are_throttled_alike(client: httpx.AsyncClient, instantly: list[bool]) -> None:
    assert [(await try_in(client, "nobody", "wrong")).status_code for _ in range(6)] == [401] * 5 + [429]


async def test_guessing_many_accounts_from_one_address_is_stopped(
    client: httpx.AsyncClient, zoe: Person, instantly: list[bool]
) -> None:
    answers = [(await try_in(client, f"name{n}", "wrong", "2001:db8::1")).status_code for n in range(21)]
    assert answers == [401] * 20 + [429]
    assert (await try_in(client, "zoe", PASSWORD, "2001:db8::2")).status_code == 429  # the same network of 64 bits
    assert (await try_in(client, "zoe", PASSWORD, "2001:db8:0:1::1")).status_code == 200


async def test_the_right_password_forgives(client: httpx.AsyncClient, zoe: Person, instantly: list[bool]) -> None:
    for _ in range(10):
        for _ in range(3):
            await try_in(client, "zoe", "wrong")
        await try_in(client, "zoe", PASSWORD)
    assert (await try_in(client, "zoe", PASSWORD)).status_code == 429  # 30 wrong ones from one address are too many
    assert (await try_in(client, "zoe", PASSWORD, "192.0.2.7")).status_code == 200


@pytest.mark.parametrize("accounts", [{"attempts_per_account": 8}])
@pytest.mark.parametrize(
    ("before", "now"), [("198.51.100.9", "198.51.100.9"), ("2001:db8::1", "2001:db8::a:b")], ids=["IPv4", "IPv6"]
)
async def test_nobody_can_lock_another_out(
    client: httpx.AsyncClient, zoe: Person, instantly: list[bool], clock: MovableClock, before: str, now: str
) -> None:
    assert (await try_in(client, "zoe", PASSWORD, before)).status_code == 200
    for n in range(12):
        await try_in(client, "zoe", "wrong", f"203.0.113.{n}")
    # Strangers take turns, five seconds each …
    refused = await try_in(client, "zoe", PASSWORD, "203.0.113.99")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")
    clock.move(seconds=5)
    assert (await try_in(client, "zoe", PASSWORD, "203.0.113.99")).status_code == 200
    # … and an address that signed in before, or its network of 64 bits, does not wait at all.
    for _ in range(2):
        assert (await try_in(client, "zoe", PASSWORD, now)).status_code == 200


async def test_attempts_that_nobody_had_time_to_check_are_not_counted(
    client: httpx.AsyncClient, zoe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = {"current_password": PASSWORD, "email": "zoe@example.org"}
    with monkeypatch.context() as busy:
        busy.setattr(passwords, "_waiting", passwords.LONGEST_QUEUE)
        for _ in range(21):
            assert (await try_in(client, "zoe", PASSWORD)).json()["error"]["code"] == "request.too_many"
            assert (await zoe.patch("/api/v1/users/me", json=change, headers=SEEN)).status_code == 429
    assert (await try_in(client, "zoe", PASSWORD)).status_code == 200
    assert (await zoe.patch("/api/v1/users/me", json=change, headers=SEEN)).status_code == 200


@pytest.mark.parametrize("accounts", [{"attempts_per_account": 8}])
async def test_waiting_for_a_turn_uses_up_no_attempts(
    client: httpx.AsyncClient, zoe: Person, instantly: list[bool], clock: MovableClock
) -> None:
    for n in range(9):
        await try_in(client, "zoe", "wrong", f"203.0.113.{n}")
    for _ in range(21):
        assert (await try_in(client, "zoe", PASSWORD, "198.51.100.9")).headers["Retry-After"] == "5"
    clock.move(seconds=5)
    assert (await try_in(client, "zoe", PASSWORD, "198.51.100.9")).status_code == 200


async def test_an_account_that_changes_while_its_password_is_checked_is_not_let_in(
    client: httpx.AsyncClient, zoe: Person, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(password: str, hashed: str | None) -> passwords.Checked:
        assert (await owner.delete(f"/api/v1/users/{zoe.id}")).status_code == 204
        return passwords.Checked(is_right=True)

    monkeypatch.setattr(sign_in_module, "check_password", slow)
    assert (await try_in(client, "zoe", PASSWORD)).status_code == 401
