"""Pressroom: a self-hosted publication in one program."""

__version__ = "0.1.0"
