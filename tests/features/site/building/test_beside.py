"""Pictures beside the posts: in the built-in theme's releases, and in previews."""

import re
import tracemalloc
from pathlib import Path

import httpx
import pytest
from tests.conftest import MovableClock
from tests.plugins.people import SignIn

from pressroom.features.source.pictures import Pictures
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.kernel.auth import Role
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

POSTS = "/api/v1/admin/posts"
LARGE = 8 * 1024 * 1024
POST = "---\ntitle: Hello\npublished: 2024-02-03\ncover: ./cover.jpg\n---\n\n![A picture](pic.png) ![Gone](gone.png)\n"


@pytest.fixture
async def folder(services: Services, tmp_path: Path, clock: MovableClock) -> Path:
    made = tmp_path / "words"
    made.mkdir()
    (made / "hello.md").write_text(POST)
    (made / "pic.png").write_bytes(b"\x89PNG first")
    (made / "cover.jpg").write_bytes(b"\xff\xd8 cover")
    (made / "other.png").write_bytes(b"\x89PNG nobody shows this")
    await attach(services, recognise(made))
    clock.move(minutes=1)
    return made


@pytest.fixture
async def editor(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.editor)


async def shown(client: httpx.AsyncClient, page: str, name: str) -> httpx.Response:
    (address,) = set(re.findall(rf'src="(/[^"]*{name}[^"]*)"', page))
    return await client.get(address)


async def test_a_page_of_the_theme_shows_the_pictures_beside_its_post(
    folder: Path, client: httpx.AsyncClient, editor: httpx.AsyncClient, runner: Runner
) -> None:
    await runner.run_until_idle()
    page = (await client.get("/posts/hello/")).text
    picture = await shown(client, page, "pic")
    assert picture.content == b"\x89PNG first"
    assert "immutable" in picture.headers["cache-control"]
    assert (await shown(client, page, "cover")).content == b"\xff\xd8 cover"
    assert 'src="gone.png"' in page

    (folder / "pic.png").write_bytes(b"\x89PNG second")
    (folder / "hello.md").write_text(POST + "More.\n")
    await editor.post("/api/v1/admin/site/builds")
    await runner.run_until_idle()
    again = (await client.get("/posts/hello/")).text
    assert (await shown(client, again, "pic")).content == b"\x89PNG second"
    assert (await shown(client, page, "pic")).content == b"\x89PNG first", "for those who have the old page open"


async def test_a_picture_that_comes_back_stays_for_as_long_as_it_is_shown(
    folder: Path, client: httpx.AsyncClient, editor: httpx.AsyncClient, runner: Runner, clock: MovableClock
) -> None:
    for words in (POST, POST.replace("pic.png", "other.png"), POST):
        (folder / "hello.md").write_text(words)
        clock.move(minutes=1)
        await editor.post("/api/v1/admin/site/builds", params={"everything": "true"} if words != POST else {})
        await runner.run_until_idle()
    clock.move(days=31)
    (folder / "another.md").write_text("---\ntitle: Another\npublished: 2024-02-04\n---\n\nWords.\n")
    await editor.post("/api/v1/admin/site/builds")
    await runner.run_until_idle()
    assert (await client.get("/posts/another/")).status_code == 200
    page = (await client.get("/posts/hello/")).text
    assert (await shown(client, page, "pic")).status_code == 200


async def test_a_missing_picture_is_told_in_the_log(folder: Path, editor: httpx.AsyncClient, runner: Runner) -> None:
    asked = await editor.post("/api/v1/admin/site/builds", params={"everything": "true"})
    await runner.run_until_idle()
    events = await editor.get(f"/api/v1/jobs/{asked.json()['job_id']}/events", headers={"Last-Event-ID": "0"})
    assert "hello.md shows gone.png, which is not there" in events.text


async def test_a_preview_shows_its_pictures_and_nothing_else(
    folder: Path, client: httpx.AsyncClient, editor: httpx.AsyncClient, clock: MovableClock
) -> None:
    (folder / "pic.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    seen = (await editor.get(f"{POSTS}/hello")).headers["etag"]
    await editor.patch(f"{POSTS}/hello", json={"content": "![](pic.svg) ![](pic.png)"}, headers={"If-Match": seen})
    link = (await editor.post(f"{POSTS}/hello/preview-links")).json()["url"]
    path = link.removeprefix("http://127.0.0.1:8000")
    page = (await client.get(path)).text

    assert (await shown(client, page, "pic.png")).content == b"\x89PNG first"
    assert (await shown(client, page, "cover")).content == b"\xff\xd8 cover"
    drawing = await shown(client, page, "pic.svg")
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in drawing.headers["content-security-policy"]
    for other in ("other.png", "hello.md", "../words/pic.png", "%2e%2e/words/pic.png", "gone.png", "", "a/b%00"):
        assert (await client.get(f"{path}/beside/{other}")).status_code in {404, 422}
    assert (await client.get(f"{path[:-2]}AA/beside/pic.png")).status_code == 404
    clock.move(days=2)
    assert (await client.get(f"{path}/beside/pic.png")).status_code == 410


async def test_a_build_holds_one_picture_at_a_time(folder: Path, client: httpx.AsyncClient, runner: Runner) -> None:
    for number in range(8):
        (folder / f"large{number}.jpg").write_bytes(bytes([number]) * LARGE)
    shown_all = "".join(f"![](large{number}.jpg)\n" for number in range(8))
    (folder / "hello.md").write_text(POST + shown_all)
    tracemalloc.start()
    try:
        await runner.run_until_idle()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    page = (await client.get("/posts/hello/")).text
    assert (await shown(client, page, "large7")).content == bytes([7]) * LARGE
    assert most < 4 * LARGE


async def test_a_picture_that_the_site_shows_already_is_read_once(
    folder: Path, editor: httpx.AsyncClient, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    await runner.run_until_idle()
    reads: list[str] = []
    read = Pictures.read

    def noted(pictures: Pictures, place: str) -> bytes | None:
        reads.append(place)
        return read(pictures, place)

    monkeypatch.setattr(Pictures, "read", noted)
    (folder / "hello.md").write_text(POST + "More.\n")
    await editor.post("/api/v1/admin/site/builds")
    await runner.run_until_idle()
    assert sorted(reads) == ["cover.jpg", "gone.png", "pic.png"]
