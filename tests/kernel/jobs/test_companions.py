"""What runs beside the jobs: begun with them, ended with them, begun again when it fails."""

import asyncio

import pytest
from structlog.testing import capture_logs

from pressroom.kernel.jobs import companions
from pressroom.kernel.jobs.companions import accompanied
from pressroom.kernel.services import Services


async def test_companions_run_beside_and_end_with_the_block(services: Services) -> None:
    seen: list[str] = []

    async def stays(given: Services) -> None:
        assert given is services
        seen.append("begun")
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("ended")

    async def leaves(_services: Services) -> None:
        seen.append("left")

    async with accompanied(services, (stays, leaves)):
        await asyncio.sleep(0)
        assert seen == ["begun", "left"]
    assert seen == ["begun", "left", "ended"]


async def test_one_that_fails_is_logged_and_begun_again(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companions, "AGAIN_SECONDS", 0.01)
    again = asyncio.Event()
    tries = iter([OSError("the database stumbled")])

    async def stumbles(_services: Services) -> None:
        if error := next(tries, None):
            raise error
        again.set()

    with capture_logs() as logs:
        async with accompanied(services, (stumbles,)):
            await asyncio.wait_for(again.wait(), 5)
    assert [(line["event"], line["companion"]) for line in logs] == [("companion.failed", "stumbles")]
