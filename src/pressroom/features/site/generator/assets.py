"""The theme's assets under names that carry a hash of their content, so that browsers keep them for good.

The style sheet is one external file rather than partly inline: the site's `style-src 'self'` allows no inline style
without a hash per release, the file is cached after the first page, and it is small enough to arrive with it.
"""

import re
from pathlib import Path

from pressroom.features.site.fingerprints import fingerprint
from pressroom.features.site.generator.colour import Accent
from pressroom.features.site.generator.errors import BuildFailed
from pressroom.features.site.generator.model import File

REFERENCE = re.compile(r"""url\(["']?(?!data:|https?:|/|#)([^"')]+)["']?\)""")
LICENCES = frozenset({"LICENSE", "OFL.txt"})


class Assets:
    """Hashed files and the map from a theme's names to addresses (`site.css` to `/assets/site.1f2e3d4c.css`)."""

    def __init__(self, sources: dict[str, Path], accent: Accent) -> None:
        self.files: dict[str, File] = {}
        self._colours = f":root{{--accent-chroma:{accent.chroma};--accent-hue:{accent.hue}}}\n"
        for name, path in sorted(sources.items(), key=lambda item: item[0].endswith(".css")):
            self.files[name] = self._hashed(name, path)

    def path(self, name: str) -> str:
        """The address of an asset; one the theme does not have raises `BuildFailed`."""
        if name not in self.files:
            raise BuildFailed(f"the theme has no asset {name!r}")
        return f"/{self.files[name].path}"

    def _hashed(self, name: str, path: Path) -> File:
        data = path.read_bytes()
        if path.suffix == ".css":
            data = self._style(data.decode())
        if path.name in LICENCES:
            return File(f"assets/{name}", data)
        stem = name.removesuffix(path.suffix)
        return File(f"assets/{stem}.{fingerprint(data)}{path.suffix}", data)

    def _style(self, source: str) -> bytes:
        linked = REFERENCE.sub(lambda found: f'url("{self.path(found[1])}")', source)
        return squeezed(self._colours + linked).encode()


def squeezed(css: str) -> str:
    """A style sheet without its comments, indentation and empty lines."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return "\n".join(line for line in (line.strip() for line in bare.splitlines()) if line)
