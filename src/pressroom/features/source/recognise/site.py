"""What is known about an attached site."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Generator(StrEnum):
    """What makes pages of the folder; `folder` is Markdown alone, which the built-in theme publishes."""

    astro = "astro"
    hugo = "hugo"
    eleventy = "eleventy"
    jekyll = "jekyll"
    hexo = "hexo"
    folder = "folder"


@dataclass(frozen=True, slots=True)
class Packages:
    """The site's JavaScript packages.

    Attributes:
        manager: `npm`, `pnpm`, `yarn` or `bun`.
        folder: where its install command runs: the folder of the lock file, or of `package.json` without one.
        manifest: the site's own `package.json`.
        lock: the lock file, which may lie above in a workspace.
        scripts: the `scripts` of `package.json`.
        others: managers whose lock files lie there too and were passed over.
    """

    manager: str
    folder: Path
    manifest: Path
    lock: Path | None
    scripts: Mapping[str, str]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeWish:
    """The version of Node.js that the site asks for, as `file` writes it."""

    version: str
    file: str


@dataclass(frozen=True, slots=True)
class SourceSite:
    """An attached site, as found on disk.

    Attributes:
        root: the project's folder, in which its build runs; of a bare folder the folder itself.
        content: the folder of the posts, absolute, not always inside `root`.
        collection: the Astro collection whose entries the posts are.
        build: the build command, as one would type it in `root`; None when the built-in theme publishes.
        output: where the build leaves the site when nobody says otherwise.
        git: the working tree of git around `root`.
        text_dates: fields in which the site takes a date written as text (`z.coerce.date()`).
        images: fields that name a picture beside the post (`image()`).
        notes: what could not be read and what was taken instead, one sentence each.
    """

    generator: Generator
    root: Path
    content: Path
    collection: str | None = None
    build: str | None = None
    output: Path | None = None
    packages: Packages | None = None
    node: NodeWish | None = None
    git: Path | None = None
    text_dates: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    def describe(self) -> tuple[str, ...]:
        """What was found and what will be done with it, a sentence a line, for the person who attaches."""
        return tuple(_found(self)) + tuple(_will(self)) + self.notes


def _found(site: SourceSite) -> Iterator[str]:
    kind = "a folder of Markdown" if site.generator is Generator.folder else f"a site made with {_name(site.generator)}"
    yield f"{site.root} is {kind}."
    of_collection = f", the collection “{site.collection}”" if site.collection else ""
    yield f"Its posts are in {shown(site.content, site.root)}{of_collection}."
    if site.git:
        yield f"It lives in git ({site.git}). Nothing is committed unless you ask for it."
    if site.packages and site.packages.others:
        yield f"It has lock files of several package managers; {site.packages.manager} is taken."
    if site.node:
        yield f"It asks for Node.js {site.node.version} ({site.node.file})."


def _will(site: SourceSite) -> Iterator[str]:
    if not site.build:
        yield "The built-in theme will publish it; nothing of it is run."
        return
    yield f"“{site.build}” will be run in {site.root} for each release; its pages go live when they are whole."
    if site.packages:
        yield f"Its packages are installed with {site.packages.manager} first when they changed."


def _name(generator: Generator) -> str:
    return generator.value.capitalize()


def shown(path: Path, root: Path) -> str:
    """A path as people write it inside `root`; the whole of it outside."""
    if path == root:
        return "the folder itself"
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
