"""Viewers of the API document: pages that need nothing from another host."""

from pressroom.kernel.http.viewers.pages import VIEWERS, Viewer
from pressroom.kernel.http.viewers.routes import viewer_routes

__all__ = ["VIEWERS", "Viewer", "viewer_routes"]
