"""Markdown files edited byte by byte: what is not changed is not touched."""

from pressroom.features.source.faithful.document import SourceDocument, read
from pressroom.features.source.faithful.errors import CannotEdit, Unreadable
from pressroom.features.source.faithful.tree import Span
from pressroom.features.source.faithful.values import REMOVED, Removed, same

__all__ = ["REMOVED", "CannotEdit", "Removed", "SourceDocument", "Span", "Unreadable", "read", "same"]
