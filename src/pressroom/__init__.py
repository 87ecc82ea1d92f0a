"""Pressroom: a self-hosted publication in one program."""

from importlib.metadata import version

__version__ = version("pressroom")
