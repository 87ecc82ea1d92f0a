"""What a newcomer does in the first ten minutes, against the real program over real sockets."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.plugins.publication import Publication, clean_environ

pytestmark = pytest.mark.e2e
IMAGES = Path(__file__).parents[2] / "docs" / "images"


def publish(client: httpx.Client, title: str, content: str) -> dict[str, Any]:
    made = client.post("/api/v1/admin/posts", json={"title": title, "content": content, "tags": ["news"]})
    assert made.status_code == 201, made.text
    etag = made.headers["etag"]
    done = client.post(f"/api/v1/admin/posts/{made.json()['id']}/publish", headers={"If-Match": etag})
    assert done.status_code == 200, done.text
    published: dict[str, Any] = done.json()
    return published


def wait_for_page(address: str, path: str, *, status: int = 200, seconds: float = 15) -> httpx.Response:
    until = time.monotonic() + seconds
    while True:
        page = httpx.get(address + path, timeout=5)
        if page.status_code == status:
            return page
        assert time.monotonic() < until, f"{path} answers {page.status_code}"
        time.sleep(0.01)


def test_the_first_start_gives_a_site_and_a_link_that_makes_the_owner(publication: Publication) -> None:
    publication.wait_for_site()
    home = httpx.get(publication.address)
    assert "Pressroom" in home.text
    post = re.search(r'href="(/posts/[^"]+/)"', home.text)
    assert post, "the welcome post is on the first page"
    assert httpx.get(publication.address + post.group(1)).status_code == 200
    assert httpx.get(publication.address + "/rss.xml").headers["content-type"].startswith("application/rss+xml")

    form = {"username": "ada", "email": "ada@example.com", "password": "correct horse battery"}
    page = httpx.get(publication.setup_link)
    assert page.status_code == 200
    token = re.search(r"token=(\S+)", publication.setup_link).group(1)  # type: ignore[union-attr]  # it has one
    done = httpx.post(f"{publication.address}/setup", data=form | {"token": token}, timeout=20)
    assert done.status_code in (200, 201), done.text
    signed_in = httpx.post(f"{publication.address}/token", data={"username": "ada", "password": form["password"]})
    assert signed_in.status_code == 200
    assert httpx.get(publication.setup_link).status_code == 410


def test_publish_rollback_and_unpin_by_hand(publication: Publication) -> None:
    owner = publication.owner()
    publication.wait_for_site()
    publish(owner, "Written by hand", "Hello *there*.")
    wait_for_page(publication.address, "/posts/written-by-hand/")

    back = publication.run("site", "rollback", "--yes")
    assert back.returncode == 0, back.stderr
    assert httpx.get(f"{publication.address}/posts/written-by-hand/").status_code == 404
    again = publication.run("site", "unpin")
    assert again.returncode == 0, again.stderr
    assert httpx.get(f"{publication.address}/posts/written-by-hand/").status_code == 200


def test_a_kill_in_the_middle_of_publishing_loses_nothing(publication: Publication) -> None:
    owner = publication.owner()
    publication.wait_for_site()
    publish(owner, "Before the crash", "Kept.")
    publication.kill()
    publication.start()

    assert httpx.get(f"{publication.address}/api/v1/posts/before-the-crash").status_code == 200
    wait_for_page(publication.address, "/posts/before-the-crash/")


def test_an_idle_server_stops_at_once(publication: Publication) -> None:
    publication.wait_for_site()
    assert publication.stop() < 2


def test_a_worker_beside_the_server_does_the_jobs(make_publication: Callable[..., Publication]) -> None:
    publication = make_publication(environ={"PRESSROOM_JOBS__EMBEDDED": "false"})
    publication.start()
    owner = publication.owner()
    publish(owner, "For the worker", "Words.")
    assert httpx.get(f"{publication.address}/").status_code == 503
    command = [sys.executable, "-m", "pressroom", "--data", str(publication.data), "worker"]
    worker = subprocess.Popen(command, env=clean_environ(), stderr=subprocess.DEVNULL)
    try:
        wait_for_page(publication.address, "/posts/for-the-worker/")
    finally:
        worker.terminate()
        assert worker.wait(10) == 0


def test_two_commands_at_once_do_not_collide(publication: Publication) -> None:
    publication.wait_for_site()
    assert publication.run("site", "build", "--all").returncode == 0
    assert publication.run("doctor").returncode == 0
    assert publication.run("db", "check").returncode == 0


def test_local_mode_needs_no_sign_in_and_refuses_other_pages(make_publication: Callable[..., Publication]) -> None:
    publication = make_publication(arguments=("--local",))
    publication.start()
    made = httpx.post(f"{publication.address}/api/v1/admin/posts", json={"title": "Mine", "content": "Words"})
    assert made.status_code == 201, made.text
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        refused = httpx.get(f"{publication.address}/api/v1/admin/posts", headers=headers)
        assert refused.status_code == 403, headers


def test_local_mode_listens_on_this_machine_only(publication: Publication) -> None:
    refused = publication.run("serve", "--local", "--host", "0.0.0.0", "--port", "0")  # noqa: S104  # what is refused
    assert refused.returncode == 1
    assert "this machine only" in refused.stderr


def test_a_taken_port_is_said_plainly(publication: Publication) -> None:
    second = publication.run("serve", "--port", str(publication.port))
    assert second.returncode == 1
    assert "something else is listening" in second.stderr


@pytest.fixture
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium, and this is CI")
        pytest.skip("no Chromium on this machine")
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=quiet)
        yield running
        running.close()


def test_the_site_and_the_set_up_page_in_a_real_browser(publication: Publication, browser: Browser) -> None:
    publication.wait_for_site()
    complaints: list[str] = []
    foreign: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on(
        "request", lambda request: None if request.url.startswith(publication.address) else foreign.append(request.url)
    )

    page.goto(publication.setup_link)
    _picture(page, "setup")
    page.fill("input[name=username]", "ada")
    page.fill("input[name=email]", "ada@example.com")
    page.fill("input[name=password]", "correct horse battery")
    page.click("button[type=submit]")
    page.wait_for_load_state()
    assert "/setup" in page.url
    client = publication.sign_in("ada", "correct horse battery")
    publish(client, "A page that loads", "With `code` and a [link](https://example.com).\n\n- one\n- two\n")
    wait_for_page(publication.address, "/posts/a-page-that-loads/")
    for path in ("/", "/posts/a-page-that-loads/", "/archive/", "/search/?q=loads", "/tags/news/"):
        page.goto(publication.address + path)
        assert page.locator("h1").first.is_visible()
    page.goto(publication.address + "/search/?q=loads")
    page.get_by_role("link", name="A page that loads").first.wait_for()
    page.goto(publication.address + "/")
    _picture(page, "home")

    assert complaints == []
    assert foreign == []


def _picture(page: Any, name: str) -> None:
    """Screenshots for the documentation, renewed by `make screenshots`."""
    if os.environ.get("PRESSROOM_TEST_SCREENSHOTS"):
        IMAGES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=IMAGES / f"{name}.png")
