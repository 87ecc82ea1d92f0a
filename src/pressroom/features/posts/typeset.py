"""What is made from a manuscript: HTML, counts, a summary, the text that search finds. Pure and picklable."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pressroom.features.posts.errors import TextRefused
from pressroom.features.posts.states import Visibility
from pressroom.features.posts.words import Words
from pressroom.kernel.settings import Settings, SiteSettings
from pressroom.kernel.text.counting import count
from pressroom.kernel.text.errors import TextError
from pressroom.kernel.text.excerpts import summarise
from pressroom.kernel.text.slugs import slugify
from pressroom.kernel.text.tokens import BREAK, index_text

if TYPE_CHECKING:
    from pressroom.kernel.text.markdown import Rendered

SUMMARY_LENGTH = 200
_HEADING = '<div class="heading"><h1 '
# Rendering a text shorter than this takes less than handing it to a thread may cost others.
_IN_A_THREAD = 8_000
_LANGUAGE_TAG = 35


@dataclass(frozen=True, slots=True)
class House:
    """What the publication's settings say about rendering."""

    lang: str = "en"
    keep_script: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "House":
        site = settings[SiteSettings]
        return cls(site.language, site.keep_script_slugs)

    def slug(self, text: str) -> str:
        """An address made from a title."""
        return slugify(text, keep_script=self.keep_script)


@dataclass(frozen=True, slots=True)
class IndexText:
    """Encoded tokens by field; the summary's are followed by those of tags and categories."""

    title: str
    summary: str
    body: str

    @classmethod
    def of(cls, title: str, parts: Iterable[str], plain: str) -> "IndexText":
        """The tokens of a title, of a summary with further names, and of a body."""
        return cls(index_text(title), f" {BREAK} ".join(map(index_text, parts)), index_text(plain))


@dataclass(frozen=True, slots=True)
class Typeset:
    """Everything that is made from words before the database is asked."""

    html: str
    text: str
    headings: tuple[dict[str, Any], ...]
    lang: str
    word_count: int
    minutes: int
    summary: str
    index: IndexText


def address(words: Words, house: House, *, name: str = "") -> str:
    """A manuscript's own address, or one made from `name` (a file's) or the title; it may be empty."""
    return words.slug or house.slug(name) or house.slug(words.title)


def typeset(words: Words, house: House) -> Typeset:
    """Renders a manuscript.

    Raises:
        TextRefused: the Markdown is nested in a way that no person writes.
    """
    from pressroom.kernel.text.markdown import render  # noqa: PLC0415  # heavy: loaded with the first words saved

    try:
        rendered = render(words.content, default_lang=house.lang)
    except TextError as error:
        raise TextRefused(str(error)) from error
    return _made(words, rendered)


def typeset_anyhow(words: Words, house: House) -> tuple[Typeset, str | None]:
    """`typeset` for words that are kept already. A text that is refused stands as it was typed; with the reason."""
    from pressroom.kernel.text.markdown import as_typed  # noqa: PLC0415  # as above

    try:
        return typeset(words, house), None
    except Exception as error:  # noqa: BLE001  # whatever one text does to the parser, the others go on
        return _made(words, as_typed(words.content, default_lang=house.lang)), str(error) or repr(error)


async def typeset_aside(words: Words, house: House) -> Typeset:
    """`typeset`, in a thread when the text is long."""
    if len(words.content) < _IN_A_THREAD:
        return typeset(words, house)
    return await asyncio.to_thread(typeset, words, house)


def language(words: Words) -> str | None:
    """What a `lang` key of the front matter says; it wins over the guess."""
    told = words.frontmatter.get("lang")
    plausible = isinstance(told, str) and told.replace("-", "").isalnum() and told.isascii()
    return told if plausible and len(str(told)) <= _LANGUAGE_TAG else None


def _made(words: Words, rendered: "Rendered") -> Typeset:
    counted = count(rendered.plain)
    categories = filter(None, (words.first_category, words.second_category))
    summary = words.description or _fallback(words, rendered.opening)
    headings = tuple({"level": each.level, "id": each.id, "text": each.text} for each in rendered.headings)
    says_title = bool(headings) and _is_title(headings[0], words.title) and rendered.html.startswith(_HEADING)
    return Typeset(
        html=rendered.html.partition("</div>\n")[2] if says_title else rendered.html,
        text=rendered.plain,
        headings=headings[1:] if says_title else headings,
        lang=language(words) or rendered.lang,
        word_count=counted.words,
        minutes=counted.minutes,
        summary=summary,
        index=IndexText.of(words.title, (summary, *words.tags, *categories), rendered.plain),
    )


def _is_title(heading: Mapping[str, Any], title: str) -> bool:
    """Whether a text begins with its own title, as files without front matter do; it stands above the text already."""
    return heading["level"] == 1 and " ".join(heading["text"].split()) == title


def _fallback(words: Words, opening: str) -> str:
    """Members' words stay with members: without a description their post has no summary."""
    return summarise(opening, length=SUMMARY_LENGTH) if words.visibility is Visibility.public else ""
