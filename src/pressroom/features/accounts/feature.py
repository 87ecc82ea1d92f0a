"""What the accounts slice brings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pressroom.features.accounts.service.setup import ensure_local_owner
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.features.accounts.tasks import JOBS, SCHEDULES
from pressroom.features.accounts.tokens import check_signing_secret
from pressroom.kernel.feature import Feature
from pressroom.kernel.services import Services

if TYPE_CHECKING:
    import typer
    from fastapi import APIRouter


async def _start(services: Services) -> None:
    check_signing_secret(services.settings)
    if services.local:
        await ensure_local_owner(services)


def _routers() -> "Sequence[APIRouter]":
    from pressroom.features.accounts.routes import routers  # noqa: PLC0415  # commands need no routes

    return routers()


def _commands(app: "typer.Typer") -> None:
    from pressroom.features.accounts.commands import add_to  # noqa: PLC0415  # the server needs no commands

    add_to(app)


FEATURE = Feature(
    name="accounts",
    settings=(AccountsSettings,),
    routers=_routers,
    jobs=JOBS,
    schedules=SCHEDULES,
    commands=_commands,
    on_start=_start,
)
