"""The slice's manifest."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pressroom.features.accounts.events import PersonRenamed
from pressroom.features.posts.service.renaming import rename_author
from pressroom.features.posts.service.typesetting import ask_for_typesetting
from pressroom.features.posts.settings import PostsSettings
from pressroom.features.posts.tasks import publish_due_job, sweep, typeset_job
from pressroom.features.posts.welcome import ensure_welcome_post
from pressroom.kernel.events import Subscription
from pressroom.kernel.feature import Feature
from pressroom.kernel.services import Services

if TYPE_CHECKING:
    import typer
    from fastapi import APIRouter


def _routers() -> "Sequence[APIRouter]":
    from pressroom.features.posts.routes import routers  # noqa: PLC0415  # only where requests are answered

    return routers()


def _commands(app: "typer.Typer") -> None:
    from pressroom.features.posts.commands import add_commands  # noqa: PLC0415  # only on the command line

    add_commands(app)


async def _start(services: Services) -> None:
    """Writes the first post, or asks for the rest of what a crash left with its words alone."""
    await ensure_welcome_post(services)
    await ask_for_typesetting(services)


FEATURE = Feature(
    name="posts",
    settings=(PostsSettings,),
    routers=_routers,
    subscriptions=(Subscription(PersonRenamed, rename_author),),
    jobs=(publish_due_job, typeset_job),
    schedules=(sweep,),
    commands=_commands,
    on_start=_start,
)
