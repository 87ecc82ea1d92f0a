"""`pressroom serve` in a process of its own, when it cannot serve."""

from collections.abc import Callable

import pytest
from tests.plugins.publication import Publication


@pytest.mark.e2e
def test_a_start_that_fails_says_so_and_closes_the_database(make_publication: Callable[..., Publication]) -> None:
    publication = make_publication()
    (publication.data / "site").write_text("a file where the releases are to be")
    ended = publication.run("serve", "--port", "0")
    assert ended.returncode != 0
    assert "startup failed" in ended.stderr
    assert [path.name for path in publication.data.glob("pressroom.db*")] == ["pressroom.db"]
