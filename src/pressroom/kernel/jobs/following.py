"""Following a job from a command: with a bar, and doing it here when nobody else does."""

import asyncio
import sys
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pressroom.kernel.jobs.models import Job, JobState
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

LOOK_SECONDS = 0.1
_WIDEST = 80
OTHERS_FIRST = 3  # looks that other processes get before this one takes the job
LOOKS_FOR_THE_DEAD = 10  # looks after which somebody else's running job is looked at: its process may be gone


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """How a job ended."""

    id: UUID
    state: JobState
    result: dict[str, Any] | None
    error: dict[str, Any] | None

    @property
    def succeeded(self) -> bool:
        return self.state is JobState.succeeded

    @property
    def message(self) -> str:
        """Why it failed, in words."""
        return str((self.error or {}).get("message", self.state))

    def as_dict(self) -> dict[str, Any]:
        return {"job_id": str(self.id), "state": self.state, "result": self.result, "error": self.error}


async def follow(services: Services, job_id: UUID, *, title: str) -> JobOutcome:
    """Waits until a job has ended, whoever does it: a running server, a worker, or this process."""
    from rich.console import Console  # noqa: PLC0415  # only for commands
    from rich.progress import Progress  # noqa: PLC0415  # only for commands

    runner = Runner(services)
    doing: asyncio.Task[None] | None = None
    with Progress(console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(title, total=1.0)
        looks = 0
        while not JobState((job := await _read(services, job_id)).state).is_final:
            if job.state == JobState.running and doing is None and looks % LOOKS_FOR_THE_DEAD == 0:
                await runner.take_over()
            bar.update(task, completed=job.progress, description=_last_line(job.message) or title)
            if job.state == JobState.queued and looks >= OTHERS_FIRST and (doing is None or doing.done()):
                doing = asyncio.create_task(runner.run_one(job_id))
            looks += 1
            await asyncio.sleep(LOOK_SECONDS)
    if doing is not None:
        await doing
    return JobOutcome(job.id, JobState(job.state), job.result, job.error)


def _last_line(message: str) -> str:
    """What of a job's log fits beside a bar."""
    return message.rstrip().rpartition("\n")[2][:_WIDEST]


async def _read(services: Services, job_id: UUID) -> Job:
    async with services.reading() as session:
        job = await session.get(Job, job_id)
    if job is None:
        raise LookupError(f"Job {job_id} is gone.")
    return job
