"""The server: `pressroom.main:app` for uvicorn, `create_app` for everyone who builds their own."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pressroom.composition import build_services, read_settings
from pressroom.features import FEATURES
from pressroom.kernel.http.app import build_framework, build_front_door
from pressroom.kernel.logs import configure_logs
from pressroom.kernel.services import Services

if TYPE_CHECKING:
    from pressroom.kernel.http.front_door import FrontDoor


def create_app(services: Services) -> "FrontDoor":
    """The whole server over these services."""
    from pressroom.features.site.public import site_application  # noqa: PLC0415  # the site builds on all of it

    framework = build_framework(services, FEATURES)
    return build_front_door(framework, services, site_application(services))


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(name)
    settings = read_settings(os.environ, folder=Path.cwd())
    configure_logs(settings)
    local = os.environ.get("PRESSROOM_SERVE_LOCAL") == "1"
    return create_app(build_services(settings, local=local))
