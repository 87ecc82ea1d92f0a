import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.posts.desk import POSTS, write
from tests.plugins.people import Person

from pressroom.features.posts.errors import PreviewExpired, PreviewNotFound
from pressroom.features.posts.service.previews import check_preview_token
from pressroom.kernel.services import Services


async def test_a_link_shows_its_post_until_it_expires(author: Person, services: Services, clock: MovableClock) -> None:
    made = await write(author)
    link = (await author.post(f"{POSTS}/{made['id']}/preview-links", json={"hours": 2})).json()
    assert link["expires_at"] == "2026-03-01T14:00:00Z"
    assert link["url"].startswith("http://127.0.0.1:8000/preview/")
    token = link["url"].rpartition("/")[2]
    assert str(check_preview_token(services, token)) == made["id"]
    clock.move(hours=2)
    with pytest.raises(PreviewExpired):
        check_preview_token(services, token)


async def test_a_changed_link_leads_nowhere(author: Person, services: Services) -> None:
    made = await write(author)
    link = (await author.post(f"{POSTS}/{made['id']}/preview-links")).json()
    assert link["expires_at"] == "2026-03-02T12:00:00Z", "a day, unless the settings say otherwise"
    token = link["url"].rpartition("/")[2]
    other = "A" if token[3] != "A" else "B"
    for bad in (token[:3] + other + token[4:], token[:-2], token + "AAAA", "", "é", "%00", "a" * 500):
        with pytest.raises(PreviewNotFound):
            check_preview_token(services, bad)


async def test_a_link_cannot_last_for_ever(author: Person, client: httpx.AsyncClient) -> None:
    made = await write(author)
    for hours in (0, 721, -1, "long"):
        answer = await author.post(f"{POSTS}/{made['id']}/preview-links", json={"hours": hours})
        assert answer.status_code == 422
