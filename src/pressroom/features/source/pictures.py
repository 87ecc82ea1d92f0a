"""Pictures, sound and films that lie beside the posts of an attached folder, and are named there by relative paths."""

import posixpath
import re
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote

from pressroom.features.source.attachment import Attachment
from pressroom.features.source.disk import UnsafePath, read_inside

KINDS = frozenset(
    "apng avif bmp gif ico jpeg jpg png svg webp m4a mp3 ogg opus wav mov mp4 webm vtt".split()  # noqa: SIM905  # legible
)
LARGEST = 64 * 1024 * 1024

# In sanitised HTML every value is quoted, and no value holds `<` or `>`.
_MEDIA = re.compile(r"<(?:img|video|audio|source|track) [^>]*>")
_NAMED = re.compile(r'(?<= )(src|poster)="([^"]*)"')
_ELSEWHERE = re.compile(r"/|#|\?|[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class Pictures:
    """The media files of one attached site: those in its project, however a post spells the way to them."""

    def __init__(self, attachment: Attachment) -> None:
        is_inside = attachment.content.is_relative_to(attachment.root)
        self._base = attachment.root if is_inside else attachment.content
        self._posts = attachment.content.relative_to(self._base).as_posix()

    def find(self, post: str, address: str) -> str | None:
        """The file that `address` means in the post at `post` (a path in the folder), as a path in the project.

        `None` where the address leads elsewhere: to another site, from the top of this one, or out of the project.
        """
        name = unquote(unescape(address)).partition("?")[0].partition("#")[0]
        if not name or _ELSEWHERE.match(name) or "\0" in name or "\\" in name:
            return None
        place = posixpath.normpath(posixpath.join(self._posts, posixpath.dirname(post), name))
        is_media = place.rpartition(".")[2].lower() in KINDS
        return place if is_media and not place.startswith("../") and not self._is_hidden(place) else None

    def readdress(self, post: str, html: str, address_of: Callable[[str], str | None]) -> str:
        """Sanitised HTML in which each file beside the post has the address that `address_of` gives its path.

        Where that is `None` the HTML stays as it is.
        """

        def replaced(found: re.Match[str]) -> str:
            place = self.find(post, found[2])
            address = address_of(place) if place else None
            return f'{found[1]}="{escape(address)}"' if address else found[0]

        return _MEDIA.sub(lambda tag: _NAMED.sub(replaced, tag[0]), html)

    def read(self, place: str) -> bytes | None:
        """A file by its path in the project; `None` where there is none, or one that is too large. For a thread."""
        try:
            return read_inside(self._base, place, most=LARGEST)
        except (OSError, UnsafePath):
            return None

    def path(self, place: str) -> Path:
        """Where it lies."""
        return self._base / place

    def _is_hidden(self, place: str) -> bool:
        return any(part.startswith(".") or part == "node_modules" for part in place.split("/"))
