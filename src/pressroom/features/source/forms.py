"""The form of the attached site, made again only when its schema or its posts have changed."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.source.attachment import Attachment, find_attachment
from pressroom.features.source.checking import Check
from pressroom.features.source.disk import UnsafePath, read_inside
from pressroom.features.source.faithful import Unreadable, read
from pressroom.features.source.recognise import Generator, recognise
from pressroom.features.source.repository import SourceFiles
from pressroom.features.source.schema import DEFAULT_FORM, Form
from pressroom.features.source.schema.reading import form_of_posts, read_schema, schemas_folder
from pressroom.features.source.walking import NOT_THERE, Seen
from pressroom.kernel.errors import AppError

log = structlog.get_logger(__name__)
# Enough posts to tell what they have in common.
SAMPLE = 100
Stamps = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SiteForm:
    """A form and what is known about it.

    Attributes:
        form: the fields.
        binds: whether the site's build checks them; only then is anything refused. Astro's does.
        note: why the schema could not be read, in a sentence.
    """

    form: Form
    binds: bool
    note: str | None = None

    def check(self, attachment: Attachment) -> Check | None:
        """What a file must pass; None where the build takes everything."""
        return Check(self.form, attachment.root, attachment.content) if self.binds else None


async def site_form(session: AsyncSession) -> SiteForm:
    """The form of whatever is attached; of nothing, the default contract, which binds nobody."""
    return await find_form(SourceFiles(session), await find_attachment(session))


async def find_form(files: SourceFiles, attachment: Attachment | None) -> SiteForm:
    """The form of the attached site: its schema, else what its posts have in common, else the default contract."""
    if attachment is None:
        return SiteForm(DEFAULT_FORM, binds=False)
    form, note = await asyncio.to_thread(_schema, attachment)
    if form:
        return SiteForm(form, binds=True)
    posts = tuple(await files.latest(SAMPLE))
    return await asyncio.to_thread(_of_posts, attachment, posts, note)


async def find_check(files: SourceFiles, attachment: Attachment) -> Check | None:
    """What the site's build asks of each file."""
    if attachment.generator != Generator.astro:
        return None
    return (await find_form(files, attachment)).check(attachment)


def check_on_disk(attachment: Attachment, seen: Iterable[Seen]) -> Check | None:
    """As `find_check`, from the files alone: before their posts are there."""
    if attachment.generator != Generator.astro:
        return None
    form, note = _schema(attachment)
    if form:
        return SiteForm(form, binds=True).check(attachment)
    newest = nlargest(SAMPLE, seen, key=lambda each: (each.mtime_ns, each.path))
    stamps = tuple((each.path, f"{each.size} {each.mtime_ns}") for each in newest)
    return _of_posts(attachment, stamps, note).check(attachment)


def _schema(attachment: Attachment) -> tuple[Form | None, str | None]:
    if attachment.generator != Generator.astro:
        return None, None
    return _parsed(attachment.root, attachment.content, _stamps(schemas_folder(attachment.root)))


def _stamps(folder: Path) -> Stamps:
    """What changes with every run of `astro sync`, `dev` or `build`."""
    try:
        found = [(path.name, path.stat()) for path in folder.iterdir()]
    except OSError:
        return ()
    return tuple(sorted((name, f"{stat.st_size} {stat.st_mtime_ns}") for name, stat in found))


@lru_cache(maxsize=8)
def _parsed(root: Path, content: Path, stamps: Stamps) -> tuple[Form | None, str | None]:
    del stamps
    try:
        return read_schema(recognise(root, content))
    except AppError as error:
        log.info("source.no_schema", reason=error.detail)
        return None, "The site's schema was not found, so the form is made from the posts."


def _of_posts(attachment: Attachment, posts: Stamps, note: str | None) -> SiteForm:
    if not attachment.content.is_dir():
        return SiteForm(DEFAULT_FORM, binds=False, note=NOT_THERE)
    generator = Generator(attachment.generator)
    return SiteForm(_inferred(attachment.content, generator, posts), binds=generator is Generator.astro, note=note)


@lru_cache(maxsize=8)
def _inferred(content: Path, generator: Generator, posts: Stamps) -> Form:
    return form_of_posts(generator, _fronts(content, posts))


def _fronts(content: Path, posts: Stamps) -> Iterator[Mapping[str, object]]:
    """The front matters of these files; one that is gone or cannot be read says nothing."""
    for path, _ in posts:
        try:
            yield read(read_inside(content, path)).values
        except (OSError, UnsafePath, Unreadable):
            continue
