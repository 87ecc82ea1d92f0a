"""What is written down, and what never is."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog
from tests.conftest import MovableClock

from pressroom.composition import SECTIONS
from pressroom.kernel.http.access_log import AccessLog
from pressroom.kernel.logs import access_writer, configure_logs
from pressroom.kernel.settings import load_settings


@pytest.fixture
def log_file(tmp_path: Path, clock: MovableClock) -> Iterator[Path]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    path = tmp_path / "logs" / "pressroom.log"
    configure_logs(load_settings(SECTIONS, environ={"LOG_FILE": str(path)}, folder=tmp_path), clock=clock)
    yield path
    for handler in root.handlers:
        handler.close()
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_everybodys_lines_have_one_shape(log_file: Path) -> None:
    structlog.get_logger("ours").info("post.published", slug="世界", number=3)
    logging.getLogger("theirs").warning("It is %s", "late")
    ours, theirs = lines(log_file)
    assert (ours["event"], ours["slug"], ours["number"], ours["level"]) == ("post.published", "世界", 3, "info")
    assert (theirs["event"], theirs["level"]) == ("It is late", "warning")
    assert ours["timestamp"].endswith("Z")


def test_secrets_are_hidden_wherever_they_are(log_file: Path) -> None:
    secret = "hunter2"

    def fail(password: str) -> None:
        raise ValueError(len(password))

    structlog.get_logger("ours").info("signed_in", password=secret, refresh_token=secret, api_key=secret)
    try:
        fail(secret)
    except ValueError:
        structlog.get_logger("ours").exception("failed")
    assert secret not in log_file.read_text()
    assert lines(log_file)[0]["password"] == "(hidden)"
    assert lines(log_file)[1]["exception"][0]["exc_type"] == "ValueError"


async def test_the_access_log_keeps_the_day_of_the_others(log_file: Path, tmp_path: Path, clock: MovableClock) -> None:
    """A busy server may write nothing but these lines around midnight."""
    access = AccessLog(access_writer(load_settings(SECTIONS, environ={}, folder=tmp_path)))
    access.add((1_800_000_000.5, "id-1", "192.0.2.1", "GET", "/päth\ud800", 200, 12, 0.0012))
    access.flush()
    clock.move(days=1)
    access.add((1_800_000_000.5, "id-2", "192.0.2.1", "GET", "/", 200, 12, 0.0012))
    access.flush()
    access.flush()
    yesterday, today = sorted(log_file.parent.iterdir(), key=lambda path: path == log_file)
    (line,) = lines(yesterday)
    assert (line["request_id"], line["status"], line["ms"], line["client"]) == ("id-1", 200, 1.2, "192.0.2.1")
    assert line["timestamp"] == "2027-01-15T08:00:00.500000Z"
    assert [line["request_id"] for line in lines(today)] == ["id-2"]
