"""`pressroom doctor`: is everything here that the program needs?"""

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from pressroom.commands.database import migrations
from pressroom.features import FEATURES
from pressroom.kernel.command import JsonFlag, answer, run
from pressroom.kernel.diagnosis import Check, Complaint
from pressroom.kernel.services import Services
from pressroom.kernel.settings import HttpSettings, SiteSettings

LEAST_FREE = 500 * 1024 * 1024
OLDEST_SQLITE = (3, 35, 0)


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    check: str
    ok: bool
    detail: str


def add_to(cli: typer.Typer) -> None:
    """Adds this command."""
    cli.command()(doctor)


def doctor(ctx: typer.Context, as_json: JsonFlag = False) -> None:  # noqa: FBT002  # Typer's way
    """Check the machine, the data folder, the database and the settings. Exit 1 when something is wrong."""
    findings = run(ctx, _examine, upgrade=False)
    answer(
        [asdict(finding) for finding in findings],
        as_json=as_json,
        text=lambda: "\n".join(f"{'ok   ' if f.ok else 'WRONG'} {f.check}: {f.detail}" for f in findings),
    )
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


async def _examine(services: Services) -> list[Finding]:
    checks: dict[str, Check] = {
        "python": _python,
        "data folder": _data_folder,
        "disk": _disk,
        "hard links": _hard_links,
        "sqlite": _sqlite,
        "database": _database,
        "schema": _schema,
        "storage": _storage,
        "mail": _mail,
        "address": _address,
    }
    found = [await _one(name, check, services) for name, check in checks.items()]
    if all(finding.ok for finding in found if finding.check in {"database", "schema"}):
        found += [await _one(name, check, services) for name, check in (await _of_features(services)).items()]
    return found


async def _of_features(services: Services) -> Mapping[str, Check]:
    """What the features look at; they may ask the database."""
    brought = [await feature.checks(services) for feature in FEATURES if feature.checks]
    return {name: check for checks in brought for name, check in checks.items()}


async def _one(name: str, check: Check, services: Services) -> Finding:
    try:
        return Finding(name, ok=True, detail=await check(services))
    except Complaint as complaint:
        return Finding(name, ok=False, detail=str(complaint))
    except Exception as error:  # noqa: BLE001  # a check that breaks is a finding, too
        return Finding(name, ok=False, detail=f"{type(error.__cause__ or error).__name__}: it does not answer")


async def _python(_: Services) -> str:
    return f"{platform.python_version()} on {sys.platform}"


async def _data_folder(services: Services) -> str:
    data = services.settings.data
    data.mkdir(parents=True, exist_ok=True)
    if not os.access(data, os.W_OK):
        raise Complaint(f"{data} cannot be written. Give it to the user who runs this program.")
    return str(data)


async def _disk(services: Services) -> str:
    free = shutil.disk_usage(services.settings.data).free
    if free < LEAST_FREE:
        raise Complaint(f"{free // 2**20} MB free; make room before the next release does not fit.")
    return f"{free // 2**20} MB free"


async def _hard_links(services: Services) -> str:
    if not can_link(services.settings.data):
        return "not supported here; releases are copied instead, which takes more room and time"
    return "supported"


def can_link(folder: Path) -> bool:
    """Whether the file system under this folder has hard links."""
    with TemporaryDirectory(dir=folder) as scratch:
        original = Path(scratch, "a")
        original.touch()
        try:
            Path(scratch, "b").hardlink_to(original)
        except OSError:
            return False
    return True


async def _sqlite(_: Services) -> str:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise Complaint(f"{sqlite3.sqlite_version} is too old; 3.35 or newer is needed.")
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
    return f"{sqlite3.sqlite_version} with full-text search"


async def _database(services: Services) -> str:
    await services.database.check()
    return services.database.url.render_as_string(hide_password=True)


async def _schema(services: Services) -> str:
    history = migrations(services)
    current = await history.current()
    if current != history.head():
        raise Complaint(f"at {current}, newest is {history.head()}. Run: pressroom db upgrade")
    return f"up to date ({current})"


async def _storage(services: Services) -> str:
    await services.storage.check()
    return "answers"


async def _mail(services: Services) -> str:
    await services.mailer.check()
    return "answers"


async def _address(services: Services) -> str:
    base = services.settings[SiteSettings].base_url
    http = services.settings[HttpSettings]
    if base.startswith("https://") and not http.trusted_proxies:
        return f"{base}; set http.trusted_proxies to your proxy's address so that readers' addresses are known"
    return base
