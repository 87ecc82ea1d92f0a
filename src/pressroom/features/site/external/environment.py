"""What the site's build sees of the server's surroundings: what tools need, and no secret of ours."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pressroom.features.source.recognise import NodeWish, SourceSite

_ALLOWED = re.compile(
    r"HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|PATH"
    r"|XDG_\w+|NVM_DIR|VOLTA_HOME|PNPM_HOME|COREPACK_HOME|GEM_HOME|GEM_PATH|BUNDLE_PATH|RBENV_ROOT|GOPATH|GOCACHE"
    r"|(?i:https?_proxy|no_proxy|all_proxy)|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)"
)
_ALWAYS = {
    "CI": "true",
    "NO_COLOR": "1",
    "FORCE_COLOR": "0",
    "TERM": "dumb",
    "ASTRO_TELEMETRY_DISABLED": "1",
    "DO_NOT_TRACK": "1",
}
# Node.js collects garbage in time to stay below this share of what the build may hold.
_HEAP_SHARE = 0.75
_NODE_PLACES = (
    ".nvm/versions/node/v*/bin",
    ".local/share/fnm/node-versions/v*/installation/bin",
    ".local/share/mise/installs/node/*/bin",
    ".asdf/installs/nodejs/*/bin",
    ".volta/tools/image/node/*/bin",
)
_VERSION = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")


def build_environment(
    site: SourceSite, ours: Mapping[str, str], *, extra: Mapping[str, str], memory: int
) -> dict[str, str]:
    """The variables for the site's commands.

    Of `ours` only those on a list pass; `extra` comes from the settings and wins. The site's own tools come first on
    the path, then the Node.js that it asks for where a version manager has installed it.
    """
    passed = {name: value for name, value in ours.items() if _ALLOWED.fullmatch(name)}
    home = Path(passed.get("HOME", "/"))
    folders = [*_tools(site), *_node(site.node, home), passed.get("PATH", os.defpath)]
    heap = int(memory * _HEAP_SHARE / 1024**2)
    return passed | _ALWAYS | {"PATH": ":".join(folders), "NODE_OPTIONS": f"--max-old-space-size={heap}"} | dict(extra)


def _tools(site: SourceSite) -> Iterator[str]:
    top = site.packages.folder if site.packages else site.root
    for folder in (site.root, *site.root.parents):
        yield str(folder / "node_modules" / ".bin")
        if folder == top:
            return


def _node(wish: NodeWish | None, home: Path) -> Iterator[str]:
    """The newest installed Node.js that begins with the wanted numbers; none when a range is all that is asked for."""
    wanted = _VERSION.fullmatch(wish.version) if wish else None
    if not wanted:
        return
    numbers = tuple(int(part) for part in wanted.groups() if part)
    installed = ((_installed(bin_), str(bin_)) for place in _NODE_PLACES for bin_ in home.glob(place))
    fitting = [each for each in installed if each[0][: len(numbers)] == numbers]
    if fitting:
        yield max(fitting)[1]


def _installed(folder: Path) -> tuple[int, ...]:
    """The version in the path of an installation, which is one of its folders' names."""
    found = [_VERSION.fullmatch(part.removeprefix("v")) for part in folder.parts]
    return next((tuple(int(part) for part in each.groups() if part) for each in reversed(found) if each), ())
