"""What the accounts slice brings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pressroom.features.accounts.service.setup import ensure_local_owner, ensure_setup_token
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


async def _greet(services: Services, address: str) -> Sequence[str]:
    check_signing_secret(services.settings)
    if services.local:
        return ["Local mode: whoever is at this machine is the owner."]
    token = await ensure_setup_token(services)
    return [f"Become the owner here, once: {address}/setup?token={token}"] if token else []


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
    greet=_greet,
    on_start=_start,
)
