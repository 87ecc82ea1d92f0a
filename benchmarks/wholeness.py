"""Whether every file of every release on disk is whole."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET


class Site:
    """The site's folder as a crash left it. Files that were whole once and did not change are not read again."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._whole: set[tuple[int, int, int]] = set()

    def damages(self) -> list[str]:
        """What is wrong, in words: no live release, or half a file in any release."""
        live = self._root / "current"
        if not live.is_symlink() or not (live / "index.html").is_file():
            return ["site: `current` leads to no release"]
        return [f"site: half a file {path}" for path in self._files() if not self._is_whole(path)]

    def _files(self) -> Iterator[Path]:
        return (path for path in (self._root / "releases").rglob("*") if path.is_file())

    def _is_whole(self, path: Path) -> bool:
        state = path.stat()
        known = (state.st_ino, state.st_mtime_ns, state.st_size)
        if known in self._whole:
            return True
        whole = not path.name.startswith(".") and is_whole(path.suffix, path.read_bytes())
        if whole:
            self._whole.add(known)
        return whole


def is_whole(suffix: str, data: bytes) -> bool:
    """Whether a file of this kind ends where such a file ends."""
    try:
        match suffix:
            case ".html":
                return data.rstrip().endswith(b"</html>")
            case ".xml":
                ET.fromstring(data)
            case ".json":
                json.loads(data)
    except (ValueError, ET.ParseError):
        return False
    return bool(data)
