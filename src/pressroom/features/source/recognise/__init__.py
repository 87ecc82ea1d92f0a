"""Recognising a static site: what made it, where its posts are, how it is built. Nothing of it is run."""

from pressroom.features.source.recognise.errors import AmbiguousSite, FolderNotFound
from pressroom.features.source.recognise.finding import recognise
from pressroom.features.source.recognise.site import Generator, NodeWish, Packages, SourceSite

__all__ = ["AmbiguousSite", "FolderNotFound", "Generator", "NodeWish", "Packages", "SourceSite", "recognise"]
