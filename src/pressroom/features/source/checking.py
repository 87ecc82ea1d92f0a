"""Whether the site's own build would take a file, asked before it is written."""

import os.path
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from pressroom.features.posts.manuscripts import Missing
from pressroom.features.source.faithful import SourceDocument, read
from pressroom.features.source.fields import Wanted, words_in, written
from pressroom.features.source.naming import names_in, pointer_in_body
from pressroom.features.source.schema import Field, Form, Kind, Origin, Problem, validate

LONGEST = 300
MOST = 20


@dataclass(frozen=True, slots=True)
class Check:
    """What the build of the site in `root`, whose posts lie in `content`, asks of each file. Picklable."""

    form: Form
    root: Path
    content: Path

    @property
    def fingerprint(self) -> str:
        """What changes when files that passed may fail; what the posts have in common changes with every post."""
        if self.form.origin is Origin.schema:
            return sha256(repr(self).encode()).hexdigest()
        return str(self.form.origin)

    def problems(self, front: Mapping[str, object], path: str) -> tuple[Missing, ...]:
        """What the build would refuse in the front matter of the file at `path`, as pointers into a flat body."""
        names = names_in(self.form)
        found = [*validate(front, self.form), *self._pictures(front, path)][:MOST]
        return tuple(Missing(pointer_in_body(each.field, names), each.message[:LONGEST]) for each in found)

    def refuses(self, content: bytes, path: str, *, instead_of: bytes) -> bool:
        """Whether the build would find something in `content` that it does not find in the file as it stands."""
        after, before = (set(self.problems(read(data).values, path)) for data in (content, instead_of))
        return not after <= before

    def listed(self, front: Mapping[str, object], path: str) -> tuple[tuple[str, str], ...]:
        """The same as fields and sentences."""
        return tuple((each.field, each.message) for each in self.problems(front, path))

    def _pictures(self, front: Mapping[str, object], path: str) -> Iterator[Problem]:
        for pointer, picture in _pictures_in(front, self.form.fields, ""):
            if self._is_missing(picture, path):
                yield Problem(pointer, f"There is no picture at “{picture}”; put it there, or remove this.")

    def _is_missing(self, picture: str, path: str) -> bool:
        """Measured with Astro 5: it is looked for beside the post or, with a slash, in the project; an alias may be."""
        name = picture.partition("?")[0]
        if name.startswith("//") or "\0" in name:
            return "\0" in name
        if name.startswith("/"):
            places = [self.root / name[1:], self.root / "public" / name[1:]]
        elif name.startswith(("./", "../")) or not {"/", ":"} & set(name):
            places = [self.content / PurePosixPath(path).parent / name]
        else:
            return False
        # Nobody learns from this what lies elsewhere on the machine.
        return all(self._is_inside(place) and not _is_file(place) for place in places)

    def _is_inside(self, place: Path) -> bool:
        plain = Path(os.path.normpath(place))
        return plain.is_relative_to(self.root) or plain.is_relative_to(self.content)


def _is_file(place: Path) -> bool:
    """No file has a name that no disk can hold."""
    try:
        return place.is_file()
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of a file.

    Attributes:
        content: what it will hold.
        changes: whether that is something else than it holds.
        problems: what the site's build would refuse in it.
        meanwhile: what to write while the problems keep the words from the file: at most, that it is a draft.
        slug: the address that `content` stands for.
    """

    content: bytes
    changes: bool
    problems: tuple[Missing, ...]
    meanwhile: bytes
    slug: str


def plan(base: bytes, path: str, wanted: Wanted, check: Check | None) -> Plan:
    """What a file that holds `base` becomes; nothing is refused here.

    Raises:
        CannotEdit: the change cannot be written safely; with the line.
    """
    document = read(base)
    content = written(document, path, wanted)
    problems = check.problems(read(content).values, path) if check else ()
    is_waiting = check is not None and bool(problems) and content != base
    meanwhile = _hidden(document, path, wanted, check) if check and is_waiting else base
    return Plan(content, content != base, problems, meanwhile, wanted.words.slug or wanted.slug)


def _hidden(document: SourceDocument, path: str, wanted: Wanted, check: Check) -> bytes:
    """The file with its own words, as a draft if the post is one: a post that was taken back is not left standing.

    Where that alone would break the build, the file stays as it is.
    """
    if not document.raw or not wanted.draft:
        return document.raw
    words = words_in(document, path).changed({"slug": wanted.slug})
    content = written(document, path, replace(wanted, words=words, form=None))
    before, after = (check.problems(values, path) for values in (document.values, read(content).values))
    return content if set(after) <= set(before) else document.raw


def _pictures_in(values: Mapping[str, object], fields: tuple[Field, ...], place: str) -> Iterator[tuple[str, str]]:
    for field in fields:
        if field.name in values:
            pointer = f"{place}/{field.name.replace('~', '~0').replace('/', '~1')}"
            yield from _pictures_at(values[field.name], field, pointer)


def _pictures_at(value: object, field: Field, pointer: str) -> Iterator[tuple[str, str]]:
    if field.kind is Kind.image and isinstance(value, str):
        yield pointer, value
    elif isinstance(value, list) and field.item:
        for position, item in enumerate(value):
            yield from _pictures_at(item, field.item, f"{pointer}/{position}")
    elif isinstance(value, Mapping):
        yield from _pictures_in(value, field.fields, pointer)
