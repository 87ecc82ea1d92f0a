"""Package managers, scripts, and the Node.js that a site asks for."""

from collections.abc import Iterator
from pathlib import Path

from pressroom.features.source.recognise.config_files import read_mapping, read_text
from pressroom.features.source.recognise.site import NodeWish, Packages

_LOCKS = {
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
    "bun.lockb": "bun",
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
}
_NODE_FILES = (".nvmrc", ".node-version")
_LONGEST_VERSION = 40


def find_packages(root: Path, ceiling: Path, notes: list[str]) -> Packages | None:
    """The packages of the site in `root`; its lock file is looked for upwards, as far as `ceiling`."""
    manifest = root / "package.json"
    if not manifest.is_file():
        return None
    values = read_mapping(manifest, notes)
    scripts = values.get("scripts")
    named = str(values.get("packageManager", "")).partition("@")[0]
    folder, locks = next(
        ((folder, found) for folder in upwards(root, ceiling) if (found := _locks(folder))), (root, {})
    )
    manager = named if named in _LOCKS.values() else next(iter(locks), "npm")
    return Packages(
        manager=manager,
        folder=folder,
        manifest=manifest,
        lock=locks.get(manager),
        scripts={str(name): str(text) for name, text in scripts.items()} if isinstance(scripts, dict) else {},
        others=tuple(other for other in locks if other != manager),
    )


def dependencies(root: Path, notes: list[str]) -> frozenset[str]:
    """The names in `dependencies` and `devDependencies`."""
    values = read_mapping(root / "package.json", notes)
    groups = (values.get(name) for name in ("dependencies", "devDependencies"))
    return frozenset(str(name) for group in groups if isinstance(group, dict) for name in group)


def find_node_wish(root: Path, ceiling: Path, notes: list[str]) -> NodeWish | None:
    """What `.nvmrc`, `.node-version`, Volta or `engines` ask for; the nearest and the most exact wins."""
    for folder in upwards(root, ceiling):
        for name in _NODE_FILES:
            if words := read_text(folder / name).split():
                return NodeWish(words[0].removeprefix("v")[:_LONGEST_VERSION], name)
    manifest = read_mapping(root / "package.json", notes)
    for key in ("volta", "engines"):
        table = manifest.get(key)
        if isinstance(table, dict) and isinstance(table.get("node"), str):
            return NodeWish(table["node"][:_LONGEST_VERSION], f"package.json, {key}")
    return None


def upwards(folder: Path, ceiling: Path) -> Iterator[Path]:
    """`folder` and those above it, as far as `ceiling`; `folder` alone when that is elsewhere."""
    yield folder
    if folder != ceiling and folder.is_relative_to(ceiling):
        yield from upwards(folder.parent, ceiling)


def _locks(folder: Path) -> dict[str, Path]:
    return {manager: folder / name for name, manager in _LOCKS.items() if (folder / name).is_file()}
