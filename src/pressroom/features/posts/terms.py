"""Tags and categories: two spellings of one name are one term, two names never share an address."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.models import Category, Tag
from pressroom.features.posts.typeset import House
from pressroom.kernel.db.base import insert_into
from pressroom.kernel.ids import new_id
from pressroom.kernel.text.slugs import numbered, slugify
from pressroom.kernel.text.tokens import fold

_KEY = 200
_CHUNK = 500


class Term(NamedTuple):
    """A tag or a category as it is kept."""

    id: UUID
    name: str
    slug: str


def term_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return fold(name)[:_KEY]


def term_slug(name: str, house: House) -> str:
    """The address of a name: `C++` and `C#` differ, and a name without letters is spelled by its code points."""
    spoken = name.replace("+", " plus ").replace("#", " sharp ")
    return slugify(spoken, keep_script=house.keep_script) or "-".join(f"u{ord(char):x}" for char in name[:10])


async def settle_tags(session: AsyncSession, names: Iterable[str], house: House) -> dict[str, Term]:
    """The tags of these names by `term_key`, made where they are new."""
    return await _settle(session, Tag, names, scope={}, house=house)


async def settle_categories(
    session: AsyncSession, names: Iterable[str], *, parent: str, house: House
) -> dict[str, Term]:
    """The categories of these names under a first level's slug (`""`: the first level itself), by `term_key`."""
    return await _settle(session, Category, names, scope={"parent": parent}, house=house)


async def _settle(
    session: AsyncSession,
    model: type[Tag | Category],
    names: Iterable[str],
    *,
    scope: Mapping[str, str],
    house: House,
) -> dict[str, Term]:
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(term_key(name), name)
    known = await _known(session, model, list(wanted), scope)
    # In one order everywhere, so that two writers with the same new names never wait for each other.
    for key in sorted(wanted.keys() - known.keys()):
        known[key] = await _make(session, model, {**scope, "name": wanted[key], "key": key}, house)
    return known


async def _known(
    session: AsyncSession, model: type[Tag | Category], keys: list[str], scope: Mapping[str, str]
) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for start in range(0, len(keys), _CHUNK):
        columns = (model.key, model.id, model.name, model.slug)
        statement = select(*columns).where(model.key.in_(keys[start : start + _CHUNK])).filter_by(**scope)
        for key, term_id, name, slug in (await session.execute(statement)).all():
            found[key] = Term(term_id, name, slug)
    return found


async def _make(session: AsyncSession, model: type[Tag | Category], values: dict[str, Any], house: House) -> Term:
    """Inserts a term under the first free address; who was faster with the same name wins."""
    base = term_slug(values["name"], house)
    scope = {"parent": values["parent"]} if "parent" in values else {}
    number = 1
    while True:
        slug = base if number == 1 else numbered(base, number)
        statement = insert_into(session, model).values(id=new_id(), slug=slug, **values).on_conflict_do_nothing()
        row = (await session.execute(statement.returning(model.id))).one_or_none()
        if row is not None:
            return Term(row.id, values["name"], slug)
        if existing := await _known(session, model, [values["key"]], scope):
            return existing[values["key"]]
        number += 1
