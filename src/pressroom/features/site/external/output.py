"""What a build left: is it whole, and into a release with it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pressroom.features.site.external.errors import OutputUnusable, SiteShrank
from pressroom.features.site.releases import IncompleteRelease
from pressroom.features.site.releases.disk import disk_full_named, link_or_copy

# Fewer pages than this tell nothing by halving.
_FEW = 10
_KEPT_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Size:
    """How many pages a site has, and how many files in all."""

    pages: int
    files: int


def measure(folder: Path) -> Size:
    """Counts the files of a built site; the assets that releases carry forward are files, not pages."""
    names = [name for _, _, names in os.walk(folder) for name in names]
    return Size(sum(name.endswith((".html", ".htm")) for name in names), len(names))


def check_sane(new: Path, old: Path | None, *, confirmed: bool = False) -> Size:
    """Says how large the new site is, if it may go live in place of the old one.

    Raises:
        IncompleteRelease: it has no `index.html`.
        SiteShrank: it lost more than three pages in ten of at least ten, and that is not `confirmed`.
    """
    if not (new / "index.html").is_file():
        raise IncompleteRelease
    size = measure(new)
    before = measure(old).pages if old and old.is_dir() else 0
    if before >= _FEW and size.pages < before * _KEPT_SHARE and not confirmed:
        raise SiteShrank(
            f"It has {size.pages} pages, the live site {before}. If that is meant, confirm it and build again.",
            details={"pages": size.pages, "pages_before": before},
        )
    return size


def gather(output: Path, target: Path, *, is_fresh: bool) -> int:
    """Puts every file of a finished build into `target`, a folder that nobody reads yet; returns how many.

    Files of a fresh folder are shared by hard links, because nobody will write to it again. Others are copied: the
    next build may write into the very files, which a release must never feel. A link that stays inside the output
    becomes the file it names.

    Raises:
        OutputUnusable: there is no such folder, or a link leads out of it.
        DiskFull: the disk has no room; `target` holds a part.
    """
    if not output.is_dir():
        raise OutputUnusable(f"The build made no folder {output}.")
    put = link_or_copy if is_fresh else shutil.copy2
    count = 0
    with disk_full_named():
        for source, relative in _files(output):
            place = target / relative
            place.parent.mkdir(parents=True, exist_ok=True)
            put(str(source), str(place))
            count += 1
    return count


def _files(output: Path) -> Iterator[tuple[Path, Path]]:
    """Each file with its place in the site; links are followed inside the output and refused elsewhere."""
    top = output.resolve()
    for folder, folders, names in os.walk(top):
        for name in (*folders, *names):
            path = Path(folder, name)
            if path.is_symlink():
                yield from _linked(path, top)
            elif name in names and path.is_file():
                yield path, path.relative_to(top)


def _linked(path: Path, top: Path) -> Iterator[tuple[Path, Path]]:
    real = path.resolve()
    relative = path.relative_to(top)
    if not real.is_relative_to(top) or not real.exists():
        raise OutputUnusable(f"{relative.as_posix()} is a link that leads out of the site, or nowhere.")
    if real.is_file():
        yield real, relative
    elif path.is_relative_to(real):
        raise OutputUnusable(f"{relative.as_posix()} is a link to a folder around it.")
    else:
        for inner in sorted(each for each in real.rglob("*") if each.is_file() and not each.is_symlink()):
            yield inner, relative / inner.relative_to(real)
