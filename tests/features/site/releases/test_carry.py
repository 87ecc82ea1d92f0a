"""A page that is still open finds its assets after the next release went live."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pressroom.features.site.releases import ReleaseStore
from pressroom.features.site.releases.carry import CARRY_FOR

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
Publish = Callable[..., Path]


def assets(release: Path) -> set[str]:
    return {path.name for path in release.glob("assets/**/*") if path.is_file()}


def test_the_next_release_carries_the_assets_of_the_last(publish: Publish) -> None:
    publish("r1", **{"assets/one.1a2b3c4d.css": "1", "assets/fonts/a.0f0f0f0f.woff2": "f"})
    second = publish("r2", **{"assets/two.2b3c4d5e.css": "2"})
    assert assets(second) == {"one.1a2b3c4d.css", "a.0f0f0f0f.woff2", "two.2b3c4d5e.css"}


def test_astros_assets_are_carried_too(publish: Publish) -> None:
    publish("r1", **{"_astro/index.Dk3f9a2x.css": "1"})
    assert (publish("r2") / "_astro/index.Dk3f9a2x.css").read_text() == "1"


def test_a_file_that_its_owner_takes_down_is_gone_with_the_next_release(publish: Publish) -> None:
    publish("r1", **{"assets/private.pdf": "p", "assets/report-20240115.pdf": "r", "assets/one.1a2b3c4d.css": "1"})
    assert assets(publish("r2")) == {"one.1a2b3c4d.css"}


def test_nothing_is_overwritten(publish: Publish) -> None:
    publish("r1", **{"assets/same.5a5a5a5a.css": "old", "assets/folder/x.1a2b3c4d.css": "x"})
    second = publish("r2", **{"assets/same.5a5a5a5a.css": "new", "assets/folder": "a file now"})
    assert (second / "assets/same.5a5a5a5a.css").read_text() == "new"
    assert (second / "assets/folder").read_text() == "a file now"


def test_a_rollback_carries_them_back(store: ReleaseStore, publish: Publish) -> None:
    first = publish("r1", **{"assets/one.1a2b3c4d.css": "1"})
    publish("r2", **{"assets/two.2b3c4d5e.css": "2"})
    store.activate("r1", now=NOON)
    assert assets(first) == {"one.1a2b3c4d.css", "two.2b3c4d5e.css"}


def test_an_asset_that_a_build_deletes_is_carried_all_the_same(store: ReleaseStore, publish: Publish) -> None:
    publish("r1", **{"assets/one.1a2b3c4d.css": "1"})
    with store.stage("r2", base="r1") as staging:
        staging.write("assets/two.2b3c4d5e.css", b"2")
        staging.delete("assets/one.1a2b3c4d.css")
    store.activate("r2", now=NOON)
    assert assets(store.path("r2")) == {"one.1a2b3c4d.css", "two.2b3c4d5e.css"}


def test_carried_assets_do_not_pile_up_for_ever(publish: Publish) -> None:
    publish("r1", **{"assets/one.1a2b3c4d.css": "1"})
    publish("r2", **{"assets/two.2b3c4d5e.css": "2"})
    third = publish("r3", now=NOON + CARRY_FOR / 2, **{"assets/three.3c4d5e6f.css": "3"})
    assert assets(third) == {"one.1a2b3c4d.css", "two.2b3c4d5e.css", "three.3c4d5e6f.css"}
    fourth = publish("r4", base="r3", now=NOON + CARRY_FOR + timedelta(days=1))
    assert assets(fourth) == {"two.2b3c4d5e.css", "three.3c4d5e6f.css"}
    assert assets(third) == {"one.1a2b3c4d.css", "two.2b3c4d5e.css", "three.3c4d5e6f.css"}
    fifth = publish("r5", now=NOON + CARRY_FOR * 3, **{"assets/five.5e6f7a8b.css": "5"})
    assert assets(fifth) == {"three.3c4d5e6f.css", "five.5e6f7a8b.css"}


def test_an_asset_that_comes_back_is_the_releases_own_again(publish: Publish) -> None:
    publish("r1", **{"assets/red.0ed0ed0a.css": "red"})
    publish("r2", **{"assets/blue.b10eb10e.css": "blue"})
    publish("r3", base="r2", **{"assets/red.0ed0ed0a.css": "red"})
    fourth = publish("r4", base="r3", now=NOON + CARRY_FOR * 2)
    assert assets(fourth) == {"red.0ed0ed0a.css", "blue.b10eb10e.css"}


def test_an_asset_that_expired_here_but_is_in_use_there_stays(store: ReleaseStore, publish: Publish) -> None:
    publish("r1", **{"assets/red.0ed0ed0a.css": "red"})
    second = publish("r2", **{"assets/blue.b10eb10e.css": "blue"})
    publish("r3", now=NOON + CARRY_FOR * 2, **{"assets/red.0ed0ed0a.css": "red"})
    store.activate("r2", now=NOON + CARRY_FOR * 2)
    assert assets(second) == {"red.0ed0ed0a.css", "blue.b10eb10e.css"}
    fourth = publish("r4", base="r2", now=NOON + CARRY_FOR * 2.5)
    assert assets(fourth) == {"red.0ed0ed0a.css", "blue.b10eb10e.css"}


def test_what_a_crash_left_of_a_record_is_not_written_through(store: ReleaseStore, publish: Publish) -> None:
    first = publish("r1", **{"assets/one.1a2b3c4d.css": "1"})
    (first / ".carried.json.new").write_text("half of a rec")
    with store.stage("r2", base="r1") as staging:
        staging.delete("assets/one.1a2b3c4d.css")
    store.activate("r2", now=NOON)
    assert (first / ".carried.json.new").read_text() == "half of a rec"
