"""Loading what stays for good without looking for garbage in it, which would be a tenth of the server's start."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def for_good() -> Iterator[None]:
    """What is loaded inside is never looked through for garbage, not even later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
