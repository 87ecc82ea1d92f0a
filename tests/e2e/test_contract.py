"""Whatever is sent, the answers are the ones that the OpenAPI document promises, and never a 5xx."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.plugins.publication import Publication

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
ENDS_ITS_OWN_SESSION = "/auth/(logout|sessions)|/api/v1/users/"
UNLIMITED = {"PRESSROOM_HTTP__RATE_PER_SECOND": "100000", "PRESSROOM_HTTP__RATE_BURST": "100000"}


def fuzz(publication: Publication, *arguments: str) -> str:
    owner = publication.owner()
    token = owner.headers["authorization"]
    owner.post("/api/v1/admin/posts", json={"title": "Here", "content": "Words", "draft": False}).raise_for_status()
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{publication.address}/openapi.json"),
            *("-H", f"Authorization: {token}", "--checks", CHECKS, "--generation-deterministic", "--no-color"),
            *arguments,
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=390,
        cwd=publication.data.parent,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def test_as_the_owner(make_publication: Callable[..., Publication]) -> None:
    publication = make_publication(environ=UNLIMITED)
    publication.start()
    told = fuzz(publication, "--max-examples", "12", "--exclude-path-regex", ENDS_ITS_OWN_SESSION)
    assert "Authentication failed" not in told


def test_where_sessions_and_accounts_end(make_publication: Callable[..., Publication]) -> None:
    publication = make_publication(environ=UNLIMITED)
    publication.start()
    fuzz(publication, "--max-examples", "8", "--include-path-regex", ENDS_ITS_OWN_SESSION)
