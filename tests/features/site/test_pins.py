"""Pins that meet a build or another process at the same moment."""

from typing import Any

import httpx
import pytest
from tests.features.posts.desk import code, publish
from tests.features.site.going_back import SITE, history, releases
from tests.plugins.people import Person

from pressroom.features.posts.settings import PostsSettings
from pressroom.features.site.feature import start
from pressroom.features.site.repository import SiteRepository
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


@pytest.mark.parametrize("wish", ["roll back", "unpin"])
async def test_what_another_process_takes_live_during_a_start_stays_live(
    editor: Person, services: Services, runner: Runner, monkeypatch: pytest.MonkeyPatch, wish: str
) -> None:
    await history(editor, runner)
    newest, older = (each["id"] for each in (await releases(editor))[:2])
    back = f"{SITE}/releases/{older}/activate"
    if wish == "unpin":
        await editor.post(back)
    found = SiteRepository.list_releases

    async def found_and_outdated(repository: SiteRepository) -> Any:
        rows = await found(repository)
        done = await editor.post(f"{SITE}/unpin" if wish == "unpin" else back)
        assert done.is_success
        return rows

    monkeypatch.setattr(SiteRepository, "list_releases", found_and_outdated)
    await start(services)
    assert workshop(services).store.current() == (newest if wish == "unpin" else older)
