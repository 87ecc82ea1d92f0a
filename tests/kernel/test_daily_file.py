"""The file of a day, written by the server and a worker at once."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.conftest import MovableClock

from pressroom.kernel.daily_file import DailyFile

Open = Callable[[], DailyFile]


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "pressroom.log"


@pytest.fixture
def process(log_file: Path, clock: MovableClock) -> Iterator[Open]:
    """The file as one process has it open."""
    opened: list[DailyFile] = []

    def open_one() -> DailyFile:
        opened.append(DailyFile(log_file, keep_days=3, clock=clock))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def write(process: DailyFile, *lines: str) -> None:
    for line in lines:
        process.handle(logging.makeLogRecord({"msg": line}))


def days(log_file: Path) -> dict[str, list[str]]:
    return {path.name: path.read_text("utf-8").split() for path in log_file.parent.iterdir()}


def test_several_processes_keep_the_whole_of_yesterday(process: Open, log_file: Path, clock: MovableClock) -> None:
    server, worker, scheduler = process(), process(), process()
    write(server, "a1")
    write(worker, "b1")
    clock.move(hours=12)
    write(server, "a2")
    write(worker, "b2", "b3")
    write(process(), "c2")
    write(scheduler, "d2")
    assert days(log_file) == {
        "pressroom.log.2026-03-01": ["a1", "b1"],
        "pressroom.log": ["a2", "b2", "b3", "c2", "d2"],
    }


def test_processes_that_meet_midnight_at_once_lose_no_line(process: Open, log_file: Path, clock: MovableClock) -> None:
    processes = [process() for _ in range(8)]
    together = threading.Barrier(len(processes))

    def go_on(number: int) -> None:
        together.wait()
        write(processes[number], f"today{number}")

    write(processes[0], "yesterday")
    clock.move(days=1)
    threads = [threading.Thread(target=go_on, args=(number,)) for number in range(len(processes))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found = days(log_file)
    assert found["pressroom.log.2026-03-01"] == ["yesterday"]
    assert sorted(found["pressroom.log"]) == [f"today{number}" for number in range(8)]


def test_a_start_on_the_next_day_keeps_yesterday(process: Open, log_file: Path, clock: MovableClock) -> None:
    log_file.write_text("yesterday\n")
    os.utime(log_file, (clock.now().timestamp(),) * 2)
    clock.move(days=1)
    write(process(), "today")
    assert days(log_file) == {"pressroom.log.2026-03-01": ["yesterday"], "pressroom.log": ["today"]}


def test_as_many_days_are_kept_as_the_settings_say(process: Open, log_file: Path, clock: MovableClock) -> None:
    beside = log_file.with_name("pressroom.log.2026-02-01.gz")
    beside.touch()
    server, worker = process(), process()
    for number in range(6):
        write(server, f"a{number}")
        write(worker, f"b{number}")
        clock.move(days=1)
    assert days(log_file) == {
        beside.name: [],
        "pressroom.log.2026-03-03": ["a2", "b2"],
        "pressroom.log.2026-03-04": ["a3", "b3"],
        "pressroom.log.2026-03-05": ["a4", "b4"],
        "pressroom.log": ["a5", "b5"],
    }


def test_a_clock_that_is_set_back_over_midnight_overwrites_no_day(
    process: Open, log_file: Path, clock: MovableClock
) -> None:
    write(process(), "a1")
    clock.move(days=1)
    write(process(), "a2")
    clock.move(days=-1)
    restarted = process()
    write(restarted, "a3")
    clock.move(days=1)
    write(restarted, "a4")
    assert sorted(line for lines in days(log_file).values() for line in lines) == ["a1", "a2", "a3", "a4"]


def test_a_file_that_was_taken_away_is_begun_anew(process: Open, log_file: Path, clock: MovableClock) -> None:
    server = process()
    write(server, "a1")
    log_file.unlink()
    clock.move(days=1)
    write(server, "a2")
    assert days(log_file) == {"pressroom.log": ["a2"]}
