"""The slice's manifest."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pressroom.features.accounts.events import PersonRenamed
from pressroom.features.posts.service.renaming import rename_author
from pressroom.features.posts.settings import PostsSettings
from pressroom.features.posts.tasks import publish_due_job, sweep
from pressroom.features.posts.welcome import ensure_welcome_post
from pressroom.kernel.events import Subscription
from pressroom.kernel.feature import Feature

if TYPE_CHECKING:
    import typer
    from fastapi import APIRouter


def _routers() -> "Sequence[APIRouter]":
    from pressroom.features.posts.routes import routers  # noqa: PLC0415  # only where requests are answered

    return routers()


def _commands(app: "typer.Typer") -> None:
    from pressroom.features.posts.commands import add_commands  # noqa: PLC0415  # only on the command line

    add_commands(app)


FEATURE = Feature(
    name="posts",
    settings=(PostsSettings,),
    routers=_routers,
    subscriptions=(Subscription(PersonRenamed, rename_author),),
    jobs=(publish_due_job,),
    schedules=(sweep,),
    commands=_commands,
    on_start=ensure_welcome_post,
)
