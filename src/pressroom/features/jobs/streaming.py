"""A job's changes as server-sent events."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from pressroom.features.jobs.schemas import JobView
from pressroom.features.jobs.service import Seen

QUIET_SECONDS = 15.0
END = "end"
LONGEST_ID = 18


async def server_sent(changes: AsyncIterator[Seen | None]) -> AsyncGenerator[bytes, None]:
    """`log` events whose ids a reader resumes after, `job` events for the state, comments while it is quiet.

    The last event is the `job` in its final state; its id is `end`.
    """
    clock = asyncio.get_running_loop().time
    yield b"retry: 2000\n\n"
    last = clock()
    async for change in changes:
        if change is not None:
            yield _event(change)
            last = clock()
        elif clock() - last >= QUIET_SECONDS:
            yield b": still here\n\n"
            last = clock()


def last_line(last_event_id: str | None) -> int:
    """The line to go on after; everything from the beginning when the id is none of ours."""
    sent = last_event_id or ""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= LONGEST_ID else 0


def _event(change: Seen) -> bytes:
    if isinstance(change, JobView):
        end = f"id: {END}\n" if change.state.is_final else ""
        return f"{end}event: job\ndata: {change.model_dump_json()}\n\n".encode()
    line_id, line = change
    return f"id: {line_id}\nevent: log\ndata: {line.model_dump_json()}\n\n".encode()
