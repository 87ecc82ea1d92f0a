"""What a build left goes into a release whole, shares nothing that may change, and shrinks only on purpose."""

from pathlib import Path

import pytest

from pressroom.features.site.external import OutputUnusable, SiteShrank, check_sane
from pressroom.features.site.external.output import gather
from pressroom.features.site.releases import IncompleteRelease, ReleaseStore


def site(folder: Path, pages: int) -> Path:
    folder.mkdir()
    for number in range(pages - 1):
        (folder / f"{number}.html").write_text("page")
    (folder / "index.html").write_text("home")
    (folder / "a.css").write_text("")
    return folder


def test_every_file_arrives_in_its_place(tmp_path: Path) -> None:
    out = site(tmp_path / "out", 2)
    (out / "posts/你好").mkdir(parents=True)
    (out / "posts/你好/index.html").write_text("hello")
    assert gather(out, tmp_path / "release", is_fresh=True) == 4
    assert (tmp_path / "release/posts/你好/index.html").read_text() == "hello"


def test_a_build_in_place_that_writes_on_never_reaches_a_release(tmp_path: Path) -> None:
    out = site(tmp_path / "out", 2)
    gather(out, tmp_path / "release", is_fresh=False)
    with (out / "index.html").open("r+") as same_file:
        same_file.write("next")
    assert (tmp_path / "release/index.html").read_text() == "home"


def test_a_fresh_build_costs_no_second_copy(tmp_path: Path) -> None:
    gather(site(tmp_path / "out", 2), tmp_path / "release", is_fresh=True)
    assert (tmp_path / "release/index.html").stat().st_nlink == 2


def test_a_link_inside_becomes_the_file_it_names(tmp_path: Path) -> None:
    out = site(tmp_path / "out", 2)
    (out / "old").mkdir()
    (out / "old/a.html").write_text("a")
    (out / "new").symlink_to("old")
    (out / "b.html").symlink_to("old/a.html")
    gather(out, tmp_path / "release", is_fresh=True)
    for name in ("new/a.html", "b.html"):
        assert (tmp_path / "release" / name).read_text() == "a"
        assert not (tmp_path / "release" / name).is_symlink()


@pytest.mark.parametrize("target", ["/etc/passwd", "..", "nowhere", "."])
def test_a_link_that_leads_out_publishes_nothing_of_what_is_there(target: str, tmp_path: Path) -> None:
    out = site(tmp_path / "out", 2)
    (out / "link").symlink_to(target)
    with pytest.raises(OutputUnusable, match="link"):
        gather(out, tmp_path / "release", is_fresh=True)


def test_a_build_without_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputUnusable, match="out"):
        gather(tmp_path / "out", tmp_path / "release", is_fresh=True)


def test_it_goes_through_the_release_store_like_any_other(tmp_path: Path) -> None:
    store = ReleaseStore(tmp_path / "site")
    with store.stage("r1", base=None) as staging:
        gather(site(tmp_path / "out", 3), staging.folder, is_fresh=True)
    assert check_sane(store.path("r1"), None).pages == 3


def test_a_site_without_a_first_page_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with pytest.raises(IncompleteRelease):
        check_sane(tmp_path / "new", None)


@pytest.mark.parametrize(("before", "after", "fine"), [(20, 14, True), (20, 13, False), (9, 1, True), (20, 40, True)])
def test_a_site_that_lost_much_asks_first(before: int, after: int, fine: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a column
    old, new = site(tmp_path / "old", before), site(tmp_path / "new", after)
    if fine:
        assert check_sane(new, old).pages == after
        return
    with pytest.raises(SiteShrank, match=f"{after} pages, the live site {before}"):
        check_sane(new, old)
    assert check_sane(new, old, confirmed=True).pages == after
