"""How many statements one request sends to the database: ours through the framework, and the usual endpoint's."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, event

from benchmarks.publication import Publication
from benchmarks.references import usual


def count_queries(publication: Publication, path: str) -> tuple[int, int]:
    """Statements of the second request for `path`, ours and the usual endpoint's; `BEGIN` is none."""
    return asyncio.run(_count_both(publication, path))


async def _count_both(publication: Publication, path: str) -> tuple[int, int]:
    from pressroom.composition import build_services, read_settings  # noqa: PLC0415 - the program, only here
    from pressroom.main import create_app  # noqa: PLC0415 - the same

    environ = publication.environ(PRESSROOM_HTTP__READ_SIDE="false", PRESSROOM_HTTP__ACCESS_LOG="false")
    services = build_services(read_settings(environ, folder=publication.data))
    try:
        return await _count(create_app(services), path), await _count_usual(publication.data / "pressroom.db", path)
    finally:
        await services.close()


async def _count_usual(database: Path, path: str) -> int:
    app = usual.build(database)
    try:
        return await _count(app, path)
    finally:
        await app.state.engine.dispose()


async def _count(app: Any, path: str) -> int:
    seen: list[str] = []

    def notice(*arguments: Any) -> None:
        seen.append(arguments[2])

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        (await client.get(path)).raise_for_status()
        event.listen(Engine, "before_cursor_execute", notice)
        try:
            (await client.get(path)).raise_for_status()
        finally:
            event.remove(Engine, "before_cursor_execute", notice)
    return sum(not statement.startswith("BEGIN") for statement in seen)
