from collections.abc import Callable
from pathlib import Path

import pytest

from pressroom.features.source.recognise import Generator, Packages, SourceSite

MakeSite = Callable[..., SourceSite]


@pytest.fixture
def make_site(tmp_path: Path) -> MakeSite:
    """A site in a folder of its own, with a command and, when scripts are given, a `package.json`'s worth of them."""

    def make_site(
        build: str,
        *,
        generator: Generator = Generator.folder,
        scripts: dict[str, str] | None = None,
        manager: str = "npm",
        content: str = "posts",
    ) -> SourceSite:
        root = tmp_path / "site"
        (root / content).mkdir(parents=True, exist_ok=True)
        manifest = root / "package.json"
        packages = Packages(manager, root, manifest, None, scripts) if scripts is not None else None
        output = root / "dist"
        return SourceSite(generator, root, root / content, build=build, output=output, packages=packages)

    return make_site
