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
    publish("r1", **{"assets/one.css": "1", "assets/fonts/a.woff2": "f"})
    second = publish("r2", **{"assets/two.css": "2"})
    assert assets(second) == {"one.css", "a.woff2", "two.css"}


def test_astros_assets_are_carried_too(publish: Publish) -> None:
    publish("r1", **{"_astro/index.Dk3f9a2x.css": "1"})
    assert (publish("r2") / "_astro/index.Dk3f9a2x.css").read_text() == "1"


def test_nothing_is_overwritten(publish: Publish) -> None:
    publish("r1", **{"assets/same.css": "old", "assets/folder/x.css": "x"})
    second = publish("r2", **{"assets/same.css": "new", "assets/folder": "a file now"})
    assert (second / "assets/same.css").read_text() == "new"
    assert (second / "assets/folder").read_text() == "a file now"


def test_a_rollback_carries_them_back(store: ReleaseStore, publish: Publish) -> None:
    first = publish("r1", **{"assets/one.css": "1"})
    publish("r2", **{"assets/two.css": "2"})
    store.activate("r1", now=NOON)
    assert assets(first) == {"one.css", "two.css"}


def test_an_asset_that_a_build_deletes_is_carried_all_the_same(store: ReleaseStore, publish: Publish) -> None:
    publish("r1", **{"assets/one.css": "1"})
    with store.stage("r2", base="r1") as staging:
        staging.write("assets/two.css", b"2")
        staging.delete("assets/one.css")
    store.activate("r2", now=NOON)
    assert assets(store.path("r2")) == {"one.css", "two.css"}


def test_carried_assets_do_not_pile_up_for_ever(publish: Publish) -> None:
    publish("r1", **{"assets/one.css": "1"})
    publish("r2", **{"assets/two.css": "2"})
    third = publish("r3", now=NOON + CARRY_FOR / 2, **{"assets/three.css": "3"})
    assert assets(third) == {"one.css", "two.css", "three.css"}
    fourth = publish("r4", base="r3", now=NOON + CARRY_FOR + timedelta(days=1))
    assert assets(fourth) == {"two.css", "three.css"}
    assert assets(third) == {"one.css", "two.css", "three.css"}
    fifth = publish("r5", now=NOON + CARRY_FOR * 3, **{"assets/five.css": "5"})
    assert assets(fifth) == {"three.css", "five.css"}


def test_an_asset_that_comes_back_is_the_releases_own_again(publish: Publish) -> None:
    publish("r1", **{"assets/red.css": "red"})
    publish("r2", **{"assets/blue.css": "blue"})
    publish("r3", base="r2", **{"assets/red.css": "red"})
    fourth = publish("r4", base="r3", now=NOON + CARRY_FOR * 2)
    assert assets(fourth) == {"red.css", "blue.css"}


def test_an_asset_that_expired_here_but_is_in_use_there_stays(store: ReleaseStore, publish: Publish) -> None:
    publish("r1", **{"assets/red.css": "red"})
    second = publish("r2", **{"assets/blue.css": "blue"})
    publish("r3", now=NOON + CARRY_FOR * 2, **{"assets/red.css": "red"})
    store.activate("r2", now=NOON + CARRY_FOR * 2)
    assert assets(second) == {"red.css", "blue.css"}
    fourth = publish("r4", base="r2", now=NOON + CARRY_FOR * 2.5)
    assert assets(fourth) == {"red.css", "blue.css"}


def test_what_a_crash_left_of_a_record_is_not_written_through(store: ReleaseStore, publish: Publish) -> None:
    first = publish("r1", **{"assets/one.css": "1"})
    (first / ".carried.json.new").write_text("half of a rec")
    with store.stage("r2", base="r1") as staging:
        staging.delete("assets/one.css")
    store.activate("r2", now=NOON)
    assert (first / ".carried.json.new").read_text() == "half of a rec"
