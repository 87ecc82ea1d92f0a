"""A worker in a process of its own: `worker_process.py DATA`, with DATABASE_URL in the environment or not.

Its one kind of job takes three steps, notes each in `DATA/steps` and keeps a checkpoint after it.
"""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from pressroom.composition import build_services, read_settings
from pressroom.kernel.jobs import JobCatalogue, JobContext, JobKind, NoArguments
from pressroom.kernel.jobs.runner import Runner


async def walk(context: JobContext, _arguments: Any) -> None:
    done = (context.checkpoint or {}).get("done", 0)
    for step in range(done, 3):
        with (context.services.settings.data / "steps").open("a") as steps:
            steps.write(f"{os.getpid()} attempt {context.attempt} step {step}\n")
        await context.save_checkpoint({"done": step + 1})
        await asyncio.sleep(0.4 if context.attempt == 1 else 0)


WALK = JobKind("test.walk", NoArguments, walk)


async def main(data: Path) -> None:
    settings = read_settings(os.environ, folder=data, data=data)
    services = replace(build_services(settings), jobs=JobCatalogue([WALK]))
    await Runner(services).run()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
