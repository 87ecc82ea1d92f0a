"""Reading one file into a prepared post: pure work that other processes share."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from pydantic import ValidationError

from pressroom.features.posts.errors import CategoryIncomplete, TextRefused
from pressroom.features.posts.importing.mapping import Mapped, map_front
from pressroom.features.posts.schemas import PostBody
from pressroom.features.posts.service.writing import Prepared, check_words
from pressroom.features.posts.typeset import House, address, typeset
from pressroom.kernel.text.errors import TextError
from pressroom.kernel.text.frontmatter import split
from pressroom.kernel.text.limits import may_refuse

log = structlog.get_logger(__name__)
LARGEST = 8 * 1024 * 1024
_PICTURE = re.compile(r"!\[[^\]]*\]\(\s*<?([^)\s>]+)|<img\b[^>]*?\bsrc=[\"']([^\"']+)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|#", re.IGNORECASE)


Problems = tuple[tuple[str, str], ...]
Look = Callable[[Mapping[str, object], str], Problems]


@dataclass(frozen=True, slots=True)
class Read:
    """A file that can be imported. `problems` are what somebody who knows its site finds: fields and sentences."""

    path: str
    digest: str
    prepared: Prepared
    notes: tuple[str, ...]
    problems: Problems = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot, and why, in words for its writer."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Same:
    """A file that is as it was when it was imported. `problems` are as in `Read`."""

    path: str
    digest: str
    problems: Problems = ()


File = Read | Refused | Same


def read_files(root: Path, paths: Mapping[str, str | None], house: House) -> list[File]:
    """Reads and renders files, each on its own. They come with the digests of their last import."""
    return [read_file(root, path, house, known=known) for path, known in paths.items()]


def read_file(root: Path, path: str, house: House, *, known: str | None = None) -> File:
    """Reads one file, and renders it unless its digest is the known one."""
    try:
        data = (root / path).read_bytes()
    except OSError as error:
        return Refused(path, f"cannot be read: {error.strerror}")
    return read_data(path, data, house, known=known)


def read_data(  # one argument for each thing that may be known
    path: str,
    data: bytes,
    house: House,
    *,
    known: str | None = None,
    words_only: bool = False,
    look: Look | None = None,
) -> File:
    """Reads what a file holds unless its digest is the known one, and renders it.

    With `words_only` that is left for later; a text that may be refused is rendered all the same, so that its file is.
    `look` finds problems in its front matter, by whatever it knows of the file's site.
    """
    if len(data) > LARGEST:
        return Refused(path, f"larger than {LARGEST // 1024 // 1024} MB")
    digest = hashlib.sha256(data).hexdigest()
    if digest == known:
        return Same(path, digest, look(split(data.decode("utf-8")).front, path) if look else ())
    try:
        return _prepared(path, data, house, digest=digest, words_only=words_only, look=look)
    except (UnicodeDecodeError, ValidationError, TextError, TextRefused, CategoryIncomplete) as error:
        return Refused(path, _reason(error))
    except Exception as error:  # one odd file keeps no other one out
        log.exception("posts.unforeseen_file", path=path)
        return Refused(path, f"cannot be read; the log has more ({type(error).__name__})")


def _prepared(path: str, data: bytes, house: House, *, digest: str, words_only: bool, look: Look | None) -> Read:
    document = split(data.decode("utf-8"))
    mapped = map_front(document.front, document.body, path)
    words = PostBody.model_validate(mapped.flat).words()
    check_words(words)
    prepared = Prepared(
        words=words,
        made=None if words_only and not may_refuse(words.content) else typeset(words, house),
        slug=address(words, house, name=mapped.name),
        draft=mapped.draft,
        note="Imported",
        updated=mapped.updated or words.published,
    )
    problems = look(document.front, path) if look else ()
    return Read(path, digest, prepared, (*mapped.notes, *_pictures(mapped)), problems)


def _reason(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return f"not UTF-8: byte {error.start + 1} is 0x{error.object[error.start]:02x}"
        case ValidationError():
            first = error.errors(include_url=False, include_context=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            return f"{place}: {str(first['msg']).removeprefix('Value error, ')}"
        case _:
            return str(error)


def _pictures(mapped: Mapped) -> list[str]:
    """Pictures beside the file are not imported; their links will lead nowhere."""
    cover = mapped.flat.get("cover")
    found = [cover] if cover else []
    content = mapped.flat["content"]
    if "![" in content or "<" in content:
        found += [first or second for first, second in _PICTURE.findall(content)]
    beside = list(dict.fromkeys(each for each in found if not _ELSEWHERE.match(each)))
    if not beside:
        return []
    more = f" and {len(beside) - 3} more" if len(beside) > 3 else ""  # noqa: PLR2004  # enough to know them by
    return [f"pictures beside it are not imported: {', '.join(beside[:3])}{more}"]
