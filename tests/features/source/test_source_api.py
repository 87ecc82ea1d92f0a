"""What editors see of the attached folder."""

from pathlib import Path

import httpx
from tests.plugins.people import Person
from tests.plugins.repositories import MakeRepository

from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.kernel.services import Services

SOURCE = "/api/v1/admin/site/source"


async def test_only_editors_see_paths_of_the_server(client: httpx.AsyncClient, author: Person) -> None:
    assert (await client.get(SOURCE)).status_code == 401
    assert (await author.get(SOURCE)).status_code == 403


async def test_without_a_folder_there_is_none(editor: Person) -> None:
    assert (await editor.get(SOURCE)).json() == {"folder": None, "notice": None}


async def test_the_folder_is_shown_with_its_git(
    editor: Person, services: Services, make_repository: MakeRepository
) -> None:
    repository = make_repository("blog")
    repository.write("posts/a.md", "---\ntitle: A\n---\n")
    await attach(services, recognise(repository.top / "posts"))
    found = (await editor.get(SOURCE)).json()["folder"]
    assert found["content"] == str(repository.top / "posts")
    assert (found["generator"], found["build"]) == ("folder", None)
    assert found["git"] == {"top": str(repository.top), "branch": "main", "unfinished": None}


async def test_a_folder_outside_of_git_has_none(editor: Person, attached: Path) -> None:
    del attached
    assert (await editor.get(SOURCE)).json()["folder"]["git"] is None
