"""What generators print when they fail, each as its version in the comment printed it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pressroom.features.site.external.failure import FieldProblem
from pressroom.features.source.recognise import Generator


@dataclass(frozen=True, slots=True)
class Heard:
    """What one message tells: the path as the tool wrote it, and whatever else it names."""

    message: str
    path: str | None = None
    line: int | None = None
    column: int | None = None
    collection: str | None = None
    entry: str | None = None
    fields: tuple[FieldProblem, ...] = ()
    page: str | None = None
    mentions: str | None = None


# Astro 5. Older and newer ones write `**title**: Required`, 5.18 without colours `title**: **title: Required`.
_ENTRY = re.compile(r"\[InvalidContentEntry\w*Error\]\s+(.+?) → (.+?) (?:data|frontmatter|slug) (.+)")
_FIELD = re.compile(r"\s+\*{0,2}([\w$.\[\]-]+)\*{0,2}:\s+(?:\*{2}[^:]+:\s+)?(\S.*)")
_LOCATION = re.compile(r"^\s*Location:\s*\n\s*(.+?)(?::(\d+))?(?::(\d+))?\s*$", re.MULTILINE)
_NO_IMAGE = re.compile(r"\[ImageNotFound\].*?`(.+?)`.*")
_ROUTE = re.compile(r"[├└]─ (/\S*?)(?:index)?\.html(?!\s\(\+)(.*)")
_NAMED_ERROR = re.compile(r"^(?:\S+ )?\[(?!ERROR|WARN|build|vite|content|types)[\w@/-]+\]\s+(.+)$", re.MULTILINE)
# Hugo 0.111.
_HUGO = re.compile(r'^(?:Error|ERROR)\b.*?"([^"]+?):(\d+):(\d+)": (.+)$', re.MULTILINE)
_HUGO_PLAIN = re.compile(r"^Error: (.+)$", re.MULTILINE)
# Eleventy 3.
_ELEVENTY_FILE = re.compile(r"^\[11ty\] .*?(?:template|for) (\.?/?\S+\.\w+)", re.MULTILINE)
_ELEVENTY_CAUSE = re.compile(r"^\[11ty\] (?:[2-9]\. )(.+?)(?: \(via \w+\))?$", re.MULTILINE)
_ELEVENTY_SELF = re.compile(r"^\[11ty\] (?:1\. )?(Data cascade .+|[A-Z].+ for \S+\.\w+)$", re.MULTILINE)
_ELEVENTY_LINE = re.compile(r"line:(\d+), col:(\d+)")
# Jekyll 4.3 leaves a post with broken front matter out and exits with 0.
_JEKYLL_YAML = re.compile(
    r"Error: YAML Exception reading (.+?): \(.*?\): (.+?)(?: at line (\d+) column (\d+))?$", re.MULTILINE
)
_JEKYLL_LIQUID = re.compile(r"Liquid Exception: (.+) in (\S+?)(?:/#excerpt)?$", re.MULTILINE)
_JEKYLL_READ = re.compile(r"Error: could not read file (.+?): (.+)$", re.MULTILINE)
_LIQUID_LINE = re.compile(r"\(line (\d+)\)")
# Hexo 8 leaves a post with broken front matter out and exits with 0.
_HEXO_PROCESS = re.compile(r"^ERROR Process failed: (.+)\n(?:\w+: )?(.+?)(?: \((\d+):(\d+)\))?$", re.MULTILINE)
_HEXO_RENDER = re.compile(r"^\w+ Error: (\S+) \[Line (\d+), Column (\d+)\] (.+)$", re.MULTILINE)


def hear(generator: Generator, text: str) -> Heard | None:
    """The first thing in a build's output that says what broke; None when nothing does.

    Also of builds that ended well: Jekyll and Hexo leave a broken post out and say so only here.
    """
    for reader in _READERS.get(generator, ()):
        if found := reader(text):
            return found
    return None


def _astro_entry(text: str) -> Heard | None:
    found = _ENTRY.search(text)
    if not found:
        return None
    after = text[found.end() :].lstrip("\n")
    fields: list[FieldProblem] = []
    for line in after.splitlines():
        field = _FIELD.fullmatch(line)
        if not field or line.strip() == "Hint:":
            break
        fields.append(FieldProblem(field[1], field[2]))
    place = _LOCATION.search(after)
    said = f"{fields[0].field}: {fields[0].message}" if fields else found[3]
    return Heard(
        said,
        path=place[1] if place else None,
        collection=found[1].strip(),
        entry=found[2],
        fields=tuple(fields),
    )


def _astro_image(text: str) -> Heard | None:
    found = _NO_IMAGE.search(text)
    return Heard(f"There is no image {found[1]}.", mentions=found[1]) if found else None


def _astro_place(text: str) -> Heard | None:
    """An error with a place: the line above says what, and the line it names is right but for front matter."""
    found = _LOCATION.search(text)
    if not found:
        return None
    before = [line for line in text[: found.start()].splitlines() if line.strip()]
    said = [line for line in before if not line.startswith("file: ")][-1:]
    line, column = (int(number) if number else None for number in found.groups()[1:])
    return Heard(_bare(said[0]) if said else "The build stopped here.", path=found[1], line=line, column=column)


def _astro_page(text: str) -> Heard | None:
    """A page that failed while it was being made: its address, and the error in the same line."""
    for found in _ROUTE.finditer(text):
        if found[2].strip():
            return Heard(found[2].strip(), page=found[1])
    return None


def _astro_other(text: str) -> Heard | None:
    found = _NAMED_ERROR.search(text)
    return Heard(found[1]) if found else None


def _hugo(text: str) -> Heard | None:
    if found := _HUGO.search(text):
        return Heard(found[4], path=found[1], line=int(found[2]), column=int(found[3]))
    plain = _HUGO_PLAIN.search(text)
    return Heard(plain[1]) if plain else None


def _eleventy(text: str) -> Heard | None:
    if "[11ty] Problem" not in text and "[11ty] Error" not in text:
        return None
    file = _ELEVENTY_FILE.search(text)
    cause = _ELEVENTY_CAUSE.search(text) or _ELEVENTY_SELF.search(text)
    place = _ELEVENTY_LINE.search(text)
    line, column = (int(place[1]), int(place[2])) if place else (None, None)
    message = cause[1] if cause else "Eleventy stopped."
    return Heard(message, path=file[1] if file else None, line=line, column=column)


def _jekyll(text: str) -> Heard | None:
    if found := _JEKYLL_YAML.search(text):
        line, column = (int(number) if number else None for number in found.groups()[2:])
        return Heard(found[2], path=found[1], line=line, column=column)
    if found := _JEKYLL_READ.search(text):
        return Heard(found[2], path=found[1])
    if found := _JEKYLL_LIQUID.search(text):
        return Heard(found[1], path=found[2])
    return None


def _hexo(text: str) -> Heard | None:
    if found := _HEXO_PROCESS.search(text):
        return Heard(found[2], path=found[1])
    if found := _HEXO_RENDER.search(text):
        return Heard(found[4], path=found[1])
    return None


def _bare(message: str) -> str:
    """`[@mdx-js/rollup] Could not parse …` without who says so."""
    return re.sub(r"^(?:\d\d:\d\d:\d\d )?(?:\[[^\]]+\]\s*)+", "", message).strip() or message


_READERS: dict[Generator, tuple[Callable[[str], Heard | None], ...]] = {
    Generator.astro: (_astro_entry, _astro_image, _astro_place, _astro_page, _astro_other),
    Generator.hugo: (_hugo,),
    Generator.eleventy: (_eleventy,),
    Generator.jekyll: (_jekyll,),
    Generator.hexo: (_hexo,),
}
