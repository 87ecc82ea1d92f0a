"""On which day a post stands, wherever the site is."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pressroom.features.site.generator import Cover, Press, SiteInfo

NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Asia/Shanghai", "Pacific/Kiritimati"])
def test_a_date_without_a_time_is_that_day_everywhere(open_library: Any, zone: str) -> None:
    library = open_library(Press(SiteInfo("A", "B", "https://example.org", timezone=ZoneInfo(zone))))
    built = library.build(library.card(1, published_at=NEW_YEAR))
    assert "1 January 2024" in built["posts/post-1/index.html"].decode()
    assert "archive/2024/index.html" in built
    assert "archive/2023/index.html" not in built


def test_a_moment_stands_on_the_day_that_it_is_there(open_library: Any) -> None:
    library = open_library(Press(SiteInfo("A", "B", "https://example.org", timezone=ZoneInfo("America/New_York"))))
    built = library.build(library.card(1, published_at=NEW_YEAR.replace(hour=2)))
    assert "31 December 2023" in built["posts/post-1/index.html"].decode()


def test_a_cover_that_is_no_address_breaks_no_build(library: Any) -> None:
    page = library.page("posts/post-1/index.html", library.card(1, cover=Cover("https://[x")))
    assert "https://[x" in page
