"""Watching the attached folder, so that a change on disk is taken in within a second."""

from pressroom.features.source.watching.keeping import keep_watch

__all__ = ["keep_watch"]
