import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from tests.features.accounts.conftest import PASSWORD
from tests.features.accounts.test_registration import log_in
from tests.plugins.people import SEEN, Person, SignIn

from pressroom.features.accounts.service import find_person, people
from pressroom.kernel.auth import Role
from pressroom.kernel.ids import new_id
from pressroom.kernel.services import Services

USERS = "/api/v1/users"
MAX = {"username": "max", "email": "max@example.com", "role": "author"}


async def test_only_admins_see_and_change_people(client: httpx.AsyncClient, editor: Person) -> None:
    for someone, status in ((client, 401), (editor, 403)):
        assert (await someone.get(USERS)).status_code == status
        assert (await someone.post(USERS, json=MAX)).status_code == status
        assert (await someone.get(f"{USERS}/{editor.id}")).status_code == status
        assert (await someone.patch(f"{USERS}/{editor.id}", json={"role": "owner"}, headers=SEEN)).status_code == status
        assert (await someone.delete(f"{USERS}/{editor.id}")).status_code == status


async def test_a_list_is_filtered_sorted_and_paged(admin: Person, author: Person, sign_in: SignIn) -> None:
    await sign_in(Role.author, username="Zoë", is_active=False)
    listed = await admin.get(USERS, params={"role": "author", "sort": "-username", "limit": 1})
    assert [one["username"] for one in listed.json()["data"]] == ["Zoë"]
    meta = listed.json()["meta"]
    assert (meta["total"], meta["next"]) == (2, f"{USERS}?role=author&sort=-username&limit=1&offset=1")
    assert listed.headers["Link"] == f'<{meta["next"]}>; rel="next"'
    following = await admin.get(meta["next"])
    assert [one["username"] for one in following.json()["data"]] == ["author"]
    assert following.json()["meta"]["next"] is None
    assert "Link" not in following.headers
    for query, names in (({"q": "ZOË"}, ["Zoë"]), ({"q": "%"}, []), ({"is_active": "false"}, ["Zoë"])):
        assert [one["username"] for one in (await admin.get(USERS, params=query)).json()["data"]] == names


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "offset=-1", "sort=password", "color=red", "q=%00", "role=king"]
)
async def test_a_list_refuses_what_it_does_not_understand(admin: Person, query: str) -> None:
    assert (await admin.get(f"{USERS}?{query}")).status_code == 422


async def test_a_list_costs_the_same_however_long_it_is(admin: Person, sign_in: SignIn, services: Services) -> None:
    seen: list[str] = []
    event.listen(services.database.reader.sync_engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    async def count() -> int:
        seen.clear()
        await admin.get(USERS)
        return len([sql for sql in seen if "SELECT" in sql])

    few = await count()
    for n in range(5):
        await sign_in(Role.member, username=f"m{n}")
    assert await count() == few == 3


async def test_an_admin_makes_somebody(client: httpx.AsyncClient, admin: Person) -> None:
    answer = await admin.post(USERS, json=MAX | {"password": PASSWORD, "display_name": "Max Müller"})
    assert answer.status_code == 201
    made = answer.json()
    assert (await admin.get(answer.headers["Location"])).json() == made
    assert (made["role"], made["display_name"], made["is_active"]) == ("author", "Max Müller", True)
    assert await log_in(client, "max") == 200


async def test_without_a_password_nobody_signs_in_by_one(client: httpx.AsyncClient, admin: Person) -> None:
    assert (await admin.post(USERS, json=MAX)).json()["display_name"] == "max"
    assert await log_in(client, "max") == 401


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"username": "ADMIN"}, 409, "accounts.username_taken"),
        ({"email": "Admin@example.com"}, 409, "accounts.email_taken"),
        ({"role": "owner"}, 403, "auth.not_permitted"),
        ({"role": "king"}, 422, "request.invalid"),
        ({"password": "short"}, 422, "accounts.password_refused"),
        ({"is_active": False}, 422, "request.invalid"),
    ],
)
async def test_somebody_who_cannot_be_made(admin: Person, change: dict[str, Any], status: int, code: str) -> None:
    answer = await admin.post(USERS, json=MAX | change)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert (await admin.get(USERS)).json()["meta"]["total"] == 1


async def test_of_two_with_one_name_at_the_same_instant_one_is_made(admin: Person) -> None:
    answers = await asyncio.gather(
        *(
            admin.post(USERS, json=MAX | {"email": f"max{n}@example.com", "username": "mAx" if n else "Max"})
            for n in range(4)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_what_is_changed_and_what_is_left(owner: Person, author: Person) -> None:
    before = (await owner.get(f"{USERS}/{author.id}")).json()
    answer = await owner.patch(
        f"{USERS}/{author.id}", json={"username": "Zoe", "display_name": "Zoë", "email": None}, headers=SEEN
    )
    assert answer.status_code == 200
    assert answer.json() == before | {"username": "Zoe", "display_name": "Zoë", "version": 2}
    assert answer.headers["ETag"] == '"2"'
    assert (await author.get("/api/v1/auth/me")).status_code == 200  # a name ends no session


async def test_another_address_is_not_confirmed(owner: Person, author: Person) -> None:
    answer = await owner.patch(f"{USERS}/{author.id}", json={"email": "zoe@example.com"}, headers=SEEN)
    assert (answer.json()["email"], answer.json()["email_verified_at"]) == ("zoe@example.com", None)
    taken = await owner.patch(f"{USERS}/{author.id}", json={"email": "OWNER@example.com"}, headers=SEEN)
    assert taken.status_code == 409


@pytest.mark.parametrize("change", [{"role": "editor"}, {"is_active": False}, {"password": PASSWORD}])
async def test_role_activity_and_password_end_every_token(
    client: httpx.AsyncClient, owner: Person, author: Person, change: dict[str, Any]
) -> None:
    assert (await owner.patch(f"{USERS}/{author.id}", json=change, headers=SEEN)).status_code == 200
    assert (await author.get("/api/v1/auth/me")).status_code == 401
    refreshed = await client.post("/api/v1/auth/refresh", json={"refresh_token": author.refresh_token})
    assert refreshed.status_code == 401


async def test_deactivated_people_stay_and_can_come_back(owner: Person, author: Person) -> None:
    assert (await owner.delete(f"{USERS}/{author.id}")).status_code == 204
    assert (await author.get("/api/v1/auth/me")).status_code == 401
    assert (await owner.get(f"{USERS}/{author.id}")).json()["is_active"] is False
    back = await owner.patch(f"{USERS}/{author.id}", json={"is_active": True}, headers=SEEN)
    assert back.json()["is_active"] is True
    assert (await author.get("/api/v1/auth/me")).status_code == 401


async def test_admins_change_those_below_them_only(
    admin: Person, owner: Person, author: Person, sign_in: SignIn
) -> None:
    peer = await sign_in(Role.admin, username="peer")
    for target in (owner, peer, admin):
        assert (await admin.patch(f"{USERS}/{target.id}", json={"display_name": "X"}, headers=SEEN)).status_code == 403
        assert (await admin.delete(f"{USERS}/{target.id}")).status_code == 403
    assert (await admin.patch(f"{USERS}/{author.id}", json={"role": "owner"}, headers=SEEN)).status_code == 403
    assert (await admin.patch(f"{USERS}/{author.id}", json={"role": "admin"}, headers=SEEN)).status_code == 200
    assert (await owner.patch(f"{USERS}/{admin.id}", json={"role": "member"}, headers=SEEN)).status_code == 200


@pytest.mark.parametrize("change", [{"role": "admin"}, {"is_active": False}])
async def test_the_last_owner_stays(owner: Person, sign_in: SignIn, change: dict[str, Any]) -> None:
    await sign_in(Role.owner, username="gone", is_active=False)
    answer = await owner.patch(f"{USERS}/{owner.id}", json=change, headers=SEEN)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "accounts.last_owner")
    assert (await owner.delete(f"{USERS}/{owner.id}")).status_code == 409
    await sign_in(Role.owner, username="second")
    assert (await owner.patch(f"{USERS}/{owner.id}", json=change, headers=SEEN)).status_code == 200


async def test_two_owners_who_demote_each_other_at_once_leave_one(owner: Person, sign_in: SignIn, rows: Any) -> None:
    second = await sign_in(Role.owner, username="second")
    answers = await asyncio.gather(
        owner.patch(f"{USERS}/{second.id}", json={"role": "member"}, headers=SEEN),
        second.patch(f"{USERS}/{owner.id}", json={"role": "member"}, headers=SEEN),
    )
    assert sorted(answer.status_code for answer in answers) in ([200, 401], [200, 403], [200, 409])
    assert len(await rows("SELECT id FROM users WHERE role = 'owner'")) == 1


async def test_nobody_is_nobody(owner: Person) -> None:
    for person in (new_id(), "nonsense"):
        status = 422 if person == "nonsense" else 404
        assert (await owner.get(f"{USERS}/{person}")).status_code == status
        assert (await owner.patch(f"{USERS}/{person}", json={"role": "member"}, headers=SEEN)).status_code == status
        assert (await owner.delete(f"{USERS}/{person}")).status_code == status


async def test_other_slices_ask_who_is_who_in_bulk(author: Person, editor: Person, services: Services) -> None:
    async with services.reading() as session:
        found = await people(session, {author.id, editor.id, new_id()})
        assert {(one.username, one.display_name) for one in found.values()} == {
            ("author", "Author"),
            ("editor", "Editor"),
        }
        assert await people(session, []) == {}
        assert await find_person(session, "AUTHOR") == found[author.id]
        assert await find_person(session, "nobody") is None


async def test_nobody_overwrites_a_change_that_they_have_not_seen(owner: Person, admin: Person, author: Person) -> None:
    at = f"{USERS}/{author.id}"
    shown = await owner.get(at)
    assert (shown.headers["ETag"], shown.json()["version"]) == ('"1"', 1)
    blind = await owner.patch(at, json={"role": "editor"})
    assert (blind.status_code, blind.json()["error"]["code"]) == (428, "request.if_match_missing")
    assert (await admin.patch(at, json={"role": "member"}, headers={"If-Match": '"1"'})).headers["ETag"] == '"2"'
    late = await owner.patch(at, json={"role": "editor", "password": PASSWORD}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["error"]["code"]) == (412, "accounts.user_changed")
    details = late.json()["error"]["details"]
    assert details["yours"] == {"if_match": ['"1"'], "user": {"role": "editor"}}
    assert (details["current"]["version"], details["current"]["user"]["role"]) == (2, "member")
    assert (await owner.get(at)).json()["role"] == "member"


async def test_nor_of_themselves(author: Person) -> None:
    me = "/api/v1/users/me"
    seen = {"If-Match": (await author.get(me)).headers["ETag"]}
    assert (await author.patch(me, json={"display_name": "Ada"})).status_code == 428
    assert (await author.patch(me, json={"display_name": "Ada"}, headers=seen)).json()["version"] == 2
    assert (await author.patch(me, json={"display_name": "Zoë"}, headers=seen)).status_code == 412
