"""The words of the mail that a failed build sends, in English and Chinese. Pure."""

from dataclasses import dataclass
from typing import Literal

from pressroom.features.posts.troubles import Marked


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    text: str


_ENGLISH = Words(
    "“{title}” keeps the site from being built",
    "Dear {name},\n\nthe last build of {site} stopped at your post “{title}”:\n\n    {where}{message}\n\n"
    "Readers see the site as it was before; nothing is lost. Change the post, and the site is built again by itself.",
)
_CHINESE = Words(
    "《{title}》使网站无法生成",
    "{name}，你好：\n\n{site}的最近一次生成停在了你的文章《{title}》：\n\n    {where}{message}\n\n"
    "读者看到的仍是之前的网站，什么都没有丢失。改好这篇文章后，网站会自动重新生成。",
)
_LANGUAGES = {"en": _ENGLISH, "zh": _CHINESE}


def build_failed(language: Literal["en", "zh"], *, site: str, name: str, post: Marked) -> Words:
    """What the author of a post that a build stopped at is told."""
    words, trouble = _LANGUAGES[language], post.trouble
    line = {"en": f"line {trouble.line}", "zh": f"第 {trouble.line} 行"}[language] if trouble.line else None
    where = ", ".join(part for part in (trouble.field, line) if part)
    values = {"site": site, "name": name, "title": post.title, "message": trouble.message}
    one_line = {key: " ".join(value.split()) for key, value in values.items()}
    return Words(
        words.subject.format(**one_line),
        words.text.format(**one_line, where=f"{where}: " if where else "") + "\n",
    )
