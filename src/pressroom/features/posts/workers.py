"""Other processes that take part in work which is heavy and pure. None of them outlives this one."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager

FEW = 100
MOST = 4
_NICENESS = 5


@asynccontextmanager
async def workers(texts: int, *, most: int = MOST, gently: bool = False) -> AsyncIterator[Executor]:
    """Who shares the rendering of so many texts: processes, or a thread for a few, as processes start slowly.

    With `gently` the machine gives whoever waits for an answer precedence. What has not begun when the block is left
    is not done.
    """
    pool = ThreadPoolExecutor(1) if texts <= FEW else _processes(most, _NICENESS if gently else 0)
    try:
        yield pool
    finally:
        await asyncio.to_thread(pool.shutdown, cancel_futures=True)


def ahead() -> int:
    """How many batches to hand out before the first is back, so that no process waits for the next."""
    return 2 * min(MOST, os.cpu_count() or 1)


def _processes(most: int, niceness: int) -> Executor:
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # only for many texts
    from multiprocessing import get_context  # noqa: PLC0415  # the same

    count = min(most, os.cpu_count() or 1)
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin, initargs=(niceness,))


def _begin(niceness: int) -> None:
    """Ctrl-C is for the parent, and its death, however it dies, is this one's too."""
    from multiprocessing import parent_process  # noqa: PLC0415  # only in a worker

    os.nice(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent := parent_process():
        threading.Thread(target=_die_with, args=(parent.sentinel,), daemon=True).start()


def _die_with(sentinel: int) -> None:
    from multiprocessing import connection  # noqa: PLC0415  # only in a worker

    connection.wait([sentinel])
    os._exit(1)
