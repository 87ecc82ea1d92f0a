"""The commands in the README and in docs/ do what is said there, in that order, against the real program."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.plugins.publication import Publication, clean_environ
from tests.plugins.repositories import MakeRepository

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"<!-- tested: ([\w-]+) -->\n```(bash|console)\n(.*?)```", re.DOTALL)
PROMPTED = re.compile(r"^\$ ((?:.*\\\n)*.*\n)", re.MULTILINE)
POST = "---\ntitle: One\npublished: 2026-01-02\n---\nWords.\n"


def script(document: str, name: str) -> str:
    """All commands of a name; of what a terminal shows, those behind the prompt."""
    found = [
        body if kind == "bash" else "".join(PROMPTED.findall(body))
        for block, kind, body in BLOCK.findall((ROOT / document).read_text("utf-8"))
        if block == name
    ]
    assert found, f"{document} has no block named {name}."
    return "".join(found)


def run(
    script_text: str, publication: Publication, folder: Path, **variables: str
) -> "subprocess.CompletedProcess[str]":
    environ = clean_environ() | {
        "SITE": publication.address,
        "PASSWORD": "a long enough passphrase",
        "PRESSROOM_DATA": str(publication.data),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        **variables,
    }
    strict = (
        'set -euo pipefail\ncurl() { command curl --fail-with-body --show-error --retry 40 --retry-delay 1 "$@"; }\n'
    )
    return subprocess.run(
        ["bash", "-c", strict + script_text.replace("http://127.0.0.1:8000", publication.address)],
        env=environ,
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=110,
    )


def saying_yes(script_text: str) -> str:
    """As a person does on a terminal, where these two ask."""
    asking = '"site attach"|"site rollback") set -- "$@" --yes;;'
    return f'pressroom() {{ case "$1 $2" in {asking} esac; command pressroom "$@"; }}\n{script_text}'


def done(ended: "subprocess.CompletedProcess[str]") -> str:
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_writing_publishing_and_taking_back(publication: Publication, tmp_path: Path) -> None:
    publication.owner()
    publication.wait_for_site()
    waiting = script("README.md", "quickstart").replace(
        "curl -s $SITE/posts/",
        "until command curl -sf -o /dev/null $SITE/posts/hello-world/; do sleep 0.1; done\ncurl -s $SITE/posts/",
    )

    said = done(run(waiting, publication, tmp_path))

    for expected in ("<em>first</em>", "/preview/", "<rss", '"scheduled"'):
        assert expected in said


def test_the_command_line(publication: Publication, tmp_path: Path) -> None:
    publication.owner()
    publication.wait_for_site()
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "one.md").write_text(POST, "utf-8")

    said = done(run(script("README.md", "commands"), publication, tmp_path))

    assert "bob" in said
    assert "pinned" in said


def test_a_folder_of_ones_own(publication: Publication, tmp_path: Path, make_repository: MakeRepository) -> None:
    blog = make_repository("blog")
    blog.write("one.md", POST)
    blog.commit_all()
    blog("clone", "--quiet", "--bare", ".", "../upstream.git")
    blog("remote", "add", "origin", "../upstream.git")
    blog("fetch", "--quiet")
    blog("branch", "--set-upstream-to", "origin/main")

    said = done(run(saying_yes(script("docs/source.md", "folder")), publication, tmp_path))

    assert "Detached" in said
    assert (tmp_path / "blog/one.md").read_text("utf-8") == POST


def test_the_form_of_a_site(publication: Publication, tmp_path: Path) -> None:
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog/one.md").write_text(POST, "utf-8")
    done(run(saying_yes("pressroom site attach ~/blog\n"), publication, tmp_path))

    assert "title" in done(run(script("docs/source.md", "form"), publication, tmp_path))


def test_going_back(publication: Publication, tmp_path: Path) -> None:
    publication.owner()
    publication.wait_for_site()
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "one.md").write_text(POST, "utf-8")
    done(run("pressroom import markdown notes\n", publication, tmp_path))

    said = done(run(saying_yes(script("docs/site.md", "releases")), publication, tmp_path))

    assert "newer than the release" in said


def test_going_back_and_following_it_over_http(publication: Publication, tmp_path: Path) -> None:
    client = publication.owner()
    publication.wait_for_site()
    site = client.get("/api/v1/admin/site").json()
    token = client.headers["Authorization"].removeprefix("Bearer ")
    release = site["live"]["id"]

    said = done(run(script("docs/site.md", "over-http"), publication, tmp_path, TOKEN=token, ID=release))
    assert '"job_id"' in said

    job = client.post("/api/v1/admin/site/builds", json={}).json()["job_id"]
    said = done(run(script("docs/jobs.md", "follow"), publication, tmp_path, TOKEN=token, JOB=job))
    assert "id: end" in said
