"""How each generator is known, where its posts and its output are, and how it is built."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pressroom.features.source.recognise.astro import CONFIGS as ASTRO_CONFIGS
from pressroom.features.source.recognise.astro import Collection, read_config
from pressroom.features.source.recognise.config_files import first_file, read_mapping, read_text, without_comments
from pressroom.features.source.recognise.javascript import constants, property_text
from pressroom.features.source.recognise.packages import dependencies
from pressroom.features.source.recognise.site import Generator

_HUGO_CONFIGS = tuple(
    f"{folder}{name}.{ending}"
    for name in ("hugo", "config")
    for folder in ("", "config/_default/")
    for ending in ("toml", "yaml", "yml", "json")
)
_HUGO_FOLDERS = ("archetypes", "layouts", "themes", "content")
_ELEVENTY_CONFIGS = (".eleventy.js", *(f"eleventy.config.{ending}" for ending in ("js", "mjs", "cjs", "ts")))
_YAML_CONFIGS = ("_config.yml", "_config.yaml", "_config.toml")
_OF_ELEVENTY = ("posts", "blog", "content/posts", "content/blog")
_USUAL = ("posts", "post", "blog")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where one generator keeps things in one project.

    Attributes:
        contents: the folders that may hold the posts, the likely ones alone where some are likelier.
        output: where its build leaves the site.
        command: what builds it when `package.json` has no `build`.
        collections: Astro's, by the folders they take their entries from.
    """

    contents: tuple[Path, ...]
    output: Path
    command: str
    collections: tuple[Collection, ...] = ()


def generators_in(root: Path, notes: list[str]) -> tuple[Generator, ...]:
    """The generators that a folder is a project of: none, one, or an ambiguity."""
    packages = dependencies(root, notes)
    return tuple(generator for generator, is_there in _MARKS.items() if is_there(root, packages))


def layout(generator: Generator, root: Path, notes: list[str]) -> Layout:
    return _LAYOUTS[generator](root, notes)


def _is_astro(root: Path, packages: frozenset[str]) -> bool:
    return first_file(root, ASTRO_CONFIGS) is not None or "astro" in packages


def _is_hugo(root: Path, packages: frozenset[str]) -> bool:
    """`hugo.toml` is proof; `config.toml` is anybody's, so the folders of Hugo must lie beside it."""
    del packages
    config = first_file(root, _HUGO_CONFIGS)
    if config is None:
        return False
    return config.stem == "hugo" or any((root / name).is_dir() for name in _HUGO_FOLDERS)


def _is_eleventy(root: Path, packages: frozenset[str]) -> bool:
    return first_file(root, _ELEVENTY_CONFIGS) is not None or "@11ty/eleventy" in packages


def _is_jekyll(root: Path, packages: frozenset[str]) -> bool:
    if "hexo" in packages or first_file(root, _YAML_CONFIGS) is None:
        return False
    return any((root / name).is_dir() for name in ("_posts", "_layouts")) or "jekyll" in read_text(root / "Gemfile")


def _is_hexo(root: Path, packages: frozenset[str]) -> bool:
    del root
    return "hexo" in packages


_MARKS: dict[Generator, Callable[[Path, frozenset[str]], bool]] = {
    Generator.astro: _is_astro,
    Generator.hugo: _is_hugo,
    Generator.eleventy: _is_eleventy,
    Generator.jekyll: _is_jekyll,
    Generator.hexo: _is_hexo,
}


def _astro(root: Path, notes: list[str]) -> Layout:
    del notes
    config = read_config(root)
    collections = tuple(each for each in config.collections if has_posts(each.folder))
    usual = tuple(each for each in collections if each.name in _USUAL)
    contents = tuple(dict.fromkeys(each.folder for each in usual or collections)) or _by_convention(config.source)
    return Layout(contents, config.output, "astro build", config.collections)


def _by_convention(source: Path) -> tuple[Path, ...]:
    usual = [source / folder / name for folder in ("content", "contents") for name in _USUAL]
    others = [each for each in _folders(source / "content") if has_posts(each)]
    return tuple(filter(Path.is_dir, usual)) or tuple(others)


def _hugo(root: Path, notes: list[str]) -> Layout:
    config = first_file(root, _HUGO_CONFIGS)
    values = read_mapping(config, notes) if config else {}
    content = root / str(values.get("contentDir", "content"))
    usual = tuple(folder for name in _USUAL if (folder := content / name).is_dir())
    output = root / str(values.get("publishDir", "public"))
    return Layout(usual or _existing(content), output.resolve(), "hugo")


def _eleventy(root: Path, notes: list[str]) -> Layout:
    del notes
    config = first_file(root, _ELEVENTY_CONFIGS)
    script = without_comments(read_text(config)) if config else ""
    known = constants(script)
    source = (root / (property_text(script, "input", known) or ".")).resolve()
    places = (base / name for base in dict.fromkeys((source, root / "src", root)) for name in _OF_ELEVENTY)
    usual = tuple(dict.fromkeys(place for place in places if has_posts(place)))
    output = root / (property_text(script, "output", known) or "_site")
    return Layout(usual or (source,), output.resolve(), "eleventy")


def _jekyll(root: Path, notes: list[str]) -> Layout:
    config = first_file(root, _YAML_CONFIGS)
    values = read_mapping(config, notes) if config else {}
    source = root / str(values.get("source", ".")) / str(values.get("collections_dir", "."))
    output = root / str(values.get("destination", "_site"))
    command = "bundle exec jekyll build" if (root / "Gemfile").is_file() else "jekyll build"
    return Layout(_existing(source / "_posts"), output.resolve(), command)


def _hexo(root: Path, notes: list[str]) -> Layout:
    values = read_mapping(root / "_config.yml", notes)
    posts = root / str(values.get("source_dir", "source")) / "_posts"
    output = root / str(values.get("public_dir", "public"))
    return Layout(_existing(posts), output.resolve(), "hexo generate")


_LAYOUTS: dict[Generator, Callable[[Path, list[str]], Layout]] = {
    Generator.astro: _astro,
    Generator.hugo: _hugo,
    Generator.eleventy: _eleventy,
    Generator.jekyll: _jekyll,
    Generator.hexo: _hexo,
}


def _existing(folder: Path) -> tuple[Path, ...]:
    return (folder.resolve(),) if folder.is_dir() else ()


def _folders(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(each for each in folder.iterdir() if each.is_dir())


_MARKDOWN = re.compile(r".+\.(?:md|mdx|markdown)", re.IGNORECASE)


def has_posts(folder: Path) -> bool:
    """Whether Markdown lies anywhere under a folder."""
    return folder.is_dir() and any(_MARKDOWN.fullmatch(path.name) for path in folder.rglob("*"))
