"""The public face of the site, as an ASGI application."""

from starlette.types import ASGIApp

from pressroom.features.site.serving.server import SiteServer
from pressroom.kernel.services import Services


def site_application(services: Services) -> ASGIApp:
    """Serves the release that is live."""
    return SiteServer(services.settings.data / "site")
