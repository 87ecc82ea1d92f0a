import httpx
import pytest
from tests.features.accounts.conftest import PASSWORD
from tests.features.accounts.test_registration import INVITES, REGISTER, ZOE, Mails, log_in, token_in
from tests.plugins.people import Person

from pressroom.kernel.jobs.runner import Runner


async def test_an_invitation_is_accepted_on_its_page(client: httpx.AsyncClient, owner: Person) -> None:
    link = (await owner.post(INVITES, json={"email": "zoe@example.com", "role": "author"})).json()["link"]
    address = link.removeprefix("http://127.0.0.1:8000")
    for _ in range(2):  # mail programs look at links before people do
        page = await client.get(address)
        assert page.status_code == 200
        assert 'name="display_name"' in page.text
    token = address.split("token=")[1]
    form = {"token": token, "username": "zoe", "display_name": "", "password": PASSWORD}
    taken = await client.post("/account/join", data=form | {"username": "owner"})
    assert (taken.status_code, "already used" in taken.text) == (409, True)
    assert (await client.post("/account/join", data=form)).status_code == 200
    assert await log_in(client, "zoe@example.com") == 200
    assert (await client.get(address)).status_code == 410


async def test_a_new_password_is_set_on_its_page(
    client: httpx.AsyncClient, author: Person, runner: Runner, mails: Mails
) -> None:
    await client.post("/api/v1/auth/password/forgot", json={"email": "author@example.com"})
    await runner.run_until_idle()
    token = token_in(mails()[0])
    assert (await client.get("/account/password", params={"token": token})).status_code == 200
    weak = await client.post("/account/password", data={"token": token, "password": "password123"})
    assert (weak.status_code, "among the first" in weak.text) == (422, True)
    done = await client.post("/account/password", data={"token": token, "password": PASSWORD})
    assert (done.status_code, "was changed" in done.text) == (200, True)
    assert await log_in(client, "author") == 200


async def test_an_address_is_confirmed_on_its_page(client: httpx.AsyncClient, runner: Runner, mails: Mails) -> None:
    await client.post(REGISTER, json=ZOE)
    await runner.run_until_idle()
    token = token_in(mails()[0])
    page = await client.get("/account/confirm", params={"token": token})
    assert (page.status_code, page.text.count("<input")) == (200, 1)
    assert (await client.post("/account/confirm", data={"token": token})).status_code == 200
    assert await log_in(client, "zoe") == 200
    again = await client.post("/account/confirm", data={"token": token})
    assert (again.status_code, "does not work" in again.text) == (410, True)


@pytest.mark.parametrize("page", ["join", "password", "confirm"])
async def test_wrong_links_say_so(client: httpx.AsyncClient, page: str) -> None:
    for token in ("", "nonsense", "A" * 43):
        assert (await client.get(f"/account/{page}", params={"token": token})).status_code == 410
        assert (await client.post(f"/account/{page}", data={"token": token, "password": "x"})).status_code == 410


@pytest.fixture
def accounts() -> dict[str, str]:
    return {"registration": "open"}
