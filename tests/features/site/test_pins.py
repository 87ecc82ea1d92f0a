"""Pins that meet a build or another process at the same moment."""

from typing import Any

import httpx
import pytest
from tests.features.posts.desk import code, publish
from tests.features.site.going_back import SITE, history, releases
from tests.plugins.people import Person

from pressroom.features.posts.settings import PostsSettings
from pressroom.features.site.service import SiteService
from pressroom.features.site.workshop import workshop
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(PostsSettings(welcome=False))


async def test_a_pin_to_a_release_that_a_build_has_just_pruned_holds_nothing_up(
    editor: Person, client: httpx.AsyncClient, services: Services, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    await history(editor, runner)
    older = (await releases(editor))[1]
    wish = SiteService._wish

    async def pruned_meanwhile(*arguments: Any, **named: Any) -> Any:
        job_id = await wish(*arguments, **named)
        workshop(services).store.tidy(keep=1)  # a build that asked for the pin just before the wish
        return job_id

    monkeypatch.setattr(SiteService, "_wish", pruned_meanwhile)
    refused = await editor.post(f"{SITE}/releases/{older['id']}/activate")
    assert (refused.status_code, code(refused)) == (404, "site.release_not_found")

    assert (await editor.get(SITE)).json()["pinned_to"] is None
    await publish(editor, "After the pin")
    await runner.run_until_idle()
    assert (await client.get("/posts/after-the-pin/")).status_code == 200
