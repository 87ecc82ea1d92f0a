"""The live release as the server sees it: addresses in, documents and redirects out."""

import errno
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, unquote

import structlog

from pressroom.features.site.serving.documents import Document, load

_NEVER_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f\\]")
POLICY_FILE = ".policy"
_NO_SUCH_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP, errno.ENAMETOOLONG})
_PLAIN_IN_PATHS = "/~!$&'()*+,;=:@"


@dataclass(frozen=True, slots=True)
class Redirect:
    """Another address of this site, as it goes into `Location`: never with a host."""

    status: int
    location: str


class LiveRelease:
    """One release's folder, read only. Its methods wait for the disk: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def find(self, address: str, known: Document | None = None) -> Document | Redirect | None:
        """What the release has at a decoded address; `known` is what an earlier release had there."""
        if address in self.redirects:
            return Redirect(301, self.redirects[address])
        names = _names(address)
        if names is None:
            return None
        try:
            return self._look(names, address, known=known)
        except ValueError:  # a lone surrogate cannot be a file name
            return None
        except OSError as error:
            if error.errno not in _NO_SUCH_FILE:
                raise
            return None

    @cached_property
    def redirects(self) -> Mapping[str, str]:
        """Old addresses, decoded, and where they lead now, from the release's `redirects.json`."""
        try:
            listed = json.loads((self.folder / "redirects.json").read_bytes())
            moved = ((unquote(old), unquote(new), _location(new)) for old, new in listed.items())
            return {old: location for old, new, location in moved if location and new != old}
        except FileNotFoundError:
            return {}
        except (ValueError, AttributeError, TypeError) as error:
            structlog.get_logger(__name__).warning("site.redirects_unreadable", error=str(error))
            return {}

    @cached_property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """What its pages ask for beside the program's own headers: a site's own pages bring their own policy."""
        try:
            policy = (self.folder / POLICY_FILE).read_bytes()
        except FileNotFoundError:
            return ()
        return ((b"content-security-policy", policy),)

    def _look(self, names: list[str], address: str, *, known: Document | None) -> Document | Redirect | None:
        # Resolved first: a symlink may lead to another file of the release, never out of it.
        place = Path(os.path.realpath(self.folder.joinpath(*names), strict=True))
        is_folder = stat.S_ISDIR(place.stat().st_mode)
        file = Path(os.path.realpath(place / "index.html", strict=True)) if is_folder else place
        if not file.is_relative_to(self.folder) or not file.is_file():
            return None
        if is_folder != address.endswith("/"):
            return Redirect(308, quote(address, safe=_PLAIN_IN_PATHS) + "/") if is_folder else None
        return load(file, address=address, known=known)


def _names(address: str) -> list[str] | None:
    """The names along an address, or None when no file of a site can be behind it."""
    if not address.startswith("/") or _NEVER_IN_A_NAME.search(address):
        return None
    names = address[1:].removesuffix("/").split("/") if address != "/" else []
    hidden = [name for name in names if name.startswith(".")]
    if "" in names or hidden not in ([], [".well-known"]) or (hidden and names[0] != ".well-known"):
        return None
    return names


def _location(target: str) -> str | None:
    """A redirect's target made safe for a header, or None when it is not an address of this site."""
    if not target.startswith("/") or target.startswith("//"):
        return None
    return quote(target, safe=_PLAIN_IN_PATHS + "?#%")
