"""The form of a post's front matter, as a panel asks for it and as the command line shows it."""

import json
from pathlib import Path
from typing import Any

import httpx
import typer
from tests.conftest import make_settings
from tests.features.source.astro import DATE, GOOD, PROPERTIES, REQUIRED, TEXT, Blog, make_blog
from tests.plugins.people import Person
from typer.testing import CliRunner

from pressroom.composition import build_services
from pressroom.features.site.commands import add_to
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach, detach
from pressroom.kernel.command import Invocation
from pressroom.kernel.services import Services

SCHEMA = "/api/v1/admin/site/schema"


async def form(person: httpx.AsyncClient) -> dict[str, Any]:
    answered = await person.get(SCHEMA)
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


def fields(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {field["pointer"]: field for field in found["fields"]}


async def test_nobody_and_members_are_kept_out(client: httpx.AsyncClient, member: Person) -> None:
    assert (await client.get(SCHEMA)).status_code == 401
    assert (await member.get(SCHEMA)).status_code == 403


async def test_without_a_folder_it_is_the_contract_and_binds_nobody(author: Person) -> None:
    found = await form(author)
    assert (found["origin"], found["binds"], found["note"]) == ("default", False, None)
    assert [field["pointer"] for field in found["fields"] if field["required"]] == [
        "/title",
        "/published",
        "/first_level_category",
        "/second_level_category",
    ]
    assert fields(found)["/readingMetadata"]["computed"]


async def test_the_sites_own_schema_names_our_fields(attached_blog: Blog, author: Person) -> None:
    del attached_blog
    found = await form(author)
    assert (found["origin"], found["binds"], found["note"]) == ("schema", True, None)
    places = [(field["name"], field["pointer"], field["kind"]) for field in found["fields"]]
    assert places == [
        ("title", "/title", "string"),
        ("pubDate", "/published", "date"),
        ("updatedDate", "/frontmatter/updatedDate", "date"),
        ("description", "/description", "text"),
        ("category", "/first_level_category", "enum"),
        ("tags", "/tags", "list"),
        ("hero", "/frontmatter/hero", "image"),
        ("source", "/sourceLink", "string"),
        ("seo", "/frontmatter/seo", "object"),
        ("rating", "/frontmatter/rating", "number"),
        ("draft", "/draft", "boolean"),
    ]
    by_place = fields(found)
    assert by_place["/first_level_category"]["values"] == ["Notes", "Craft"]
    assert by_place["/tags"]["item"]["kind"] == "string"
    assert by_place["/tags"]["default"] == []
    assert by_place["/description"]["help"] == "A sentence for lists"
    assert (by_place["/title"]["minimum"], by_place["/title"]["maximum"]) == (1, 60)
    assert [each["name"] for each in by_place["/frontmatter/seo"]["fields"]] == ["robots", "index"]


async def test_what_the_site_keeps_in_its_own_shape_is_asked_for_in_ours(attached_blog: Blog, author: Person) -> None:
    listed = {"type": "array", "items": TEXT}
    picture = {"type": "object", "properties": {"src": TEXT, "alt": TEXT}, "required": ["src"]}
    properties = {"title": TEXT, "authors": listed, "categories": listed, "image": picture, "date": TEXT}
    attached_blog.ask_for(properties, ["title", "categories"])
    found = await form(author)
    assert [(field["name"], field["pointer"], field["kind"], field["required"]) for field in found["fields"]] == [
        ("title", "/title", "string", True),
        ("authors", "/author", "string", False),
        ("categories", "/first_level_category", "string", True),
        ("categories", "/second_level_category", "string", False),
        ("image", "/cover", "image", False),
        ("date", "/published", "date", False),
    ]


async def test_a_schema_that_changes_is_read_again(attached_blog: Blog, author: Person) -> None:
    assert "/frontmatter/mood" not in fields(await form(author))
    attached_blog.ask_for(PROPERTIES | {"mood": TEXT}, REQUIRED)
    assert "/frontmatter/mood" in fields(await form(author))


async def test_a_schema_that_cannot_be_read_is_said_and_the_posts_stand_in(attached_blog: Blog, author: Person) -> None:
    attached_blog.schema.write_text('{"half": ')
    found = await form(author)
    assert (found["origin"], found["binds"]) == ("posts", True)
    assert "posts.schema.json cannot be read" in found["note"]
    assert {"/published", "/first_level_category"} <= fields(found).keys()
    attached_blog.schema.unlink()
    assert "`astro sync`" in (await form(author))["note"]


async def test_a_site_that_checks_nothing_only_helps(services: Services, author: Person, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(GOOD)
    await attach(services, recognise(tmp_path / "notes"))
    found = await form(author)
    assert (found["origin"], found["binds"], found["note"]) == ("posts", False, None)
    await detach(services)
    assert (await form(author))["origin"] == "default"


async def test_a_site_that_has_moved_away_is_no_failure(attached_blog: Blog, author: Person) -> None:
    attached_blog.root.rename(attached_blog.root.with_name("elsewhere"))
    found = await form(author)
    assert (found["origin"], found["binds"]) == ("default", False)
    assert "Is its disk mounted?" in found["note"]
    attached_blog.root.with_name("elsewhere").rename(attached_blog.root)
    assert (await form(author))["origin"] == "schema"


def test_the_command_line_shows_it(tmp_path: Path, sqlite_template: Path) -> None:
    (tmp_path / "pressroom.db").write_bytes(sqlite_template.read_bytes())
    make_blog(tmp_path / "blog").ask_for({"title": TEXT, "pubDate": DATE}, ["title"])
    cli = typer.Typer()
    add_to(cli)
    called = Invocation(data=tmp_path, read_settings=lambda: make_settings(tmp_path), build_services=build_services)
    run = CliRunner().invoke
    unattached = run(cli, ["site", "schema"], obj=called)
    assert (unattached.exit_code, "Nothing but a title" in unattached.stdout) == (0, True)
    assert run(cli, ["site", "attach", str(tmp_path / "blog"), "--yes"], obj=called).exit_code == 0
    shown = run(cli, ["site", "schema"], obj=called)
    assert shown.stdout.splitlines() == [
        "The site's own schema.",
        "  title    string, required",
        "  pubDate  date (/published)",
    ]
    told = json.loads(run(cli, ["site", "schema", "--json"], obj=called).stdout)
    assert (told["origin"], len(told["fields"])) == ("schema", 2)
