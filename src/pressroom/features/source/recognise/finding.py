"""From a path to the site that it is, or is part of."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pressroom.features.source.recognise.errors import AmbiguousSite, FolderNotFound
from pressroom.features.source.recognise.generators import Layout, generators_in, layout
from pressroom.features.source.recognise.packages import find_node_wish, find_packages, upwards
from pressroom.features.source.recognise.site import Generator, Packages, SourceSite, shown

T = TypeVar("T")

_WORKSPACES = ("", "apps", "packages", "sites")
# Without git to mark the edge: `src/content/posts` is three levels below its project, and one is to spare.
_LEVELS = 4
_OF_NODE = frozenset({Generator.astro, Generator.eleventy, Generator.hexo})


def recognise(
    path: Path, content: Path | None = None, *, build: str | None = None, output: Path | None = None
) -> SourceSite:
    """Says what the folder at `path` is: a project, the posts inside one, or Markdown alone.

    Reads configuration as data or as text and runs nothing. `content`, `build` and `output` overrule what is found;
    relative paths are taken from the project's folder.

    Raises:
        FolderNotFound: `path`, or `content`, is no folder.
        AmbiguousSite: several projects, generators or folders of posts fit.
    """
    start = _folder(path)
    notes: list[str] = []
    ceiling = _git(start) or start.parents[min(_LEVELS, len(start.parents)) - 1]
    root, generator = _project(start, ceiling, notes)
    git = _git(root)
    if generator is Generator.folder:
        return _bare(root, content, build=build, output=output, git=git)
    found = layout(generator, root, notes)
    posts = _content(root, found, start=start, wish=content)
    collection = _collection(found, posts, generator)
    packages = find_packages(root, git or root, notes)
    texts = [each for each in found.collections if each.name == collection]
    return SourceSite(
        generator=generator,
        root=root,
        content=posts,
        collection=collection,
        build=build or _command(found, generator, packages),
        output=(root / output).resolve() if output else found.output,
        packages=packages,
        node=find_node_wish(root, git or root, notes) if packages else None,
        git=git,
        text_dates=texts[0].text_dates if texts else frozenset(),
        images=texts[0].images if texts else frozenset(),
        notes=tuple(dict.fromkeys(notes)),
    )


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise FolderNotFound(f"{path} is not a folder.")
    return path.resolve()


def _git(folder: Path) -> Path | None:
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)


def _project(start: Path, ceiling: Path, notes: list[str]) -> tuple[Path, Generator]:
    """The nearest project at or above `start`; else the only one below it; else the folder as it is."""
    for folder in upwards(start, ceiling):
        if fitting := generators_in(folder, notes):
            return folder, _only(f"{folder} looks like the work of several generators:", fitting)
    below = list(_projects_below(start, notes))
    if not below:
        return start, Generator.folder
    root = _only(f"{start} holds several sites:", [folder for folder, _ in below])
    return root, _only(f"{root} looks like the work of several generators:", dict(below)[root])


def _projects_below(start: Path, notes: list[str]) -> Iterator[tuple[Path, tuple[Generator, ...]]]:
    """Projects in a workspace. A folder with posts of its own is meant as it is."""
    if any(path.name.lower() != "readme.md" for path in start.glob("*.md")):
        return
    for name in _WORKSPACES:
        for folder in sorted((start / name).glob("*/")):
            if fitting := generators_in(folder, notes):
                yield folder, fitting


def _bare(root: Path, content: Path | None, *, build: str | None, output: Path | None, git: Path | None) -> SourceSite:
    posts = _folder(root / content) if content else root
    notes: list[str] = []
    return SourceSite(
        generator=Generator.folder,
        root=root,
        content=posts,
        build=build,
        output=(root / (output or "dist")).resolve() if build else None,
        packages=find_packages(root, git or root, notes) if build else None,
        git=git,
        notes=tuple(notes),
    )


def _content(root: Path, found: Layout, *, start: Path, wish: Path | None) -> Path:
    if wish is not None:
        return _folder(root / wish)
    holds_posts = any(folder != start and folder.is_relative_to(start) for folder in found.contents)
    if start != root and start.is_relative_to(root) and not holds_posts:
        return start
    if not found.contents:
        raise FolderNotFound(f"No folder of posts was found in {root}. Name it with --content.")
    return _only("The posts may be in any of these; name one with --content:", found.contents, root=root)


def _collection(found: Layout, posts: Path, generator: Generator) -> str | None:
    if generator is not Generator.astro:
        return None
    around = [each for each in found.collections if posts.is_relative_to(each.folder)]
    nearest = max(around, key=lambda each: len(each.folder.parts), default=None)
    return nearest.name if nearest else posts.name


def _command(found: Layout, generator: Generator, packages: Packages | None) -> str:
    """The project's own `build` script where it is one of its generator, else the generator's command."""
    script = packages.scripts.get("build") if packages else None
    if packages and script and (generator in _OF_NODE or generator in script):
        return f"{packages.manager} run build"
    return found.command


def _only(question: str, candidates: Sequence[T], *, root: Path | None = None) -> T:
    if len(candidates) > 1:
        names = [shown(each, root) if root and isinstance(each, Path) else str(each) for each in candidates]
        raise AmbiguousSite(question, names)
    return candidates[0]
