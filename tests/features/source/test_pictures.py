from datetime import UTC, datetime
from pathlib import Path

import pytest

from pressroom.features.source.attachment import Attachment
from pressroom.features.source.pictures import LARGEST, Pictures


def pictures(root: Path, content: str = "src/posts") -> Pictures:
    (root / content).mkdir(parents=True, exist_ok=True)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Pictures(
        Attachment(root=root, content=root / content, generator="astro", build=None, output=None, attached_at=at)
    )


@pytest.mark.parametrize(
    ("post", "address", "place"),
    [
        ("a.md", "pic.png", "src/posts/pic.png"),
        ("a.md", "./pic.PNG", "src/posts/pic.PNG"),
        ("2024/a.md", "../pic.png", "src/posts/pic.png"),
        ("a.md", "../assets/pic.webp", "src/assets/pic.webp"),
        ("a.md", "caf%C3%A9%20au%20lait.jpg", "src/posts/café au lait.jpg"),
        ("a.md", "a&amp;b.png?v=2#top", "src/posts/a&b.png"),
    ],
)
def test_a_picture_is_found_as_the_post_names_it(tmp_path: Path, post: str, address: str, place: str) -> None:
    assert pictures(tmp_path).find(post, address) == place


@pytest.mark.parametrize(
    "address",
    [
        *("/pic.png", "//host/pic.png", "https://host/pic.png", "data:image/png;base64,x", "#pic.png", ""),
        *("../../../x.png", "other.md", ".env", ".hidden/pic.png", "../node_modules/pic.png"),
        *("a\\pic.png", "pic.png%00", "pic"),
    ],
)
def test_what_leads_elsewhere_or_is_no_picture_is_left_alone(tmp_path: Path, address: str) -> None:
    assert pictures(tmp_path).find("a.md", address) is None


def test_only_addresses_of_pictures_are_rewritten(tmp_path: Path) -> None:
    text = '<a href="a.png">x</a> src="c.png"</p>'
    html = f'<p><img src="a.png" alt=" src=&quot;b.png&quot;"><video poster="p.jpg"></video>{text}'
    made = pictures(tmp_path).readdress("a.md", html, lambda place: f'/x/{place}?"')
    assert made.count("/x/src/posts/") == 2
    assert '<img src="/x/src/posts/a.png?&quot;" alt=" src=&quot;b.png&quot;">' in made
    assert made.endswith(text)


def test_nothing_is_read_through_links_or_beyond_reason(tmp_path: Path) -> None:
    found = pictures(tmp_path)
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "src/posts/link.png").symlink_to(tmp_path / "secret.png")
    with (tmp_path / "src/posts/huge.png").open("wb") as file:
        file.truncate(LARGEST + 1)
    (tmp_path / "src/posts/folder.png").mkdir()
    for name in ("link.png", "huge.png", "folder.png", "missing.png"):
        assert found.read(f"src/posts/{name}") is None
    assert found.read("secret.png") == b"secret"
