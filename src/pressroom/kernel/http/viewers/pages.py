"""The viewers there are, and the page of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
ICON = HERE / "own" / "icon.svg"
STRICTEST: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API: {title}</title>
<link rel="icon" type="image/svg+xml" href="{assets}/icon.svg">
{links}
</head>
<body>
<div id="viewer" data-document="{document}"></div>
<noscript>{title} needs JavaScript. <a href="{document}">The document itself</a> does not.</noscript>
</body>
</html>
"""


@dataclass(frozen=True)
class Viewer:
    """One viewer: a page at `/{name}` that shows the API document.

    `files` are what its page loads, in order, from `vendor/{package}`; `own/page.css` and `own/{name}.js`
    follow them and start the viewer. `allows` widens single directives of the strictest policy.
    """

    name: str
    title: str
    package: str
    files: tuple[str, ...]
    allows: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def assets(self) -> dict[str, Path]:
        """Where each file of the page is, by the name it is served under; `.gz` paths hold it compressed."""
        paths = [self._vendored(file) for file in self.files]
        paths += [HERE / "own" / "page.css", HERE / "own" / f"{self.name}.js", ICON]
        return {path.name.removesuffix(".gz"): path for path in paths}

    @cached_property
    def digest(self) -> str:
        """Names the content of all assets, so that browsers may keep each address for ever."""
        return sha256(b"".join(path.read_bytes() for path in self.assets.values())).hexdigest()[:16]

    @property
    def policy(self) -> str:
        """The page's Content-Security-Policy."""
        return "; ".join(f"{name} {value}" for name, value in {**STRICTEST, **self.allows}.items())

    def page(self, *, root: str, document: str) -> str:
        """The HTML, for an application mounted at the path `root` whose OpenAPI document is at `document`."""
        assets = f"{escape(root)}/{self.name}/assets/{self.digest}"
        links = "\n".join(_link(f"{assets}/{name}") for name in self.assets)
        return PAGE.format(title=self.title, assets=assets, links=links, document=escape(root + document))

    def _vendored(self, file: str) -> Path:
        return HERE / "vendor" / self.package / f"{file}.gz"


def _link(url: str) -> str:
    if url.endswith(".css"):
        return f'<link rel="stylesheet" href="{url}">'
    return f'<script defer src="{url}"></script>' if url.endswith(".js") else ""


VIEWERS = (
    Viewer(
        name="docs",
        title="Swagger UI",
        package="swagger-ui-dist-5.35.0",
        files=("swagger-ui.css", "swagger-ui-bundle.js"),
    ),
    Viewer(
        name="redoc",
        title="ReDoc",
        package="redoc-2.5.4",
        files=("redoc.standalone.js",),
        # It writes style elements, and searches in a worker made from a blob.
        allows={"style-src-elem": "'self' 'unsafe-inline'", "worker-src": "blob:"},
    ),
)
