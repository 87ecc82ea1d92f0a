"""One at a time: looking at the attached folder, writing into it, attaching and watching it."""

from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Literal

from pressroom.kernel import holding as kernel
from pressroom.kernel.services import Services


def holding(services: Services, what: Literal["scan", "write", "attach"]) -> AbstractAsyncContextManager[None]:
    """Holds a lock on the folder; waits for whoever holds it. It dies with its process."""
    return kernel.holding(services, f"source-{what}")


def free_to_hold(services: Services, what: Literal["watch"]) -> AbstractContextManager[bool]:
    """Holds a lock on the folder when nobody else does; says whether that is so."""
    return kernel.free_to_hold(services, f"source-{what}")
