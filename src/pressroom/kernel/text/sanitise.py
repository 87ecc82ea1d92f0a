"""The one sanitiser: what HTML may stand in a post, whoever wrote it."""

import re
from collections import Counter

import nh3
from pygments.token import STANDARD_TYPES

from pressroom.kernel.text.errors import TooComplex

URL_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_BARE = (
    "abbr b bdi bdo blockquote br caption cite dd del dfn dl dt em figcaption figure hr i ins kbd label mark p q rp rt "
    "ruby s samp small strong sub summary table tbody tfoot thead tr u var wbr"
)
_CELL = {"colspan", "rowspan", "headers", "scope", "class"}
_MEDIA = {"src", "controls", "width", "height", "preload", "loop", "muted"}

# What each tag may carry besides `lang`, `dir` and `title`.
ATTRIBUTES: dict[str, set[str]] = {
    **{tag: set() for tag in _BARE.split()},
    **{f"h{level}": {"id"} for level in range(1, 7)},
    "a": {"href", "hreflang", "id", "class", "role", "aria-label"},
    "audio": _MEDIA,
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "div": {"class", "tabindex"},
    "img": {"src", "alt", "width", "height"},
    "input": {"class", "checked"},
    "li": {"id", "class", "value"},
    "ol": {"class", "start", "reversed", "type"},
    "pre": {"class"},
    "section": {"class", "role", "aria-label"},
    "source": {"src", "type", "media"},
    "span": {"class"},
    "sup": {"class"},
    "td": _CELL,
    "th": _CELL,
    "time": {"datetime"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "ul": {"class"},
    "video": {*_MEDIA, "poster", "playsinline"},
}
EVERYWHERE = frozenset({"lang", "dir", "title"})

_CODE = {name for name in STANDARD_TYPES.values() if name} | {"hll"}
CLASSES: dict[str, set[str]] = {
    "a": {"heading-anchor", "footnote-backref"},
    "code": set(),
    "div": {"heading", "table-scroll"},
    "input": {"task-checkbox"},
    "li": {"task", "footnote"},
    "ol": {"footnotes-list", "task-list"},
    "pre": {"highlight"},
    "section": {"footnotes"},
    "span": _CODE,
    "sup": {"footnote-ref"},
    "td": {"align-left", "align-center", "align-right"},
    "th": {"align-left", "align-center", "align-right"},
    "ul": {"task-list"},
}
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,40}")

# Where the values of an attribute are limited, these are they; ids belong to headings and footnotes alone, so
# that no text can take the name of something else on the page.
VALUES: dict[str, re.Pattern[str]] = {
    "id": re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*|fn:\d+|fnref:\d+(?::\d+)?"),
    "role": re.compile(r"doc-(?:endnotes|backlink|noteref)"),
    "tabindex": re.compile("0"),
    "dir": re.compile("ltr|rtl|auto"),
    "lang": re.compile(r"[A-Za-z0-9-]{1,35}"),
}

# The parser's time grows with the square of the depth, and with each open <b> that it must reopen in each <p>.
_MAX_DEPTH = 500
_MAX_FORMATTING = 50
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
# Tags without an end, or that the next of their kind ends.
_VOID = frozenset(
    {"area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "p", "param"}
    | {"source", "td", "th", "tr", "track", "wbr"}
)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")

# In sanitised HTML every value is quoted and no value holds `<` or `>`.
_TO_FINISH = re.compile(r"<(a|img|input|pre)\b([^>]*)>")
_EXTERNAL = re.compile(r' href="(?:https?:)?//', re.IGNORECASE)


def clean_article(html: str) -> str:
    """Keep what an article is made of and drop everything else.

    No scripts, styles, frames, forms, event handlers or `data:` addresses; ids and classes are those the renderer
    makes. Pictures load lazily, external links get `rel="noopener"`, an `<input>` is a disabled checkbox, and code
    can be scrolled from the keyboard.

    Raises:
        TooComplex: tags nested more than 500 deep.
    """
    _check_depth(html)
    return _TO_FINISH.sub(_finished, _cleaner.clean(html))


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return _kept_classes(tag, value)
    allowed = VALUES.get(attribute)
    return value if allowed is None or allowed.fullmatch(value) else None


def _kept_classes(tag: str, value: str) -> str | None:
    known = CLASSES.get(tag, ())
    kept = [name for name in value.split() if name in known or (tag == "code" and _LANGUAGE.fullmatch(name))]
    return " ".join(kept) or None


def _finished(found: re.Match[str]) -> str:
    # Here and not by the sanitiser's own options: those add attributes in an order that changes from run to run.
    tag, attributes = found.groups()
    match tag:
        case "img":
            attributes += ' loading="lazy" decoding="async"'
        case "input":
            attributes += ' type="checkbox" disabled=""'
        case "pre":
            attributes += ' tabindex="0"'
        case _ if _EXTERNAL.search(attributes):
            attributes += ' rel="noopener"'
    return f"<{tag}{attributes}>"


def _check_depth(html: str) -> None:
    if html.count("<") <= _MAX_FORMATTING:
        return
    open_tags: Counter[str] = Counter()
    depth = formatting = 0
    for closing, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _VOID or (closing and not open_tags[tag]):
            continue
        step = -1 if closing else 1
        open_tags[tag] += step
        depth += step
        formatting += step if tag in _FORMATTING else 0
        if depth > _MAX_DEPTH or formatting > _MAX_FORMATTING:
            raise TooComplex("The HTML in this text is nested too deeply, or many tags in it are never closed.")


_cleaner = nh3.Cleaner(
    tags=set(ATTRIBUTES),
    clean_content_tags={
        "script",
        "style",
        "iframe",
        "object",
        "template",
        "textarea",
        "select",
        "svg",
        "math",
        "noscript",
        "title",
    },
    attributes={**ATTRIBUTES, "*": set(EVERYWHERE)},
    attribute_filter=_keep,
    url_schemes=set(URL_SCHEMES),
    link_rel=None,
)
