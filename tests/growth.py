"""How work grows with its input: a ratio within one process, so that a slow or busy machine changes nothing."""

import gc
import time
from collections.abc import Callable

FACTOR = 4
# Linear work grows by 4 and quadratic work by 16.
LINEAR = 9.0
_SHORTEST = 0.02  # CPU seconds: below that it is the clock that is measured


def growth(work: Callable[[int], object], size: int) -> float:
    """CPU time of `work` at `size`, as a multiple of its time at a quarter of that."""
    return _seconds(work, size) / max(_seconds(work, size // FACTOR), _SHORTEST / FACTOR)


def _seconds(work: Callable[[int], object], size: int) -> float:
    return min(_once(work, size) for _ in range(2))


def _once(work: Callable[[int], object], size: int) -> float:
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        work(size)
        return time.process_time() - started
    finally:
        gc.enable()
