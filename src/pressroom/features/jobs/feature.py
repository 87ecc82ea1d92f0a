"""The manifest of the jobs slice."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pressroom.features.jobs.tasks import PRUNE, SCHEDULES
from pressroom.kernel.feature import Feature

if TYPE_CHECKING:
    from fastapi import APIRouter


def _routers() -> "Sequence[APIRouter]":
    from pressroom.features.jobs.routes import routers  # noqa: PLC0415  # only servers need routes

    return routers()


FEATURE = Feature(name="jobs", routers=_routers, jobs=(PRUNE,), schedules=SCHEDULES)
