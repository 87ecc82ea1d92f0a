"""What the site's own build would refuse never reaches the folder, and no word of it is lost."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from tests.conftest import MovableClock
from tests.features.source.astro import GOOD, PROPERTIES, REQUIRED, TEXT, Blog
from tests.features.source.panel import POSTS, Rows, before_its_file, get, save
from tests.plugins.people import Person

from pressroom.features.posts.importing.run import Import, import_folder
from pressroom.features.source.journal import finish_intents
from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import attach, detach
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

MISSING = {"field": "/description", "message": "“description” is missing."}


async def saved(person: httpx.AsyncClient, at: str = "hello", /, **fields: Any) -> dict[str, Any]:
    answered = await save(person, at, **fields)
    assert answered.status_code == 200, answered.text
    post: dict[str, Any] = answered.json()
    return post


async def move(person: httpx.AsyncClient, to: str, slug: str = "hello", **body: Any) -> httpx.Response:
    return await person.post(f"{POSTS}/{slug}/{to}", json=body or None)


def refused(answered: httpx.Response) -> list[str]:
    """The fields that a refusal names."""
    problem = answered.json()
    assert (answered.status_code, problem["error"]["code"]) == (422, "source.front_matter_refused"), answered.text
    assert "your text is in this answer" in problem["detail"]
    return [each["pointer"] for each in problem["error"]["details"]["fields"]]


async def versions(rows: Rows, slug: str = "hello") -> list[tuple[str, str]]:
    sql = "SELECT v.note, v.content_raw FROM post_versions v JOIN posts p ON p.id = v.post_id WHERE p.slug = :slug"
    return [(row.note, row.content_raw.strip()) for row in await rows(f"{sql} ORDER BY v.version", slug=slug)]


@pytest.fixture
async def held(attached_blog: Blog, editor: Person) -> Blog:
    """The post was taken back, and its description removed: the newer words are in the row."""
    assert (await move(editor, "unpublish")).status_code == 200
    post = await saved(editor, description="", content="\nNewer words.\n")
    assert post["manuscript"] == {"file": "hello.md", "held": True, "problems": [MISSING]}
    return attached_blog


async def test_a_draft_that_is_not_valid_is_kept_here_and_its_file_stays(
    attached_blog: Blog, editor: Person, rows: Rows, services: Services
) -> None:
    assert (await move(editor, "unpublish")).status_code == 200
    before = attached_blog.read()
    assert before == GOOD.replace("tags: [Python]\n", "tags: [Python]\ndraft: true\n")
    post = await saved(editor, description="", content="\nNewer words.\n", tags=["a"])
    assert post["manuscript"] == {"file": "hello.md", "held": True, "problems": [MISSING]}
    assert await get(editor) == post
    assert attached_blog.read() == before
    assert (await versions(rows))[-1] == ("Edited", "Newer words.")
    assert (await scan(services)).updated == 0
    mended = await saved(editor, description="Mended")
    assert mended["manuscript"] == {"file": "hello.md", "held": False, "problems": []}
    assert attached_blog.read() == before.replace("A beginning", "Mended").replace("[Python]", "[a]").replace(
        "Words.", "Newer words."
    )
    assert (await scan(services)).updated == 0


async def test_a_new_draft_gets_its_file_once_it_has_what_the_site_asks_for(
    attached_blog: Blog, author: Person, rows: Rows
) -> None:
    made = await author.post(POSTS, json={"title": "New", "content": "Text.\n", "tags": ["a"]})
    assert made.status_code == 201
    manuscript = made.json()["manuscript"]
    assert (manuscript["file"], manuscript["held"]) == (None, True)
    assert [each["field"] for each in manuscript["problems"]] == ["/published", "/description", "/first_level_category"]
    assert (await get(author, "new"))["manuscript"] == manuscript
    still = await saved(author, "new", published="2024-05-06", description="D", first_level_category="Nowhere")
    assert [each["field"] for each in still["manuscript"]["problems"]] == ["/first_level_category"]
    assert [path.name for path in attached_blog.posts.iterdir()] == ["hello.md"]
    assert len(await rows("SELECT path FROM source_files")) == 1
    done = await saved(author, "new", first_level_category="Craft")
    assert done["manuscript"] == {"file": "new.md", "held": False, "problems": []}
    assert attached_blog.read("new.md") == (
        "---\ntitle: New\npubDate: 2024-05-06\ndescription: D\ncategory: Craft\ntags:\n  - a\ndraft: true\n---\nText.\n"
    )


@pytest.mark.parametrize("to", ["publish", "schedule"])
async def test_publishing_or_scheduling_what_is_not_valid_is_refused_field_by_field(
    attached_blog: Blog, author: Person, clock: MovableClock, to: str
) -> None:
    made = (await author.post(POSTS, json={"title": "New", "content": "Long text.\n"})).json()
    draft = {"based_on": made["version"], "content": "Typed meanwhile."}
    assert (await author.put(f"{POSTS}/new/draft", json=draft)).status_code == 200
    clock.move(minutes=1)
    body = {"at": "2030-01-01T00:00:00Z"} if to == "schedule" else {}
    answered = await move(author, to, "new", **body)
    assert refused(answered) == ["/description", "/first_level_category"]
    details = answered.json()["error"]["details"]
    assert details["fields"][0] == {
        "in": "body",
        "pointer": "/description",
        "message": "“description” is missing.",
        "type": "front_matter",
    }
    assert details["yours"]["post"]["content"] == "Long text.\n"
    assert (await get(author, "new")) == made
    assert (await author.get(f"{POSTS}/new/draft")).json()["draft"]["content"] == "Typed meanwhile."
    assert [path.name for path in attached_blog.posts.iterdir()] == ["hello.md"]


async def test_a_post_that_readers_see_is_never_saved_with_problems(
    attached_blog: Blog, editor: Person, client: httpx.AsyncClient, rows: Rows
) -> None:
    answered = await save(editor, description="", content="Other words.", frontmatter={"rating": 9})
    assert refused(answered) == ["/description", "/frontmatter/rating"]
    assert answered.json()["error"]["details"]["yours"]["post"]["content"] == "Other words."
    assert attached_blog.read() == GOOD
    assert (await client.get("/api/v1/posts/hello")).json()["summary"] == "A beginning"
    assert len(await versions(rows)) == 1
    created = await editor.post(POSTS, json={"title": "Straight out", "draft": False})
    assert "/description" in refused(created)
    assert (await editor.get(f"{POSTS}/straight-out")).status_code == 404


@pytest.mark.parametrize(
    ("frontmatter", "field", "says"),
    [
        ({"updatedDate": "2024-1-2"}, "/frontmatter/updatedDate", "write 2024-01-02"),
        ({"updatedDate": "2024-02-30"}, "/frontmatter/updatedDate", "not in the calendar"),
        ({"updatedDate": "2024-01-02T10:00:00+0800"}, "/frontmatter/updatedDate", "colon"),
        ({"seo": {"robots": "yes"}}, "/frontmatter/seo/robots", "neither true nor false"),
        ({"seo": {"robots": True, "index": "soon"}}, "/frontmatter/seo/index", "not a date"),
        ({"seo": {}}, "/frontmatter/seo/robots", "missing"),
        ({"rating": 2.5}, "/frontmatter/rating", "whole number"),
        ({"rating": "5"}, "/frontmatter/rating", "not a number"),
        ({"hero": "./nowhere.png"}, "/frontmatter/hero", "no picture"),
    ],
)
async def test_each_trap_is_named_by_its_field(
    attached_blog: Blog, editor: Person, frontmatter: dict[str, Any], field: str, says: str
) -> None:
    answered = await save(editor, frontmatter=frontmatter)
    assert refused(answered) == [field]
    assert says in answered.json()["detail"]
    assert attached_blog.read() == GOOD


async def test_what_json_cannot_say_is_written_as_the_site_reads_it(attached_blog: Blog, editor: Person) -> None:
    (attached_blog.posts / "hero.png").write_bytes(b"png")
    own = {"updatedDate": "2024-05-06", "seo": {"robots": True, "index": "2024-05-07"}, "hero": "./hero.png"}
    post = await saved(editor, frontmatter=own | {"rating": None})
    assert post["manuscript"] == {"file": "hello.md", "held": False, "problems": []}
    text = attached_blog.read()
    assert "updatedDate: 2024-05-06\n" in text
    assert "  index: 2024-05-07\n" in text
    assert "rating" not in text


async def test_a_date_of_change_that_the_site_asks_for_is_there_to_be_filled_in(
    services: Services, blog: Blog, editor: Person
) -> None:
    blog.write(GOOD.replace("tags:", "updatedDate: 2024-03-04\ntags:"))
    await attach(services, recognise(blog.root))
    post = await get(editor)
    assert (post["frontmatter"], post["updated_at"]) == ({"updatedDate": "2024-03-04"}, "2024-03-04T00:00:00Z")
    await saved(editor, frontmatter={"updatedDate": "2024-05-06"})
    assert blog.read() == GOOD.replace("tags:", "updatedDate: 2024-05-06\ntags:")


async def test_taking_a_post_back_takes_it_out_even_when_its_words_must_wait(
    attached_blog: Blog, editor: Person
) -> None:
    post = await saved(editor, draft=True, description="", title="Unfinished")
    assert post["manuscript"]["held"]
    assert attached_blog.read() == GOOD.replace("tags: [Python]\n", "tags: [Python]\ndraft: true\n")
    assert refused(await move(editor, "publish")) == ["/description"]
    out = await saved(editor, draft=False, description="Finished")
    assert out["manuscript"] == {"file": "hello.md", "held": False, "problems": []}
    assert attached_blog.read() == (
        GOOD.replace("'Hello'", "'Unfinished'")
        .replace("A beginning", "Finished")
        .replace("tags: [Python]\n", "tags: [Python]\ndraft: false\n")
    )


async def test_an_address_that_waits_with_its_words_is_written_with_them(held: Blog, editor: Person) -> None:
    assert (await saved(editor, slug="bye"))["manuscript"]["held"]
    assert "slug" not in held.read()
    await saved(editor, "bye", description="Mended")
    assert "slug: bye\n" in held.read()


async def test_the_scan_leaves_held_words_alone(held: Blog, editor: Person, services: Services, rows: Rows) -> None:
    (held.posts / "hello.md").touch()
    report = await scan(services)
    assert (report.updated, report.archived) == (0, 0)
    (held.posts / "hello.md").rename(held.posts / "renamed.md")
    assert (await scan(services)).renamed == 1
    post = await get(editor)
    assert (post["content"].strip(), post["manuscript"]["file"]) == ("Newer words.", "renamed.md")
    assert post["manuscript"]["held"]
    # Emptied for a moment by an editor, and back with the same bytes.
    text = held.read("renamed.md")
    held.write("", "renamed.md")
    assert list((await scan(services)).failed) == ["renamed.md"]
    held.write(text, "renamed.md")
    assert (await scan(services)).updated == 0
    assert (await get(editor))["content"].strip() == "Newer words."
    assert len(await versions(rows)) == 2


async def test_changed_on_both_sides_keeps_both_texts(
    held: Blog, editor: Person, services: Services, runner: Runner, rows: Rows
) -> None:
    held.write(GOOD.replace("Words.", "Words from the disk."))
    answered = await save(editor, content="Even newer.")
    assert answered.status_code == 412
    assert answered.json()["error"]["details"]["yours"]["post"]["content"] == "Even newer."
    await runner.run_until_idle()
    post = await get(editor)
    assert post["content"].strip() == "Words from the disk."
    assert post["manuscript"] == {"file": "hello.md", "held": False, "problems": []}
    assert [text for _, text in await versions(rows)] == ["Words.", "Newer words.", "Words from the disk."]
    assert (await scan(services)).updated == 0


@pytest.mark.parametrize("front", ["title: [", f"title: {'x' * 400}", "title: &a x\nb: *a"])
async def test_a_file_that_is_broken_under_held_words_is_said(held: Blog, editor: Person, front: str) -> None:
    held.write(f"---\n{front}\n---\n")
    (problem,) = (await get(editor))["manuscript"]["problems"]
    assert problem["field"] == ""
    assert problem["message"]


async def test_a_file_that_is_deleted_under_held_words_comes_back_with_them(
    held: Blog, editor: Person, services: Services
) -> None:
    held.write(GOOD.replace("Hello", "Other"), "other.md")
    (held.posts / "hello.md").unlink()
    assert (await scan(services)).archived == 0
    post = await get(editor)
    assert (post["status"], post["content"].strip()) == ("draft", "Newer words.")
    assert (post["manuscript"]["file"], post["manuscript"]["held"]) == (None, True)
    assert (await saved(editor, description="Mended"))["manuscript"]["file"] == "hello.md"
    assert "Newer words." in held.read()
    assert (await scan(services)).updated == 0


async def test_held_words_go_into_the_trash_and_come_back(held: Blog, editor: Person, services: Services) -> None:
    post, text = await get(editor), held.read()
    match = {"If-Match": f'"{post["version"]}"'}
    assert (await editor.delete(f"{POSTS}/hello", headers=match)).status_code == 204
    assert not (held.posts / "hello.md").exists()
    assert (await scan(services)).archived == 0
    back = await move(editor, "restore", post["id"])
    assert back.json()["content"] == post["content"]
    assert back.json()["manuscript"] == post["manuscript"]
    assert held.read() == text
    assert (await saved(editor, description="Mended"))["manuscript"]["held"] is False


@pytest.mark.parametrize("died", ["before the file", "after the file"])
async def test_a_kill_after_the_save_that_was_valid_writes_everything_at_the_next_start(
    held: Blog, editor: Person, services: Services, monkeypatch: pytest.MonkeyPatch, died: str
) -> None:
    text = held.read()
    wanted = text.replace("A beginning", "Mended").replace("Words.", "Newer words.")
    with before_its_file(monkeypatch):
        assert (await saved(editor, description="Mended"))["manuscript"]["held"] is False
    assert held.read() == text
    if died == "after the file":
        held.write(wanted)
    await finish_intents(services)
    assert held.read() == wanted
    assert (await scan(services)).updated == 0


async def test_a_file_from_disk_with_problems_is_taken_in_and_told(
    services: Services, blog: Blog, editor: Person, clock: MovableClock
) -> None:
    blog.write(GOOD.replace("2024-02-03", '"2024-02-03"').replace("category: Notes", "category: Nowhere"))
    report = await attach(services, recognise(blog.root))
    clock.move(minutes=1)
    assert (report.created, report.failed, list(report.problems)) == (1, {}, ["hello.md"])
    assert [field for field, _ in report.problems["hello.md"]] == ["/published", "/first_level_category"]
    assert "1 would be refused by the site's own build:\n  hello.md: /published Write 2024-02-03" in report.as_text()
    again = await scan(services)
    assert (again.unchanged, again.problems) == (1, report.problems)
    post = await get(editor)
    assert (post["status"], post["first_level_category"]) == ("published", "Nowhere")
    assert (post["manuscript"]["file"], post["manuscript"]["held"]) == ("hello.md", False)
    assert [each["field"] for each in post["manuscript"]["problems"]] == ["/published", "/first_level_category"]
    blog.write(GOOD)
    assert (await scan(services)).problems == {}
    assert (await get(editor))["manuscript"]["problems"] == []


async def test_a_save_mends_what_is_only_written_in_a_way_that_the_build_does_not_read(
    services: Services, blog: Blog, editor: Person
) -> None:
    odd = GOOD.replace("'Hello'   # the first", "2024   # a year").replace("2024-02-03", '"2024-02-03"')
    blog.write(odd.replace("tags: [Python]", "tags: Python\nupdatedDate:\nsource:"))
    await attach(services, recognise(blog.root))
    assert len((await get(editor, "hello"))["manuscript"]["problems"]) == 5
    post = await saved(editor, content="\nOther.\n")
    assert post["manuscript"]["problems"] == []
    assert blog.read() == (
        GOOD.replace("'Hello'   # the first", '"2024"   # a year')
        .replace("[Python]", "\n  - Python")
        .replace("tags: \n", "tags:\n")
        .replace("Words.", "Other.")
    )


async def test_a_schema_that_asks_for_more_is_noticed_in_files_that_did_not_change(
    attached_blog: Blog, services: Services, editor: Person
) -> None:
    assert (await scan(services)).problems == {}
    attached_blog.ask_for(PROPERTIES | {"mood": TEXT}, [*REQUIRED, "mood"])
    report = await scan(services)
    assert (report.updated, report.unchanged, report.problems) == (
        0,
        1,
        {"hello.md": [["/frontmatter/mood", "“mood” is missing."]]},
    )
    assert refused(await save(editor, title="Bye")) == ["/frontmatter/mood"]
    assert (await saved(editor, title="Bye", frontmatter={"mood": "calm"}))["manuscript"]["problems"] == []


async def test_without_a_schema_what_all_posts_have_is_asked_for_and_that_is_said(
    attached_blog: Blog, services: Services, editor: Person
) -> None:
    attached_blog.schema.unlink()
    for number in range(5):
        attached_blog.write(GOOD.replace("Hello", f"Post {number}"), f"{number}.md")
    assert (await scan(services)).problems == {}
    answered = await save(editor, description="")
    assert refused(answered) == ["/description"]
    assert "run `astro sync`" in answered.json()["detail"]
    assert (await saved(editor, title="Bye", frontmatter={"mood": "calm"}))["manuscript"]["problems"] == []


async def test_a_scheduled_post_goes_out_even_when_the_schema_has_changed_meanwhile(
    attached_blog: Blog, author: Person, runner: Runner, clock: MovableClock, client: httpx.AsyncClient
) -> None:
    new = {"title": "New", "description": "D", "first_level_category": "Craft", "published": "2026-03-02T00:00:00Z"}
    assert (await author.post(POSTS, json=new | {"draft": False})).json()["status"] == "scheduled"
    attached_blog.ask_for(PROPERTIES | {"mood": TEXT}, [*REQUIRED, "mood"])
    clock.move(days=2)
    await runner.run_until_idle()
    assert (await client.get("/api/v1/posts/new")).status_code == 200


async def test_an_import_tells_what_the_site_would_refuse_and_brings_the_rest(
    attached_blog: Blog, services: Services, tmp_path: Path
) -> None:
    (tmp_path / "old").mkdir()
    whole = GOOD.replace("Hello", "Whole")
    (tmp_path / "old" / "whole.md").write_text(whole)
    (tmp_path / "old" / "half.md").write_text(GOOD.replace("Hello", "Half").replace("category: Notes\n", ""))
    report = await import_folder(services, Import(tmp_path / "old", "old"), told=lambda _done, _of: None)
    assert report.counts == {"created": 1, "failed": 1}
    (why,) = [each.reason for each in report.files if each.outcome == "failed"]
    assert why.startswith("/first_level_category")
    assert sorted(path.name for path in attached_blog.posts.iterdir()) == ["hello.md", "whole.md"]


async def test_nothing_is_said_and_nothing_asked_when_nothing_is_attached(services: Services, author: Person) -> None:
    made = (await author.post(POSTS, json={"title": "Alone"})).json()
    assert made["manuscript"] is None
    sent: list[str] = []
    engine = services.database.reader.sync_engine
    listener = lambda *arguments: sent.append(arguments[2])  # noqa: E731  # SQLAlchemy counts a function's arguments
    assert (await get(author, "alone"))["manuscript"] is None
    event.listen(engine, "before_cursor_execute", listener)
    try:
        assert (await get(author, "alone"))["manuscript"] is None
        assert [each for each in sent if "settings" in each or "source_files" in each] == []
    finally:
        event.remove(engine, "before_cursor_execute", listener)


async def test_a_folder_that_is_attached_meanwhile_is_known_at_once(
    services: Services, blog: Blog, editor: Person, clock: MovableClock
) -> None:
    assert (await editor.post(POSTS, json={"title": "Older"})).status_code == 201
    assert (await get(editor, "older"))["manuscript"] is None
    clock.move(minutes=1)
    await attach(services, recognise(blog.root))
    assert (await get(editor))["manuscript"]["file"] == "hello.md"
    assert (await get(editor, "older"))["manuscript"] == {"file": None, "held": False, "problems": []}
    listed = (await editor.get(POSTS)).json()["data"]
    assert len(listed) == 2
    assert all("manuscript" not in each for each in listed)
    await detach(services)
    assert (await get(editor))["manuscript"] is None
    await attach(services, recognise(blog.root))
    assert (await get(editor))["manuscript"]["file"] == "hello.md"
