"""Where somebody is signed in, page by page."""

from dataclasses import replace

import httpx
from tests.conftest import MovableClock, started
from tests.plugins.people import Person

from pressroom.features.accounts.models import User
from pressroom.features.accounts.service.sessions import Device, open_session
from pressroom.kernel.services import Services
from pressroom.main import create_app

SESSIONS = "/api/v1/auth/sessions"


async def test_sessions_are_a_list_like_any_other(author: Person, services: Services, clock: MovableClock) -> None:
    async with services.unit() as unit:
        user = await unit.session.get_one(User, author.id)
        for number in (1, 2):
            clock.move(minutes=1)
            await open_session(services, unit, user=user, device=Device(f"192.0.2.{number}", "a phone"))
    first = await author.get(SESSIONS, params={"limit": 2})
    assert [one["ip"] for one in first.json()["data"]] == ["192.0.2.2", "192.0.2.1"]
    assert first.json()["meta"] == {"total": 3, "limit": 2, "offset": 0, "next": f"{SESSIONS}?limit=2&offset=2"}
    assert first.headers["Link"] == f'<{SESSIONS}?limit=2&offset=2>; rel="next"'
    last = await author.get(first.json()["meta"]["next"])
    assert [one["is_current"] for one in last.json()["data"]] == [True]
    for wrong in ({"sort": "ip"}, {"limit": 0}, {"limit": 101}):
        assert (await author.get(SESSIONS, params=wrong)).status_code == 422


async def test_without_sign_in_there_are_no_sessions(services: Services) -> None:
    app = create_app(replace(services, local=True))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
    async with started(app), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as visitor:
        listed = (await visitor.get(SESSIONS)).json()
    assert listed == {"data": [], "meta": {"total": 0, "limit": 20, "offset": 0, "next": None}}
