"""The runner: each job once, lanes, retries, cancelling, leases, stopping."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from pressroom.kernel.errors import AppError
from pressroom.kernel.jobs import JobContext, JobKind, NoArguments
from pressroom.kernel.jobs.models import Job
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

Open = Callable[..., Services]
STATES = "SELECT state, attempts, error, owner, running_lane FROM jobs ORDER BY created_at"


async def enqueue(services: Services, kind: JobKind, **options: Any) -> UUID:
    async with services.unit() as unit:
        return await unit.enqueue(kind, NoArguments(), **options)


async def until(condition: Callable[[], bool], *, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


async def test_two_runners_do_each_job_once(another: Open) -> None:
    done: Counter[UUID] = Counter()

    async def count(context: JobContext, _arguments: Any) -> None:
        done[context.job_id] += 1
        await asyncio.sleep(0)

    kind = JobKind("test.count", NoArguments, count)
    processes = [another(kind), another(kind)]
    ids = {await enqueue(processes[0], kind) for _ in range(40)}
    await asyncio.gather(*(Runner(each).run_until_idle() for each in processes))
    assert done == Counter(ids)


async def test_one_lane_is_one_at_a_time_and_lanes_do_not_wait_for_each_other(another: Open) -> None:
    running: Counter[str] = Counter()
    most: Counter[str] = Counter()
    together = 0

    def busy(lane: str) -> JobKind:
        async def work(_context: JobContext, _arguments: Any) -> None:
            nonlocal together
            running[lane] += 1
            most[lane] = max(most[lane], running[lane])
            together = max(together, running.total())
            await asyncio.sleep(0.03)
            running[lane] -= 1

        return JobKind(f"test.{lane}", NoArguments, work, lane=lane)

    site, mail = busy("site"), busy("mail")
    processes = [another(site, mail), another(site, mail)]
    for kind in (site, site, site, site, site, mail, mail):
        await enqueue(processes[0], kind)
    runners = [Runner(each) for each in processes]
    working = [asyncio.create_task(each.run()) for each in runners]
    async with asyncio.timeout(10):
        while not await all_succeeded(processes[0]):
            await asyncio.sleep(0.02)
    for each in runners:
        each.stop()
    await asyncio.gather(*working)
    assert most == {"site": 1, "mail": 1}
    assert together == 2


async def all_succeeded(services: Services) -> bool:
    async with services.reading() as session:
        return set(await session.scalars(select(Job.state))) == {"succeeded"}


async def test_a_failing_job_is_tried_again_later_and_later(another: Open, clock: Any, rows: Any) -> None:
    tried: list[Any] = []

    async def fail(context: JobContext, _arguments: Any) -> None:
        tried.append((context.attempt, clock.now()))
        raise OSError("the network is down")

    kind = JobKind("test.fail", NoArguments, fail, max_attempts=4, backoff=10.0)
    services = another(kind)
    await enqueue(services, kind)
    for _ in range(8):
        await Runner(services).run_until_idle()
        clock.move(seconds=10)
    moments = [moment - tried[0][1] for _, moment in tried]
    assert [attempt for attempt, _ in tried] == [1, 2, 3, 4]
    assert moments == [timedelta(seconds=seconds) for seconds in (0, 10, 30, 70)]
    (row,) = await rows(STATES)
    assert row.state == "failed"
    assert "network" not in str(row.error)


async def test_a_named_failure_is_told_and_not_repeated(another: Open, rows: Any) -> None:
    class PostUnfit(AppError):
        status = 422
        code = "test.unfit"
        title = "This post cannot be printed"

    async def refuse(_context: JobContext, _arguments: Any) -> None:
        raise PostUnfit("Line 3 of its front matter")

    kind = JobKind("test.refuse", NoArguments, refuse)
    services = another(kind)
    await enqueue(services, kind)
    await Runner(services).run_until_idle()
    (row,) = await rows(STATES)
    assert (row.state, row.attempts) == ("failed", 1)
    assert "test.unfit" in str(row.error)
    assert "Line 3" in str(row.error)


async def test_a_kind_that_nobody_knows_fails_in_the_open(another: Open, clock: Any, rows: Any) -> None:
    async def nothing(_context: JobContext, _arguments: Any) -> None: ...

    forgotten = JobKind("test.forgotten", NoArguments, nothing, max_attempts=1)
    services = another()
    await enqueue(services, forgotten)
    await Runner(services).run_until_idle()
    assert [row.state for row in await rows(STATES)] == ["failed"]


async def test_the_next_attempt_finds_the_checkpoint(another: Open, clock: Any) -> None:
    found: list[Any] = []

    async def stumble(context: JobContext, _arguments: Any) -> None:
        found.append(context.checkpoint)
        if context.checkpoint is None:
            await context.save_checkpoint({"step": 3})
            raise OSError

    kind = JobKind("test.stumble", NoArguments, stumble)
    services = another(kind)
    await enqueue(services, kind)
    await Runner(services).run_until_idle()
    clock.move(minutes=1)
    await Runner(services).run_until_idle()
    assert found == [None, {"step": 3}]


async def test_progress_is_written_while_the_job_runs(another: Open, rows: Any) -> None:
    async def walk(context: JobContext, _arguments: Any) -> None:
        await context.progress(0.5, "half-way")
        async with context.services.reading() as session:
            job = await session.get(Job, context.job_id)
            assert job is not None
            assert (job.progress, job.message, job.state) == (0.5, "half-way", "running")
        for _ in range(500):
            await context.progress(0.6)  # often is fine: it is not written each time
        await context.progress(7.0, "x" * 20_000)

    kind = JobKind("test.walk", NoArguments, walk)
    services = another(kind)
    await enqueue(services, kind)
    await Runner(services).run_until_idle()
    (row,) = await rows("SELECT state, progress, message FROM jobs")
    assert (row.state, row.progress, len(row.message)) == ("succeeded", 1.0, 500)
    assert [len(row.message) for row in await rows("SELECT message FROM job_events ORDER BY id")] == [8, 10_000]


async def test_another_process_hears_of_a_job_at_once(another: Open) -> None:
    """Its polling interval is a minute: only the bell can have woken it."""
    begun = asyncio.Event()

    async def start(_context: JobContext, _arguments: Any) -> None:
        begun.set()

    kind = JobKind("test.start", NoArguments, start)
    writer, worker = another(kind, poll_seconds=60.0), another(kind, poll_seconds=60.0)
    runner = Runner(worker)
    working = asyncio.create_task(runner.run())
    await asyncio.sleep(0.1)
    await enqueue(writer, kind)
    await asyncio.wait_for(begun.wait(), 2)
    runner.stop()
    await asyncio.wait_for(working, 2)


async def test_a_cancelled_job_of_another_process_stops(another: Open, rows: Any) -> None:
    begun = asyncio.Event()

    async def go_on(context: JobContext, _arguments: Any) -> None:
        begun.set()
        while True:
            await asyncio.sleep(0.01)
            context.raise_if_cancelled()

    kind = JobKind("test.go_on", NoArguments, go_on)
    writer, worker = another(kind), another(kind)
    job_id = await enqueue(writer, kind)
    runner = Runner(worker)
    working = asyncio.create_task(runner.run())
    await asyncio.wait_for(begun.wait(), 5)
    async with writer.unit() as unit:
        await unit.session.execute(update(Job).where(Job.id == job_id).values(cancel_requested=True))
        unit.after_commit(writer.notify_runner)
    async with asyncio.timeout(3):
        while (await rows(STATES))[0].state != "cancelled":
            await asyncio.sleep(0.02)
    runner.stop()
    await working


async def test_stopping_gives_unfinished_jobs_back_uncounted(another: Open, rows: Any) -> None:
    begun = asyncio.Event()

    async def sleep(_context: JobContext, _arguments: Any) -> None:
        begun.set()
        await asyncio.sleep(60)

    kind = JobKind("test.sleep", NoArguments, sleep, lane="site")
    services = another(kind)
    await enqueue(services, kind)
    runner = Runner(services)
    working = asyncio.create_task(runner.run())
    await asyncio.wait_for(begun.wait(), 5)
    runner.stop()
    await asyncio.wait_for(working, 2)
    (row,) = await rows(STATES)
    assert (row.state, row.attempts, row.owner, row.running_lane) == ("queued", 0, None, None)
    assert list((services.settings.data / "run").iterdir()) == []


async def test_a_job_that_will_not_end_does_not_hold_up_the_stop(
    another: Open, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pressroom.kernel.jobs.runner.STOP_SECONDS", 0.1)
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def cling(_context: JobContext, _arguments: Any) -> None:
        begun.set()
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    kind = JobKind("test.cling", NoArguments, cling)
    services = another(kind)
    await enqueue(services, kind)
    runner = Runner(services)
    working = asyncio.create_task(runner.run())
    await asyncio.wait_for(begun.wait(), 5)
    runner.stop()
    await asyncio.wait_for(working, 1)
    assert [row.state for row in await rows(STATES)] == ["running"]  # left to its lease
    let_go.set()
    await until(lambda: not runner._running)


async def test_an_expired_lease_is_taken_over(another: Open, clock: Any, rows: Any) -> None:
    attempts: list[int] = []

    async def work(context: JobContext, _arguments: Any) -> None:
        attempts.append(context.attempt)

    kind = JobKind("test.work", NoArguments, work)
    services = another(kind)
    job_id = await enqueue(services, kind)
    elsewhere = Runner(another(kind))  # a runner of another machine, which dies after the claim
    assert await elsewhere._store.claim(job_id)
    await Runner(services).run_until_idle()
    assert attempts == []
    clock.move(seconds=31)
    await asyncio.wait_for(finish(services), 5)
    assert attempts == [2]


async def finish(services: Services) -> None:
    runner = Runner(services)
    await runner.take_over()
    await runner.run_until_idle()


async def test_a_job_that_kills_its_runner_each_time_fails_in_the_end(another: Open, clock: Any, rows: Any) -> None:
    async def work(_context: JobContext, _arguments: Any) -> None: ...

    kind = JobKind("test.work", NoArguments, work, max_attempts=2)
    services = another(kind)
    job_id = await enqueue(services, kind)
    for _ in range(2):
        assert await Runner(services)._store.claim(job_id)
        clock.move(seconds=31)
        assert await Runner(services)._store.reap(set()) == 1
    (row,) = await rows(STATES)
    assert (row.state, row.owner) == ("failed", None)
    assert "jobs.worker_died" in str(row.error)


async def test_a_cancelled_job_does_not_come_back_from_the_dead(another: Open, clock: Any, rows: Any) -> None:
    async def work(_context: JobContext, _arguments: Any) -> None: ...

    kind = JobKind("test.work", NoArguments, work)
    services = another(kind)
    job_id = await enqueue(services, kind)
    assert await Runner(services)._store.claim(job_id)
    async with services.unit() as unit:
        await unit.session.execute(update(Job).values(cancel_requested=True))
    clock.move(seconds=31)
    await finish(services)
    (row,) = await rows("SELECT state, finished_at, attempts FROM jobs")
    assert (row.state, row.attempts) == ("cancelled", 1)
    assert row.finished_at is not None


async def test_leases_are_kept_while_a_job_runs(another: Open, clock: Any, rows: Any) -> None:
    """Time passes in steps shorter than a lease, longer than one in all; another runner watches and takes nothing."""
    attempts: list[int] = []
    go_on = asyncio.Event()

    async def work(context: JobContext, _arguments: Any) -> None:
        attempts.append(context.attempt)
        await go_on.wait()

    kind = JobKind("test.work", NoArguments, work)
    services = another(kind, lease_seconds=1.0, poll_seconds=0.02)
    await enqueue(services, kind)
    runner = Runner(services)
    working = asyncio.create_task(runner.run_until_idle())
    await until(lambda: bool(attempts))
    runner._presence.withdraw()  # for the watcher it is on another machine
    watcher = Runner(another(kind, lease_seconds=1.0))
    for _ in range(4):
        clock.move(seconds=0.8)
        await asyncio.sleep(0.4)  # the heartbeat keeps real time
        await watcher.take_over()
    go_on.set()
    await working
    assert attempts == [1]
    assert [row.state for row in await rows(STATES)] == ["succeeded"]


async def test_a_lost_lease_ends_the_old_attempt_and_its_outcome_does_not_count(
    another: Open, clock: Any, rows: Any
) -> None:
    """As after a long pause of a whole machine: another one does the job meanwhile."""
    old, new = (asyncio.Event(), asyncio.Event()), (asyncio.Event(), asyncio.Event())

    def held(begun: asyncio.Event, go_on: asyncio.Event, *, fails: bool) -> JobKind:
        async def work(_context: JobContext, _arguments: Any) -> None:
            begun.set()
            await go_on.wait()
            if fails:
                raise OSError("too late to count")

        return JobKind("test.work", NoArguments, work)

    slow = held(*old, fails=True)
    paused = another(slow)
    await enqueue(paused, slow)
    runner = Runner(paused)
    runner._renewed_at = float("inf")  # it sleeps through its heartbeats
    working = asyncio.create_task(runner.run_until_idle())
    await asyncio.wait_for(old[0].wait(), 5)
    runner._presence.withdraw()
    clock.move(seconds=31)
    again = asyncio.create_task(finish(another(held(*new, fails=False))))
    await asyncio.wait_for(new[0].wait(), 5)
    old[1].set()
    await asyncio.wait_for(working, 5)
    assert [row.state for row in await rows(STATES)] == ["running"]
    new[1].set()
    await asyncio.wait_for(again, 5)
    (row,) = await rows(STATES)
    assert (row.state, row.attempts, row.error) == ("succeeded", 2, None)


async def test_a_job_starts_within_milliseconds_of_its_commit(another: Open) -> None:
    """Not a measurement (that is a benchmark), but a lost wake-up would cost the whole polling interval."""
    started: list[float] = []

    async def note(_context: JobContext, _arguments: Any) -> None:
        started.append(time.perf_counter())

    kind = JobKind("test.note", NoArguments, note)
    services = another(kind, poll_seconds=30.0)
    runner = Runner(services)
    working = asyncio.create_task(runner.run())
    await asyncio.sleep(0.05)
    waits = []
    for number in range(10):
        await enqueue(services, kind)
        committed = time.perf_counter()
        await until(lambda number=number: len(started) > number)  # type: ignore[misc]  # a default binds the loop's value
        waits.append(started[-1] - committed)
    runner.stop()
    await working
    print("start after commit, ms:", sorted(round(wait * 1000, 1) for wait in waits))  # noqa: T201  # shown with -s
    assert max(waits) < 15.0


async def test_the_runner_survives_a_database_that_stumbles(
    another: Open, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = asyncio.Event()

    async def work(_context: JobContext, _arguments: Any) -> None:
        done.set()

    kind = JobKind("test.work", NoArguments, work)
    services = another(kind, poll_seconds=0.05)
    runner = Runner(services)
    due = runner._store.due
    stumbles = iter([OSError(), OSError()])

    async def stumble(limit: int) -> list[UUID]:
        if error := next(stumbles, None):
            raise error
        return await due(limit)

    monkeypatch.setattr(runner._store, "due", stumble)
    working = asyncio.create_task(runner.run())
    await enqueue(services, kind)
    await asyncio.wait_for(done.wait(), 3)
    runner.stop()
    await working
