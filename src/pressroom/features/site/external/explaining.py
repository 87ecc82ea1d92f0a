"""From what the tool printed to the post, the field and the line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pressroom.features.site.external.failure import Failure
from pressroom.features.site.external.messages import Heard, hear
from pressroom.features.source.recognise import SourceSite
from pressroom.kernel.text.errors import FrontMatterError
from pressroom.kernel.text.frontmatter import split

_POSTS = (".md", ".mdx", ".markdown")
_LARGEST = 2_000_000
_WORDS_KEPT = 500
_NPM_ERROR = re.compile(r"npm (?:error|ERR!) (?!code )(\S.{0,400})")


def explain(site: SourceSite, lines: Sequence[str]) -> Failure | None:
    """What the output of a build says was wrong; None when it names nothing.

    A build that exits with 0 may have failed all the same: Jekyll and Hexo leave out a post that they cannot read.
    """
    heard = hear(site.generator, "\n".join(lines))
    if heard is None:
        return None
    file = _file(site, heard)
    failure = Failure(
        message=heard.message[:_WORDS_KEPT],
        collection=heard.collection,
        entry=heard.entry,
        fields=heard.fields,
        page=heard.page,
    )
    if file is None:
        return failure
    # Astro writes line 0 where it knows none.
    line, column = (heard.line, heard.column) if heard.line else (None, None)
    return _placed(replace(failure, line=line, column=column), site, file)


def last_words(lines: Sequence[str]) -> Failure:
    """For output in which no known message was found: the last line that says something, no stack frames."""
    telling = [line.strip() for line in lines if line.strip() and not re.match(r"\s*(?:at |from |npm error)", line)]
    return Failure(message=(telling or ["The build printed nothing."])[-1][:_WORDS_KEPT])


def install_failure(lines: Sequence[str]) -> Failure:
    """For an install step that failed: npm says first what is wrong, and then at length what to try."""
    errors = [found[1] for line in lines if (found := _NPM_ERROR.match(line))]
    return Failure(message=f"The packages could not be installed: {(errors or [last_words(lines).message])[0]}")


def _file(site: SourceSite, heard: Heard) -> Path | None:
    """The file that is meant, if it lies in the site; tools write paths from here or from there."""
    if heard.path:
        bases = (site.root, site.content, site.content.parent)
        inside = (base / heard.path for base in bases)
        return next((path.resolve() for path in inside if path.is_file() and _is_ours(site, path.resolve())), None)
    if heard.entry:
        named = (path for path in posts_of(site.content) if _entry_name(site.content, path) == heard.entry.lower())
        return next(named, None)
    if heard.mentions:
        mentioning = [path for path in posts_of(site.content) if heard.mentions in _text(path)]
        return mentioning[0] if len(mentioning) == 1 else None
    return None


def _is_ours(site: SourceSite, path: Path) -> bool:
    return (path.is_relative_to(site.root) or path.is_relative_to(site.content)) and "node_modules" not in path.parts


def posts_of(content: Path) -> Iterator[Path]:
    """Every Markdown file under a folder."""
    return (path for path in sorted(content.rglob("*")) if path.suffix.lower() in _POSTS and path.is_file())


def _entry_name(content: Path, path: Path) -> str:
    name = path.relative_to(content).with_suffix("").as_posix().lower()
    return name.removesuffix("/index")


def _placed(failure: Failure, site: SourceSite, file: Path) -> Failure:
    if not file.is_relative_to(site.content) or file.suffix.lower() not in _POSTS:
        return replace(failure, file=file.relative_to(site.root).as_posix())
    failure = replace(failure, post=file.relative_to(site.content).as_posix())
    text = _text(file)
    # Tools count the lines of front matter in ways of their own, and few say it in words for a writer.
    try:
        split(text)
    except FrontMatterError as error:
        return replace(failure, message=error.message, line=error.line, column=error.column)
    if failure.fields and not failure.line:
        return replace(failure, line=_line_of(failure.fields[0].field, text))
    return failure


def _line_of(field: str, text: str) -> int | None:
    """The line where the top of `readingMetadata.time` stands; None for a key that is missing."""
    key = re.escape(re.split(r"[.\[]", field)[0])
    end = re.search(r"^(?:---|\+\+\+)", text[3:], re.MULTILINE)
    front = text[: end.start() + 3] if end else ""
    found = re.search(rf"^\s*['\"]?{key}['\"]?\s*[:=]", front, re.MULTILINE)
    return front.count("\n", 0, found.end()) + 1 if found else None


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_LARGEST).decode(errors="replace")
