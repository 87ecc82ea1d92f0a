"""Which field of ours each key of a site's form is. Pure."""

from collections.abc import Mapping

from pressroom.features.posts.importing.mapping import SYNONYMS
from pressroom.features.source.schema import Form, Kind

LEVELS = ("first_level_category", "second_level_category")
DRAFT, COUNTED, CATEGORIES = "draft", "readingMetadata", "categories"
# What stands under these keys has no field of ours.
_KEPT_AS_IT_IS = "updated"


def names_in(form: Form) -> dict[str, str]:
    """The keys that we have a field for, each with the field's flat name; `categories` stands for both levels."""
    found = {key: key for key in (DRAFT, COUNTED) if form.find(key)}
    for ours, synonyms in SYNONYMS.items():
        if ours == _KEPT_AS_IT_IS or (ours == CATEGORIES and any(form.find(level) for level in LEVELS)):
            continue
        # Jekyll's `published: false` says something else.
        known = (key for key in synonyms if (field := form.find(key)) and field.kind is not Kind.boolean)
        if key := next(known, None):
            found[key] = ours
    return found


def pointer_in_body(field: str, names: Mapping[str, str]) -> str:
    """Where a field of the front matter (`/pubDate`, `/tags/0`) stands in a flat body."""
    key, slash, rest = field.removeprefix("/").partition("/")
    ours = names.get(key.replace("~1", "/").replace("~0", "~"))
    if ours is None:
        return f"/frontmatter{field}"
    if ours == CATEGORIES:
        return f"/{LEVELS[rest == '1']}"
    return f"/{ours}{slash}{rest}" if ours in ("tags", COUNTED) else f"/{ours}"
