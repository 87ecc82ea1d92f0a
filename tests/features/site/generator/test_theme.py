"""Themes of one's own, and what their mistakes say."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pressroom.features.site.generator import BuildFailed, Press, SiteInfo
from pressroom.features.site.generator.colour import accent
from pressroom.features.site.generator.icon import ico

Library = Any


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


def test_a_folder_replaces_the_default_theme_file_by_file(site: SiteInfo, library: Library, tmp_path: Path) -> None:
    write(tmp_path, "templates/404.html", "{% extends 'base.html' %}{% block main %}Gone fishing{% endblock %}")
    write(tmp_path, "words/en.json", '{"archive": "Back issues"}')
    write(tmp_path, "assets/site.css", "body { color: red; background: url(paper.svg) }")
    write(tmp_path, "assets/paper.svg", "<svg/>")
    library.press = Press(site, tmp_path)
    files = library.build(library.card(1))
    assert "Gone fishing" in files["404.html"].decode()
    assert "Back issues" in files["index.html"].decode()
    assert "Words of post 1" in files["posts/post-1/index.html"].decode()
    style = next(data.decode() for path, data in files.items() if path.endswith(".css"))
    assert "color: red" in style
    paper = next(path for path in files if path.endswith(".svg") and path.startswith("assets/paper."))
    assert f'url("/{paper}")' in style


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        ("<p>\n{{ nothing }}", 2, "'nothing' is undefined"),
        ("<p>\n<p>\n{% if %}", 3, "Expected an expression"),
        ("{{ card.nickname }}", 1, "has no attribute 'nickname'"),
        ("\n{{ say('nobody says this') }}", 2, "nobody says this"),
        ("{{ asset('missing.css') }}", None, "the theme has no asset 'missing.css'"),
        ("{% include 'missing.html' %}", 1, "missing.html"),
        ("\n\n{{ 1 / 0 }}", 3, "ZeroDivisionError: division by zero"),
    ],
)
def test_a_broken_template_says_where_and_for_which_post(
    site: SiteInfo, library: Library, tmp_path: Path, template: str, line: int | None, message: str
) -> None:
    library.press = Press(site, write(tmp_path, "templates/post.html", template))
    with pytest.raises(BuildFailed) as failure:
        library.build(library.card(1))
    assert (failure.value.template, failure.value.slug) == ("post.html", "post-1")
    assert failure.value.line == line
    assert message in failure.value.message
    assert "post-1" in str(failure.value)


def test_a_mistake_in_a_part_names_the_part(site: SiteInfo, library: Library, tmp_path: Path) -> None:
    part = "{% macro entries(posts) %}\n{{ oops }}\n{% endmacro %}{% macro rows(p) %}{% endmacro %}"
    part += "{% macro pager(a, b) %}{% endmacro %}"
    library.press = Press(site, write(tmp_path, "templates/entries.html", part))
    with pytest.raises(BuildFailed) as failure:
        library.build(library.card(1))
    assert (failure.value.template, failure.value.line) == ("entries.html", 2)


def test_a_post_that_is_no_text_fails_with_its_address(library: Library) -> None:
    with pytest.raises(BuildFailed) as failure:
        library.build(library.card(1, title="half a pair: \ud800"))
    assert failure.value.slug == "post-1"


def test_a_theme_folder_that_is_not_there_is_an_error(site: SiteInfo, tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="is not there"):
        Press(site, tmp_path / "nowhere")


def test_words_that_are_no_json_are_an_error(site: SiteInfo, tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="words is not JSON"):
        Press(site, write(tmp_path, "words/en.json", "archive: Back issues"))


def test_the_fingerprint_changes_with_what_every_page_depends_on(site: SiteInfo, tmp_path: Path) -> None:
    before = Press(site).fingerprint
    assert Press(replace(site)).fingerprint == before
    assert Press(replace(site, title="Other")).fingerprint != before
    assert Press(site, write(tmp_path, "templates/x.html", "x")).fingerprint != before


def test_assets_are_named_after_their_content(library: Library) -> None:
    files = library.build()
    style = next(path for path in files if path.endswith(".css"))
    assert f'href="/{style}"' in files["index.html"].decode()
    assert "assets/fonts/LICENSE" in files
    assert "--accent-hue" in files[style].decode()


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#123456; } body { display: none", ""])
def test_an_accent_that_is_no_colour_is_refused(site: SiteInfo, colour: str) -> None:
    with pytest.raises(BuildFailed, match="#rrggbb"):
        Press(replace(site, accent=colour))


def test_an_accent_keeps_its_hue_and_is_never_shrill() -> None:
    assert accent("#0000ff").hue == pytest.approx(264, abs=1)
    assert accent("#0000ff").chroma == 0.14
    assert accent("#808080").chroma == pytest.approx(0, abs=0.002)


def test_the_icon_is_a_picture_of_the_size_it_says() -> None:
    icon = ico("#9b2c2c")
    assert icon[:6] == b"\0\0\1\0\1\0"
    assert icon[22:30] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(icon[14:18], "little") == len(icon) - 22
