"""What an Astro site's configuration says, read as text."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pressroom.features.source.recognise.config_files import first_file, read_text, without_comments
from pressroom.features.source.recognise.javascript import STRING, block, constants, property_text, text_of

CONFIGS = tuple(f"astro.config.{ending}" for ending in ("mjs", "ts", "js", "mts", "cjs", "cts"))
_COLLECTIONS = tuple(
    f"{name}.{ending}" for name in ("content.config", "content/config") for ending in ("ts", "mts", "js", "mjs")
)
_DEFINITION = re.compile(r"(?:\b(?:const|let|var)\s+(\w+)\s*=|['\"]?([\w-]+)['\"]?\s*:)\s*defineCollection\s*(\()")
_EXPORTED = re.compile(r"\bcollections\s*(?::[^=]+)?=\s*(\{)")
_MEMBER = re.compile(r"""['"]?([\w-]+)['"]?\s*:\s*(\w+)|(?<=[{,])\s*(\w+)\s*(?=[,}])""")
_IMPORTED = re.compile(rf"\bimport\s*\{{([^}}]*)\}}\s*from\s*({STRING})")
_TEXT_DATE = re.compile(r"['\"]?([\w-]+)['\"]?\s*:\s*z\s*\.\s*coerce\s*\.\s*date\s*\(")
_IMAGE = re.compile(r"['\"]?([\w-]+)['\"]?\s*:\s*image\s*\(\s*\)")
_GLOB = re.compile(r"\bglob\s*\(")
_WILD = re.compile(r"[*?{\[!(]")


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of Markdown: its name, its folder, and what its schema lets dates and pictures be."""

    name: str
    folder: Path
    text_dates: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AstroConfig:
    source: Path
    output: Path
    collections: tuple[Collection, ...]


def read_config(root: Path) -> AstroConfig:
    """The folders that `astro.config.*` and the content configuration name, or Astro's defaults."""
    path = first_file(root, CONFIGS)
    script = without_comments(read_text(path)) if path else ""
    known = constants(script)
    source = root / (property_text(script, "srcDir", known) or "src")
    output = root / (property_text(script, "outDir", known) or "dist")
    return AstroConfig(source.resolve(), output.resolve(), _collections(root, source))


def _collections(root: Path, source: Path) -> tuple[Collection, ...]:
    path = first_file(source, _COLLECTIONS)
    if path is None:
        return ()
    script = without_comments(read_text(path))
    known = _imported(script, path, source) | constants(script)
    names = _exported_names(script)
    return tuple(
        collection
        for found in _DEFINITION.finditer(script)
        if (name := names.get(found[1]) if found[1] else found[2])
        and (collection := _collection(name, block(script, found.start(3)), root, source, known))
    )


def _imported(script: str, path: Path, source: Path) -> dict[str, str]:
    """Constants of the site's own files that the configuration imports by a relative path or `@/`."""
    known: dict[str, str] = {}
    for found in _IMPORTED.finditer(script):
        module = found[2][1:-1]
        base = source / module[2:] if module.startswith("@/") else path.parent / module
        if not module.startswith((".", "@/")):
            continue
        file = first_file(base.parent, (base.name, f"{base.name}.ts", f"{base.name}.js", f"{base.name}.mjs"))
        if file:
            values = constants(without_comments(read_text(file)))
            known |= {name: values[name] for name in re.findall(r"\w+", found[1]) if name in values}
    return known


def _exported_names(script: str) -> dict[str, str]:
    """From the name of a variable to the name of the collection that it is exported as."""
    found = _EXPORTED.search(script)
    if not found:
        return {}
    members = _MEMBER.finditer(block(script, found.start(1)))
    return {(member[2] or member[3]): (member[1] or member[3]) for member in members}


def _collection(name: str, text: str, root: Path, source: Path, known: dict[str, str]) -> Collection | None:
    folder = _folder(name, text, root, source, known)
    if folder is None:
        return None
    return Collection(name, folder, frozenset(_TEXT_DATE.findall(text)), frozenset(_IMAGE.findall(text)))


def _folder(name: str, text: str, root: Path, source: Path, known: dict[str, str]) -> Path | None:
    """Where the entries lie: the base of `glob()` and the fixed part of its pattern, or the place by convention."""
    if "loader" not in text:
        return (source / "content" / name).resolve()
    loader = _GLOB.search(text)
    if not loader:
        return None
    arguments = block(text, loader.end() - 1)
    base = property_text(arguments, "base", known)
    if base is None and re.search(r"\bbase\s*:", arguments):
        return None
    return (root / (base or ".") / _fixed_part(arguments, known)).resolve()


def _fixed_part(arguments: str, known: dict[str, str]) -> PurePosixPath:
    """`posts` of the pattern `posts/**/*.md`."""
    found = re.search(rf"\bpattern\s*:\s*\[?\s*({STRING}|\w+)", arguments)
    pattern = text_of(found[1], known) if found else None
    parts = PurePosixPath(pattern or "**").parts
    wild = next((at for at, part in enumerate(parts) if _WILD.search(part)), max(0, len(parts) - 1))
    return PurePosixPath(*parts[:wild])
