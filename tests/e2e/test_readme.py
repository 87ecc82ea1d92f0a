"""The commands in the README do what it says, in its order, against the real program."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.plugins.publication import Publication, clean_environ

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"<!-- tested: (\w+) -->\n```bash\n(.*?)```", re.DOTALL)


def script(name: str) -> str:
    text = (ROOT / "README.md").read_text("utf-8")
    return "".join(body for block, body in BLOCK.findall(text) if block == name)


def run(script_text: str, publication: Publication, folder: Path) -> "subprocess.CompletedProcess[str]":
    environ = clean_environ() | {
        "SITE": publication.address,
        "PASSWORD": "a long enough passphrase",
        "PRESSROOM_DATA": str(publication.data),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    strict = (
        'set -euo pipefail\ncurl() { command curl --fail-with-body --show-error --retry 40 --retry-delay 1 "$@"; }\n'
    )
    return subprocess.run(
        ["bash", "-c", strict + script_text],
        env=environ,
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=110,
    )


def test_writing_publishing_and_taking_back(publication: Publication, tmp_path: Path) -> None:
    publication.owner()
    publication.wait_for_site()
    waiting = script("quickstart").replace(
        "curl -s $SITE/posts/",
        "until command curl -sf -o /dev/null $SITE/posts/hello-world/; do sleep 0.1; done\ncurl -s $SITE/posts/",
    )

    done = run(waiting, publication, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    for expected in ("<em>first</em>", "/preview/", "<rss", '"scheduled"'):
        assert expected in done.stdout


def test_the_command_line(publication: Publication, tmp_path: Path) -> None:
    publication.owner()
    publication.wait_for_site()
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "one.md").write_text("---\ntitle: One\npublished: 2026-01-02\n---\nWords.\n", "utf-8")

    done = run(script("commands"), publication, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "bob" in done.stdout
    assert "pinned" in done.stdout
