"""Limits of the system that a test may lower for one process, in a user namespace of its own."""

import shutil
import subprocess
from collections.abc import Callable, Sequence

import pytest

ALONE = ("unshare", "--user", "--map-root-user", "sh", "-c")
Limited = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def limited() -> Limited:
    """`limited("max_inotify_watches", command)`: runs a command that has none of these."""
    if shutil.which("unshare") is None or subprocess.run([*ALONE, "true"], check=False, capture_output=True).returncode:
        pytest.skip("limits of one's own need `unshare`, and a kernel that lets users have them")

    def run(limit: str, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        lower = f'echo 0 > /proc/sys/user/{limit} && exec "$@"'
        words = [*ALONE, lower, "sh", *command]
        return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60)

    return run
