"""A log file of each day that several processes write: the server, a worker, a command."""

import fcntl
import logging
import os
import re
from datetime import UTC, date, datetime
from pathlib import Path

from pressroom.kernel.clock import Clock


class DailyFile(logging.FileHandler):
    """Appends to one file. On a new day (in UTC) whoever writes first renames it after its day, and begins another.

    All others find it renamed and go on in the new one.
    """

    def __init__(self, path: Path, *, keep_days: int, clock: Clock) -> None:
        super().__init__(path, encoding="utf-8")
        self._path = Path(self.baseFilename)
        self._keep_days = keep_days
        self._clock = clock
        self._day = min(self._today(), _last_written(path))

    def emit(self, record: logging.LogRecord) -> None:
        self.turn_over()
        super().emit(record)

    def turn_over(self) -> None:
        """Goes on in the new day's file, if there is a new day. Call it with the handler's lock held."""
        today = self._today()
        if today <= self._day or self.stream is None:
            return
        day, self._day = self._day, today
        with os.fdopen(os.dup(self.stream.fileno())) as written:
            fcntl.flock(written, fcntl.LOCK_EX)  # until its last descriptor is closed
            if _is_at(self._path, written.fileno()):
                self._keep(day)
            self.stream.close()
            self.stream = self._open()

    def _keep(self, day: date) -> None:
        kept = self._path.with_name(f"{self._path.name}.{day}")
        if kept.exists():
            return  # the clock was set back and it is that day's midnight again
        self._path.rename(kept)
        of_a_day = re.compile(re.escape(self._path.name) + r"\.\d{4}-\d\d-\d\d")
        days = sorted(path for path in self._path.parent.iterdir() if of_a_day.fullmatch(path.name))
        for path in days[: -self._keep_days]:
            path.unlink(missing_ok=True)

    def _today(self) -> date:
        return self._clock.now().date()


def _last_written(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


def _is_at(path: Path, descriptor: int) -> bool:
    return path.is_file() and os.path.samestat(path.stat(), os.fstat(descriptor))
