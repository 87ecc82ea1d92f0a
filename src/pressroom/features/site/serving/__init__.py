"""The public site, served from the release that is live."""

from pressroom.features.site.serving.server import SiteServer

__all__ = ["SiteServer"]
