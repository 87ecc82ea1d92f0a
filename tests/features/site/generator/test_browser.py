"""The site in a real browser: nobody is shut out, nothing is blocked, search answers."""

import functools
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from pressroom.features.site.generator import Cover, Heading, PostBody, Press, SiteInfo
from pressroom.kernel.text.markdown import render

pytestmark = pytest.mark.e2e
Library = Any

AXE = (Path(__file__).parents[3] / "vendor" / "axe" / "axe.min.js").read_text()
CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = ["/", "/posts/post-39/", "/archive/", "/tags/", "/tags/type/", "/categories/", "/search/?q=words", "/404.html"]
WORDS = """
A line that is too long tires the eye.[^1] A café holds words, too.

## The measure

```py {2}
def measure(line: str, *, size: float = 19.0, leading: float = 1.65) -> float:  # long enough to scroll on phones
    return len(line) * size
```

## The table

| face | year |
|---|--:|
| Literata | 2014 |

- [x] done

## 标点

排印首先是安排空白的手艺。

[^1]: So it is said.
"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a built site under the policy of the real server."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the base class's
        """Tests are quiet."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, open_library: Callable[[Press], Library]) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    write_site(folder, open_library(Press(SiteInfo("Composing Room", "On type.", "https://example.org"))))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def write_site(folder: Path, library: Library) -> None:
    rendered = render(WORDS)
    headings = tuple(Heading(heading.level, heading.id, heading.text) for heading in rendered.headings)
    cards = [library.card(number) for number in range(39)]
    long = library.card(39, title="The long one", minutes=9, cover=Cover("/favicon.svg", "A mark", 32, 32))
    library.bodies[long.id] = PostBody(long.id, rendered.html, headings)
    for path, data in library.build(*cards, long).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not at /usr/bin/chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test on any complaint of the browser, and on any request to somebody else.

    Without motion: Chromium complains when a quick click interrupts a transition between two pages.
    """
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    complaints: list[str] = []
    tab = context.new_page()
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("request", lambda request: None if request.url.startswith(address) else complaints.append(request.url))
    yield tab
    context.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_nobody_is_shut_out(page: Page, scheme: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for path in (
        "/",
        "/page/2/",
        "/posts/post-39/",
        "/archive/",
        "/tags/",
        "/tags/type/",
        "/categories/",
        "/search/?q=words",
    ):
        page.goto(path)
        page.evaluate("document.fonts.ready")
        page.locator("mark" if "?q=" in path else "h1").first.wait_for()
        found = page.evaluate(f"{AXE}; axe.run()")
        serious = [one for one in found["violations"] if one["impact"] in {"serious", "critical"}]
        assert serious == [], (path, json.dumps(serious, indent=1)[:2000])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_search_finds_words_with_their_place_and_keeps_them_in_the_address(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("cafe")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/search/?q=cafe")
    status = page.get_by_role("status")
    status.get_by_text("One post holds “cafe”.").wait_for()
    assert page.locator("mark").all_inner_texts() == ["café"]
    box = page.get_by_role("searchbox")
    box.fill("空白的手艺")
    status.get_by_text("One post holds “空白的手艺”.").wait_for()
    assert page.locator("mark").all_inner_texts() == ["空白的手艺"]
    assert page.url.endswith("?q=%E7%A9%BA%E7%99%BD%E7%9A%84%E6%89%8B%E8%89%BA")
    box.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/posts/post-39/")


def test_search_combines_words_phrases_and_exclusions(page: Page) -> None:
    for query, answer in {
        '"post 12"': "One post holds",
        "words -post": "No post holds",
        "ords": "No post holds",
        "line café": "One post holds",
        "<b>&": "No post holds “<b>&”.",
    }.items():
        page.goto("/search/")
        page.get_by_role("searchbox").fill(query)
        page.get_by_role("status").get_by_text(answer).wait_for()


def test_footnotes_stand_beside_their_words_where_there_is_room(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/posts/post-39/")
    page.locator(".noted").wait_for()
    note, mark = page.locator(".footnotes li").bounding_box(), page.locator(".footnote-ref").bounding_box()
    text = page.locator(".prose").bounding_box()
    assert note is not None
    assert mark is not None
    assert text is not None
    assert abs(note["y"] - mark["y"]) < 12
    assert note["x"] > text["x"] + text["width"]


@pytest.mark.parametrize("part", ["::details-content", "::nothing-this-browser-knows"])
def test_the_contents_are_in_sight_or_open_with_a_click(page: Page, part: str) -> None:
    def with_part(route: Route) -> None:
        style = route.fetch()
        route.fulfill(response=style, body=style.text().replace("::details-content", part))

    page.route("**/*.css", with_part)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/posts/post-39/")
    contents = page.locator(".contents")
    if part != "::details-content":
        contents.get_by_text("Contents").click()
    contents.get_by_role("link", name="The table").click()
    page.wait_for_url("**/posts/post-39/#the-table")


def test_code_can_be_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/posts/post-39/")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("def measure(line: str")


def test_everything_can_be_read_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/posts/post-39/")
    assert page.get_by_text("tires the eye").is_visible()
    assert page.get_by_text("So it is said.").is_visible()
    page.goto("/search/?q=words")
    page.get_by_role("main").get_by_role("link", name="Archive").click()
    assert page.get_by_role("link", name="The long one").is_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_accent_can_be_read(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto("/")
    worst = page.evaluate(
        """() => {
            const root = document.documentElement.style;
            const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
            const light = (colour) => {
                brush.fillStyle = colour;
                brush.fillRect(0, 0, 1, 1);
                const parts = [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
                const [r, g, b] = parts.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const probe = document.body.appendChild(document.createElement("i"));
            const colour = (name) => {
                probe.className = name;
                probe.style.color = `var(${name})`;
                return light(getComputedStyle(probe).color);
            };
            const contrasts = [];
            for (let hue = 0; hue < 360; hue += 15) {
                root.setProperty("--accent-chroma", 0.14);
                root.setProperty("--accent-hue", hue);
                const [low, high] = [colour("--paper"), colour("--accent")].sort((a, b) => a - b);
                contrasts.push((high + 0.05) / (low + 0.05));
            }
            const [low, high] = [colour("--paper"), colour("--ink")].sort((a, b) => a - b);
            return { accent: Math.min(...contrasts), ink: (high + 0.05) / (low + 0.05) };
        }"""
    )
    assert worst["accent"] > 4.5
    assert worst["ink"] > 7


def test_touch_targets_are_large_enough(browser: Browser, address: str) -> None:
    phone: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    context = browser.new_context(base_url=address, **phone)
    page = context.new_page()
    for path in ("/", "/posts/post-39/", "/archive/", "/tags/", "/categories/"):
        page.goto(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll("a, button, input, summary")]
                .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43)
                .filter((one) => !one.closest(".prose p, .prose sup, .footnotes, .prose .heading, .skip, .task"))
                .map((one) => `${one.outerHTML.slice(0, 80)} ${one.getBoundingClientRect().height}`)"""
        )
        assert small == [], path
    context.close()


def test_nothing_jumps_when_the_font_arrives(page: Page) -> None:
    page.goto("/posts/post-39/", wait_until="networkidle")
    shift = page.evaluate(
        """() => new Promise((done) => {
            let sum = 0;
            new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
                .observe({ type: "layout-shift", buffered: true });
            setTimeout(() => done(sum), 300);
        })"""
    )
    assert shift < 0.05
