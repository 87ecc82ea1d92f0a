import gzip
import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx
import pytest
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pressroom.kernel.http.viewers import VIEWERS, viewer_routes

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists() and not os.environ.get("CI"), reason=f"There is no Chromium at {CHROMIUM}."
)
DESCRIPTION = """# Writing

| method | does |
|---|---|
| `GET` | **reads** |

```python
print("words")
```

![a picture](data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E)
"""
every_viewer = pytest.mark.parametrize("name", [viewer.name for viewer in VIEWERS])
Token = Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="/token"))]


def an_api() -> FastAPI:
    app = FastAPI(title="A small API", description=DESCRIPTION, docs_url=None, redoc_url=None)
    app.router.routes.extend(viewer_routes())

    @app.post("/token")
    def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
        if form.password != "open sesame":
            raise HTTPException(401)
        return {"access_token": f"token-of-{form.username}", "token_type": "bearer"}

    @app.get("/whoami", summary="Say who is asking", operation_id="whoami")
    def whoami(
        token: Token, mood: Literal["glad", "sad"] = "glad", age: Annotated[int, Query(ge=0)] = 7
    ) -> dict[str, Any]:
        return {"came_with": token, "mood": mood, "age": age}

    return app


@contextmanager
def serving(app: FastAPI, *, root_path: str = "") -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", root_path=root_path))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with serving(an_api()) as origin:
        yield origin


@pytest.fixture
def client(origin: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=origin) as client:
        yield client


def assets_of(page: httpx.Response) -> list[str]:
    return re.findall(r'(?:src|href)="(/[^"]*/assets/[^"]+)"', page.text)


@every_viewer
def test_the_page_and_all_its_files_are_served(client: httpx.Client, name: str) -> None:
    page = client.get(f"/{name}")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-cache"
    assert len(assets_of(page)) >= 4
    for url in assets_of(page):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert "immutable" in answer.headers["Cache-Control"]


@every_viewer
def test_the_page_allows_no_inline_script_and_no_other_host(client: httpx.Client, name: str) -> None:
    page = client.get(f"/{name}")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert "http" not in page.headers["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=", page.text) == []


def test_only_redoc_may_use_inline_styles(client: httpx.Client) -> None:
    policies = {each.name: client.get(f"/{each.name}").headers["Content-Security-Policy"] for each in VIEWERS}
    assert [name for name, policy in policies.items() if "unsafe" in policy] == ["redoc"]
    assert "style-src-elem 'self' 'unsafe-inline'" in policies["redoc"]


def test_a_mounted_application_links_below_its_own_path() -> None:
    with serving(an_api(), root_path="/blog") as origin:
        page = httpx.get(f"{origin}/docs")
    assert 'data-document="/blog/openapi.json"' in page.text
    assert assets_of(page) == [url for url in assets_of(page) if url.startswith("/blog/docs/assets/")] != []


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("gzip, br", "gzip"),
        ("br;q=1, GZIP;q=0.5", "gzip"),
        ("identity", None),
        ("br, gzip;q=0", None),
        ("gzip; q=0.00, br", None),
        ("", None),
    ],
)
def test_a_file_comes_compressed_to_who_accepts_it(client: httpx.Client, accepts: str, coding: str | None) -> None:
    url = next(url for url in assets_of(client.get("/docs")) if url.endswith("bundle.js"))
    with client.stream("GET", url, headers={"Accept-Encoding": accepts}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    script = gzip.decompress(raw) if coding else raw
    assert len(script) > 1_000_000
    assert b"SwaggerUIBundle" in script


@pytest.mark.parametrize(
    "path",
    [
        "/docs/assets/0000000000000000/swagger-ui.css",
        "/docs/assets/{digest}/pages.py",
        "/docs/assets/{digest}/..%2fpages.py",
        "/docs/assets/{digest}/LICENSE",
        "/docs/assets/{digest}/redoc.js",
    ],
)
def test_nothing_else_is_served(client: httpx.Client, path: str) -> None:
    assert client.get(path.format(digest=VIEWERS[0].digest)).status_code == 404


@every_viewer
def test_the_licence_of_what_we_ship_lies_beside_it(name: str) -> None:
    viewer = next(each for each in VIEWERS if each.name == name)
    folder = viewer.assets[viewer.files[0]].parent
    assert folder.parent.name == "vendor"
    assert (folder / "LICENSE").stat().st_size > 500


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, origin: str) -> Iterator[Page]:
    """A page that fails the test when it complained, broke its policy or asked another host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith((origin, "data:", "blob:"))] == []


@needs_chromium
@pytest.mark.e2e
def test_swagger_ui_signs_in_and_calls_with_the_token(page: Page, origin: str) -> None:
    page.goto(f"{origin}/docs")
    expect(page.get_by_role("heading", name="A small API")).to_be_visible()
    page.get_by_role("button", name="Authorize").click()
    page.get_by_label("username:").fill("ada")
    page.get_by_label("password:").fill("open sesame")
    page.get_by_role("button", name="Apply given OAuth2 credentials").click()
    expect(page.get_by_role("button", name="Remove authorization")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    # The sign-in outlives a reload, and the link leads to the operation.
    page.goto(f"{origin}/docs#/default/whoami")
    page.reload()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table").get_by_text("token-of-ada")).to_be_visible()


@needs_chromium
@pytest.mark.e2e
def test_redoc_shows_and_finds_every_operation(page: Page, origin: str) -> None:
    page.goto(f"{origin}/redoc")
    expect(page.get_by_role("heading", name="Say who is asking")).to_be_visible()
    page.get_by_role("textbox", name="Search").fill("asking")
    expect(page.locator("[data-role='search:results']").get_by_text("Say who is asking")).to_be_visible()
