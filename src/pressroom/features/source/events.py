"""What the slice announces, each in the transaction that does it."""

from dataclasses import dataclass
from pathlib import Path

from pressroom.kernel.events import Event


@dataclass(frozen=True, slots=True)
class FolderAttached(Event):
    """Posts live in this folder from now on, and its site is what readers are to see."""

    content: Path


@dataclass(frozen=True, slots=True)
class FolderDetached(Event):
    """Posts live in their rows again."""

    content: Path
