"""What `pressroom doctor` asks: checks that tell how something is, or complain."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pressroom.kernel.services import Services

Check = Callable[["Services"], Awaitable[str]]


class Complaint(Exception):
    """What a check found wrong, and what to do about it."""
