"""The site's tools see what tools need, and none of our secrets."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pressroom.features.site.external.environment import build_environment
from pressroom.features.source.recognise import NodeWish, SourceSite

MakeSite = Callable[..., SourceSite]
OURS = {
    "HOME": "/home/press",
    "PATH": "/usr/bin",
    "LC_ALL": "C.UTF-8",
    "https_proxy": "http://proxy:3128",
    "PRESSROOM_AUTH__SECRET": "s",
    "JWT_SECRET_KEY": "s",
    "DATABASE_URL": "s",
    "OPENAI_API_KEY": "s",
    "NODE_ENV": "production",
    "NODE_OPTIONS": "--inspect",
}


def environment(site: SourceSite, **ours: str) -> dict[str, str]:
    return build_environment(site, OURS | ours, extra={"PUBLIC_NAME": "x"}, memory=2 * 1024**3)


def test_no_secret_of_ours_passes(make_site: MakeSite) -> None:
    seen = environment(make_site("make"))
    assert "s" not in seen.values()
    assert "NODE_ENV" not in seen
    assert (seen["HOME"], seen["LC_ALL"], seen["https_proxy"]) == ("/home/press", "C.UTF-8", "http://proxy:3128")


def test_the_settings_add_what_the_site_needs_and_the_heap_stays_below_the_limit(make_site: MakeSite) -> None:
    seen = environment(make_site("make"))
    assert seen["PUBLIC_NAME"] == "x"
    assert seen["NODE_OPTIONS"] == "--max-old-space-size=1536"


def test_the_sites_own_tools_come_first(make_site: MakeSite) -> None:
    site = make_site("make")
    assert environment(site)["PATH"] == f"{site.root}/node_modules/.bin:/usr/bin"


def test_in_a_workspace_the_tools_may_lie_above(make_site: MakeSite) -> None:
    site = make_site("make", scripts={})
    assert site.packages is not None
    above = replace(site, packages=replace(site.packages, folder=site.root.parent))
    assert environment(above)["PATH"] == f"{site.root}/node_modules/.bin:{site.root.parent}/node_modules/.bin:/usr/bin"


@pytest.mark.parametrize(("wish", "chosen"), [("20", "v20.10.0"), ("20.9", "v20.9.1"), ("18", None), (">=20", None)])
def test_the_node_that_the_site_asks_for_is_used_where_it_is_installed(
    wish: str, chosen: str | None, make_site: MakeSite, tmp_path: Path
) -> None:
    installed = tmp_path / "home/.nvm/versions/node"
    for version in ("v20.9.1", "v20.10.0", "v22.1.0"):
        (installed / version / "bin").mkdir(parents=True)
    site = replace(make_site("make"), node=NodeWish(wish, ".nvmrc"))
    folders = environment(site, HOME=str(tmp_path / "home"))["PATH"].split(":")[1:-1]
    assert folders == ([str(installed / chosen / "bin")] if chosen else [])
