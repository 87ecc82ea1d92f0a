"""What a start does before the first answer."""

import httpx
from structlog.testing import capture_logs
from tests.conftest import started
from tests.kernel.http.conftest import PROBE, site

from pressroom.kernel.errors import DatabaseFull
from pressroom.kernel.feature import Feature
from pressroom.kernel.http.app import build_framework, build_front_door
from pressroom.kernel.services import Services


async def test_a_full_disk_keeps_nobody_from_reading(services: Services) -> None:
    begun: list[str] = []

    async def no_room(_services: Services) -> None:
        raise DatabaseFull

    async def begin(_services: Services) -> None:
        begun.append("the next one")

    features = [PROBE, Feature(name="mending", on_start=no_room), Feature(name="next", on_start=begin)]
    app = build_front_door(build_framework(services, features), services, site)
    transport = httpx.ASGITransport(app)
    with capture_logs() as logs:
        async with started(app), httpx.AsyncClient(transport=transport, base_url="http://testserver") as visitor:
            assert (await visitor.get("/")).status_code == 200
    assert begun == ["the next one"]
    assert [line["feature"] for line in logs if line["event"] == "start.no_room"] == ["mending"]
