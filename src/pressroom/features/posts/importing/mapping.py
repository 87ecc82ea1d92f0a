"""From the front matter that is out there to the default contract. Pure.

Each field has the names that the common generators give it; the first that is there and can be used is taken.
What is not understood is kept under its own name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import Any

from pressroom.features.posts.words import RESERVED, as_moment, is_earthly
from pressroom.kernel.text.slugs import is_slug, slugify

SYNONYMS: dict[str, tuple[str, ...]] = {
    "title": ("title", "name", "headline"),
    "published": ("published", "date", "pubDate", "pubdate", "publishDate", "publish_date", "publishedAt", "created"),
    "updated": ("updated", "lastmod", "modified", "updatedDate", "updatedAt", "modDatetime", "last_modified_at"),
    "description": ("description", "summary", "excerpt", "abstract", "subtitle"),
    "tags": ("tags", "tag", "keywords"),
    "categories": ("categories", "category"),
    "first_level_category": ("first_level_category",),
    "second_level_category": ("second_level_category",),
    "author": ("author", "authors"),
    "cover": ("cover", "image", "heroImage", "banner", "thumbnail", "featured_image"),
    "sourceLink": ("sourceLink", "source", "canonical", "canonicalURL", "canonical_url"),
    "licenseName": ("licenseName", "license"),
    "licenseUrl": ("licenseUrl",),
    "slug": ("slug", "permalink"),
    "visibility": ("visibility",),
}
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})-(.+)")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_FENCE = re.compile(r" {0,3}(```|~~~)")


@dataclass(slots=True)
class Mapped:
    """A flat body, whether the file says it is a draft, the name its address is made from, and what was odd."""

    flat: dict[str, Any]
    draft: bool
    name: str
    updated: datetime | None = None
    notes: list[str] = field(default_factory=list)


def map_front(front: Mapping[str, Any], body: str, path: str) -> Mapped:
    """Reads a file's front matter, and from its name and text what the front matter does not say."""
    left = dict(front)
    name, dated = _name_of(path)
    mapped = Mapped({"content": body}, draft=is_draft(left), name=name)
    # A site may ask for this one, and there is no field of ours to keep it in: it stays where it is as well.
    mapped.updated = _take(dict(left), SYNONYMS["updated"], mapped)
    taken = {target: _take(left, names, mapped) for target, names in SYNONYMS.items() if target != "updated"}
    for level, category in zip(
        ("first_level_category", "second_level_category"), taken.pop("categories") or (), strict=False
    ):
        taken[level] = taken[level] or category
    taken["title"] = taken["title"] or _title_of(body, name, mapped)
    taken["published"] = taken["published"] or dated
    if taken["published"] is None and not mapped.draft:
        mapped.draft = True
        mapped.notes.append("it has no date, so it is a draft")
    mapped.flat |= {key: value for key, value in taken.items() if value is not None}
    mapped.flat["frontmatter"] = {key: as_json(value) for key, value in left.items() if key not in RESERVED}
    return mapped


def as_json(value: Any) -> Any:
    """Front matter as JSON holds it: dates as text."""
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _take(left: dict[str, Any], names: tuple[str, ...], mapped: Mapped) -> Any:
    """The first of these keys that can be used; it is no longer left then. Empty ones count as missing."""
    read = _READERS.get(names[0], _text)
    for name in names:
        if name not in left:
            continue
        if left[name] in (None, "", [], {}):
            del left[name]
            continue
        found = read(left[name], mapped)
        if found is not None:
            del left[name]
            return found
        mapped.notes.append(f"`{name}` cannot be used as it is")
        if name in RESERVED:
            del left[name]
    return None


def _text(value: Any, mapped: Mapped) -> str | None:
    del mapped
    if isinstance(value, dict):
        value = next((value[key] for key in ("name", "src", "url", "title") if key in value), None)
    if isinstance(value, list):
        value = ", ".join(str(each.get("name", "")) if isinstance(each, dict) else str(each) for each in value)
    return None if value is None or isinstance(value, bool) else " ".join(str(value).split())


def _moment(value: Any, mapped: Mapped) -> datetime | None:
    """The moment in UTC; none where the calendar ends before it."""
    del mapped
    try:
        found = as_moment(value) if isinstance(value, date) else _read_moment(value)
    except OverflowError:
        return None
    return found if found and is_earthly(found) else None


def _read_moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return as_moment(datetime.fromisoformat(value.strip()))
    except ValueError:
        return _loose_date(value)


def _loose_date(value: str) -> datetime | None:
    """`2024/1/2` and the like; what follows the date is not understood, so the day alone is taken."""
    found = _DATE.match(value.strip())
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
    except ValueError:
        return None


def _published(value: Any, mapped: Mapped) -> str | None:
    found = _moment(value, mapped)
    return found.isoformat() if found else None


def _names(value: Any, mapped: Mapped) -> list[str] | None:
    del mapped
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    names = [" ".join(str(part).split()) for part in parts if part is not None and not isinstance(part, (dict, list))]
    return list(dict.fromkeys(name for name in names if name)) or None


def _levels(value: Any, mapped: Mapped) -> list[str] | None:
    """`[first, second]`, `first/second`, or one name; Hexo nests each pair in a list."""
    if isinstance(value, list) and value and isinstance(value[0], list):
        value = value[0]
    if isinstance(value, str):
        value = value.split("/")
    levels = _names(value, mapped)
    if levels and len(levels) > 2:  # noqa: PLR2004  # there are two levels
        mapped.notes.append(f"more categories than two: {', '.join(levels[2:])} left out")
    return levels


def _slug(value: Any, mapped: Mapped) -> str | None:
    text = str(value).strip().rstrip("/").rpartition("/")[2].removesuffix(".html")
    if is_slug(text, keep_script=True):
        return text
    made = slugify(text)
    if made:
        mapped.notes.append(f"the address “{text[:100]}” became “{made}”")
    return made or None


_READERS = {
    "published": _published,
    "updated": _moment,
    "tags": _names,
    "categories": _levels,
    "slug": _slug,
}


def is_draft(left: dict[str, Any]) -> bool:
    """`draft: true`, Jekyll's `published: false`, or a `status` that says so; each is understood and then gone."""
    drafted = left.pop("draft", None)
    hidden = left.get("published") is False
    if isinstance(left.get("published"), bool):
        del left["published"]
    status = str(left.get("status", "")).lower()
    if status in ("draft", "published", "publish"):
        del left["status"]
    return drafted is True or str(drafted).lower() == "true" or hidden or status == "draft"


def _name_of(path: str) -> tuple[str, str | None]:
    """What a file is called: `index.md` like its folder, `2024-01-02-words.md` without its date."""
    pure = PurePosixPath(path)
    name = pure.parent.name if pure.stem.lower() in ("index", "readme", "_index") and pure.parent.name else pure.stem
    found = _DATED.fullmatch(name)
    return (found[2], found[1]) if found and _loose_date(found[1]) else (name, None)


def _title_of(body: str, name: str, mapped: Mapped) -> str:
    found = _first_heading(body)
    mapped.notes.append(f"it has no title; its {'first heading' if found else 'name'} was taken")
    return found or name


def _first_heading(body: str) -> str:
    """The first `# Heading`; a line of code that begins so is none."""
    fence = ""
    for line in body.splitlines():
        mark = _FENCE.match(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        elif not fence and line.startswith(("# ", "#\t")):
            return line.strip().strip("#").strip()
    return ""
