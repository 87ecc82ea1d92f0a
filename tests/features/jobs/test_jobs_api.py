import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from pressroom.composition import build_services
from pressroom.features.jobs.service import JobService
from pressroom.features.jobs.streaming import server_sent
from pressroom.kernel.ids import new_id
from pressroom.kernel.jobs import JobCatalogue, JobContext, JobKind, NoArguments
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings


async def stroll(context: JobContext, _arguments: NoArguments) -> None:
    await context.progress(0.25, "first step")
    await context.progress(0.75, "second step")


async def stumble(_context: JobContext, _arguments: NoArguments) -> None:
    raise ValueError("a stone that nobody may see")


async def wait_for_cancel(context: JobContext, _arguments: NoArguments) -> None:
    for _ in range(1000):
        await context.progress(0.5)
        await asyncio.sleep(0.01)


STROLL = JobKind("test.stroll", NoArguments, stroll)
STUMBLE = JobKind("test.stumble", NoArguments, stumble, max_attempts=1)
WAIT = JobKind("test.wait", NoArguments, wait_for_cancel)
Ask = Callable[..., Awaitable[UUID]]


@pytest.fixture
async def services(settings: Settings, clock: Any) -> AsyncIterator[Services]:
    built = build_services(settings, clock=clock)
    object.__setattr__(built, "jobs", JobCatalogue([*built.jobs, STROLL, STUMBLE, WAIT]))
    yield built
    await built.close()


@pytest.fixture
def ask(services: Services) -> Ask:
    async def ask(kind: JobKind, person: Any) -> UUID:
        async with services.unit() as unit:
            return await unit.enqueue(kind, NoArguments(), actor_id=person.id if person else None)

    return ask


def events(text: str) -> list[tuple[str, str, Any]]:
    """`(event, id, data)` of every event in a stream."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith((":", "retry")))
        if fields:
            found.append((fields["event"], fields.get("id", ""), orjson.loads(fields["data"])))
    return found


async def test_who_asked_for_a_job_sees_it(author: Any, editor: Any, ask: Ask) -> None:
    job_id = await ask(STROLL, author)
    for person in (author, editor):
        answer = await person.get(f"/api/v1/jobs/{job_id}")
        assert answer.status_code == 200
        assert answer.json()["state"] == "queued"
        assert "arguments" not in answer.json()


async def test_others_see_no_job(client: httpx.AsyncClient, author: Any, member: Any, ask: Ask) -> None:
    job_id = await ask(STROLL, author)
    for path, method in (("", "GET"), ("/events", "GET"), ("/cancel", "POST"), ("/retry", "POST")):
        assert (await client.request(method, f"/api/v1/jobs/{job_id}{path}")).status_code == 401
        refused = await member.request(method, f"/api/v1/jobs/{job_id}{path}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "jobs.not_found")
        assert (await author.request(method, f"/api/v1/jobs/{new_id()}{path}")).status_code == 404
        assert (await author.request(method, f"/api/v1/jobs/none{path}")).status_code == 422


async def test_the_stream_tells_every_step_and_ends(author: Any, ask: Ask, runner: Runner) -> None:
    job_id = await ask(STROLL, author)
    watching = asyncio.create_task(author.get(f"/api/v1/jobs/{job_id}/events"))
    await asyncio.sleep(0.05)
    await runner.run_until_idle()
    answer = await asyncio.wait_for(watching, 5)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    told = events(answer.text)
    assert [data["message"] for name, _, data in told if name == "log"] == ["first step", "second step"]
    assert told[0][2]["state"] == "queued"
    assert (told[-1][0], told[-1][1], told[-1][2]["state"]) == ("job", "end", "succeeded")


async def test_a_reader_that_was_cut_off_goes_on_where_it_was(author: Any, ask: Ask, runner: Runner) -> None:
    job_id = await ask(STROLL, author)
    await runner.run_until_idle()
    address = f"/api/v1/jobs/{job_id}/events"
    first = events((await author.get(address)).text)[0]
    rest = events((await author.get(address, headers={"Last-Event-ID": first[1]})).text)
    assert [data["message"] for name, _, data in rest if name == "log"] == ["second step"]
    over = await author.get(address, headers={"Last-Event-ID": "end"})
    assert (over.status_code, over.text) == (204, "")
    for odd in ("-1", "9" * 40, "x", "²"):
        odd_header = {b"last-event-id": odd.encode()}
        assert len(events((await author.get(address, headers=odd_header)).text)) == 3


async def test_more_lines_than_fit_one_look_all_arrive(author: Any, services: Services, ask: Ask) -> None:
    async def talk(context: JobContext, _arguments: NoArguments) -> None:
        for number in range(205):
            await context.log(f"line {number}")

    kind = JobKind("test.talk", NoArguments, talk)
    object.__setattr__(services, "jobs", JobCatalogue([kind]))
    job_id = await ask(kind, author)
    await Runner(services).run_until_idle()
    told = events((await author.get(f"/api/v1/jobs/{job_id}/events")).text)
    assert [name for name, _, _ in told] == ["log"] * 205 + ["job"]


async def test_silence_is_filled_with_comments(
    author: Any, services: Services, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pressroom.features.jobs.streaming.QUIET_SECONDS", 0.05)
    monkeypatch.setattr("pressroom.features.jobs.service.LOOK_SECONDS", 0.02)
    job_id = await ask(STROLL, author)
    stream = server_sent(JobService(services).watch(author.actor, job_id))
    seen = [await anext(stream) for _ in range(4)]
    assert seen[0] == b"retry: 2000\n\n"
    assert seen[1].startswith(b"event: job\n")
    assert seen[2:] == [b": still here\n\n"] * 2
    await stream.aclose()


async def test_a_waiting_job_is_cancelled_at_once(author: Any, ask: Ask, runner: Runner) -> None:
    job_id = await ask(STROLL, author)
    answer = await author.post(f"/api/v1/jobs/{job_id}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    await runner.run_until_idle()
    again = await author.post(f"/api/v1/jobs/{job_id}/cancel")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "jobs.already_finished")
    assert (await author.get(f"/api/v1/jobs/{job_id}")).json()["attempts"] == 0


async def test_a_running_job_stops_when_it_is_cancelled(author: Any, services: Services, ask: Ask) -> None:
    job_id = await ask(WAIT, author)
    runner = Runner(services)
    working = asyncio.create_task(runner.run())
    while (await author.get(f"/api/v1/jobs/{job_id}")).json()["state"] != "running":
        await asyncio.sleep(0.01)
    asked = await author.post(f"/api/v1/jobs/{job_id}/cancel")
    assert asked.json()["cancel_requested"]
    told = events((await asyncio.wait_for(author.get(f"/api/v1/jobs/{job_id}/events"), 5)).text)
    assert told[-1][2]["state"] == "cancelled"
    runner.stop()
    await working


async def test_a_failed_job_says_little_and_is_tried_again(author: Any, ask: Ask, runner: Runner) -> None:
    job_id = await ask(STUMBLE, author)
    await runner.run_until_idle()
    failed = (await author.get(f"/api/v1/jobs/{job_id}")).json()
    assert failed["state"] == "failed"
    assert failed["error"]["code"] == "internal"
    assert "stone" not in str(failed)
    again = await author.post(f"/api/v1/jobs/{job_id}/retry")
    assert (again.json()["state"], again.json()["attempts"], again.json()["finished_at"]) == ("queued", 0, None)
    twice = await author.post(f"/api/v1/jobs/{job_id}/retry")
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "jobs.not_retryable")
    await runner.run_until_idle()
    assert (await author.get(f"/api/v1/jobs/{job_id}")).json()["state"] == "failed"


async def test_editors_list_all_jobs(
    client: httpx.AsyncClient, author: Any, editor: Any, ask: Ask, runner: Runner
) -> None:
    for kind in (STUMBLE, STROLL, STROLL):
        await ask(kind, author)
        await runner.run_until_idle()
    await ask(STROLL, None)
    address = "/api/v1/admin/jobs"
    assert (await client.get(address)).status_code == 401
    assert (await author.get(address)).status_code == 403
    page = await editor.get(address, params={"kind": "test.stroll", "limit": 2})
    assert [job["state"] for job in page.json()["data"]] == ["queued", "succeeded"]
    assert page.json()["meta"]["total"] == 3
    assert page.headers["Link"] == f'<{page.json()["meta"]["next"]}>; rel="next"'
    rest = await editor.get(page.json()["meta"]["next"])
    assert (len(rest.json()["data"]), rest.json()["meta"]["next"]) == (1, None)
    failed = await editor.get("/api/admin/jobs", params={"state": "failed", "sort": "created_at"})
    assert [job["kind"] for job in failed.json()["data"]] == ["test.stumble"]
    for wrong in ({"state": "odd"}, {"kind": "a\0b"}, {"limit": 0}, {"sort": "kind"}, {"stat": "failed"}):
        assert (await editor.get(address, params=wrong)).status_code == 422


async def test_old_jobs_are_forgotten(author: Any, services: Services, ask: Ask, runner: Runner, clock: Any) -> None:
    await runner.run_until_idle()  # from here on the schedule is known
    old = await ask(STROLL, author)
    await runner.run_until_idle()
    clock.move(days=31)
    young = await ask(STROLL, author)
    await runner.run_until_idle()
    assert (await author.get(f"/api/v1/jobs/{old}")).status_code in (401, 404)
    async with services.reading() as session:
        assert await JobService(services).get(author.actor, young)
        del session
