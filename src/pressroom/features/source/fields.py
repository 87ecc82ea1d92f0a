"""From a post's words to the keys of its file: only what it does not say already, under its own names. Pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pressroom.features.posts.importing.mapping import SYNONYMS, is_draft, map_front
from pressroom.features.posts.schemas import PostBody
from pressroom.features.posts.states import Visibility
from pressroom.features.posts.terms import term_key
from pressroom.features.posts.words import FLAT_NAMES, Words, as_written
from pressroom.features.source.faithful import REMOVED, SourceDocument
from pressroom.features.source.fitting import fitted, known_of
from pressroom.features.source.schema import DEFAULT_FORM, Form

_PLAIN = ("title", "description", "author", "cover", "source_link", "license_name", "license_url")
_INNER = ("name", "src", "url", "title")
_STATUS = ("draft", "published", "publish")
Changes = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a file is to say.

    Attributes:
        words: the post's words.
        draft: whether readers are not to see it.
        slug: the address that the file stands for as it is; another one is written down.
        names: keys that the site's other posts use, for keys that the file does not have.
        form: what the site's build asks for; without one everything is written as it is.
        counted: `readingMetadata`, for a site that asks for it.
    """

    words: Words
    draft: bool
    slug: str
    names: Collection[str] = ()
    form: Form | None = None
    counted: Mapping[str, object] | None = None


def written(document: SourceDocument, path: str, wanted: Wanted) -> bytes:
    """The file with these words; what it says already is not touched.

    Raises:
        CannotEdit: the change cannot be written safely; with the line.
    """
    return document.edited(changes(document, path, wanted), body=wanted.words.content)


def changes(document: SourceDocument, path: str, wanted: Wanted) -> Changes:
    """The keys to set, and those to take out as `REMOVED`."""
    made = _differing(document, path, wanted)
    if wanted.form:
        known = known_of(wanted.words, draft=wanted.draft, counted=wanted.counted)
        made = fitted(made, document.values, known, wanted.form)
    return made if document.values else _ordered(made, wanted.names or DEFAULT_FORM.names)


def _ordered(made: Changes, names: Collection[str]) -> Changes:
    """For a new file: as its neighbours have them, then the others."""
    known = [name for name in names if name in made]
    return {key: made[key] for key in [*known, *(key for key in made if key not in known)]}


def _differing(document: SourceDocument, path: str, wanted: Wanted) -> Changes:
    values = document.values
    have = words_in(document, path) if values or document.body else Words(title="")
    made: Changes = {}
    for name in _PLAIN:
        after = getattr(wanted.words, name)
        if after != getattr(have, name):
            key = _key(name, values, wanted.names)
            made[key] = _like(values.get(key), after)
    for compare in (_published, _tags, _categories, _visibility, _own):
        made |= compare(values, have, wanted)
    return made | _slug(values, wanted) | _draft(document, path, wanted)


def words_in(document: SourceDocument, path: str) -> Words:
    """The words that a file holds."""
    return PostBody.model_validate(map_front(document.values, document.body, path).flat).words()


def _key(name: str, values: Mapping[str, object], names: Collection[str] = ()) -> str:
    """The name under which the file says this, else the one that its neighbours use, else our own."""
    known = SYNONYMS[FLAT_NAMES.get(name, name)]
    here = [key for key in known if not isinstance(values.get(key), bool) and values.get(key) not in (None, "", [], {})]
    return next(iter([*here, *(key for key in known if key in names and key not in values)]), known[0])


def _like(old: object, new: str | None) -> object:
    """The text in the shape of the value that stands there."""
    if not new:
        return REMOVED
    if isinstance(old, dict) and (inner := next((key for key in _INNER if key in old), None)):
        return {**old, inner: new}
    return [new] if isinstance(old, list) else new


def _published(values: Mapping[str, object], have: Words, wanted: Wanted) -> Changes:
    before, after = (each.published and each.published.replace(microsecond=0) for each in (have, wanted.words))
    if before == after:
        return {}
    key, moment = _key("published", values, wanted.names), as_written(after)
    if moment is None:
        return {key: REMOVED}
    return {key: moment.isoformat() if isinstance(values.get(key), str) else moment}


def _tags(values: Mapping[str, object], have: Words, wanted: Wanted) -> Changes:
    spelled = {term_key(name): name for name in have.tags}
    after = {term_key(name): name for name in wanted.words.tags}
    if list(spelled) == list(after):
        return {}
    names = [spelled.get(key, name) for key, name in after.items()]
    key = _key("tags", values, wanted.names)
    if not names:
        return {key: REMOVED}
    return {key: ", ".join(names) if isinstance(values.get(key), str) else names}


def _categories(values: Mapping[str, object], have: Words, wanted: Wanted) -> Changes:
    levels = ("first_category", "second_category")
    before, after = ([getattr(each, level) for level in levels] for each in (have, wanted.words))
    changed = [level for level, old, new in zip(levels, before, after, strict=True) if _folded(old) != _folded(new)]
    if not changed:
        return {}
    key = _key("categories", values, wanted.names)
    ours = [FLAT_NAMES[level] for level in levels]
    has_ours = any(name in values for name in ours)
    asks_for_ours = key not in values and any(name in wanted.names for name in ours)
    if not has_ours and not asks_for_ours and (key in values or key in wanted.names):
        return {key: _levels(values.get(key), [name for name in after if name])}
    return {FLAT_NAMES[level]: getattr(wanted.words, level) or REMOVED for level in changed}


def _folded(name: str | None) -> str | None:
    return term_key(name) if name else None


def _levels(old: object, names: list[str]) -> object:
    """Both levels in the shape of the value that stands there; Hexo nests each pair in a list."""
    if not names:
        return REMOVED
    if isinstance(old, str):
        return "/".join(names)
    if isinstance(old, list) and old and isinstance(old[0], list):
        return [names, *old[1:]]
    return [*names, *(old[2:] if isinstance(old, list) else [])]


def _visibility(values: Mapping[str, object], have: Words, wanted: Wanted) -> Changes:
    del values
    if have.visibility == wanted.words.visibility:
        return {}
    is_public = wanted.words.visibility is Visibility.public
    return {"visibility": REMOVED if is_public else str(wanted.words.visibility)}


def _own(values: Mapping[str, object], have: Words, wanted: Wanted) -> Changes:
    """Keys that Pressroom has no name for."""
    before, after = have.frontmatter, wanted.words.frontmatter
    changed = [key for key in {**before, **after} if key not in after or before.get(key) != after[key]]
    return {key: _dated(values.get(key), after[key]) if key in after else REMOVED for key in changed}


def _dated(old: object, new: Any) -> object:
    """JSON has no dates: text in the place of a date is one, when it can be."""
    if not isinstance(old, date) or not isinstance(new, str):
        return new
    read: Callable[[str], date] = datetime.fromisoformat if isinstance(old, datetime) else date.fromisoformat
    try:
        return read(new)
    except ValueError:
        return new


def _slug(values: Mapping[str, object], wanted: Wanted) -> Changes:
    if wanted.words.slug == wanted.slug:
        return {}
    key = _key("slug", values, wanted.names)
    old = values.get(key)
    before, _, last = old.rstrip("/").rpartition("/") if isinstance(old, str) else ("", "", "")
    if not before:
        return {key: wanted.words.slug}
    ending = "/" if isinstance(old, str) and old.endswith("/") else ".html" if last.endswith(".html") else ""
    return {key: f"{before}/{wanted.words.slug}{ending}"}


def _draft(document: SourceDocument, path: str, wanted: Wanted) -> Changes:
    """Whether it is a draft, in the file's own way of saying it; a file without a date is one anyway."""
    values = document.values
    is_one_anyway = wanted.words.published is None and map_front(values, document.body, path).draft
    if is_draft(dict(values)) == wanted.draft or (wanted.draft and is_one_anyway):
        return {}
    if isinstance(values.get("published"), bool):
        return {"published": not wanted.draft}
    if str(values.get("status", "")).lower() in _STATUS:
        return {"status": "draft" if wanted.draft else "published"}
    return {"draft": wanted.draft}
