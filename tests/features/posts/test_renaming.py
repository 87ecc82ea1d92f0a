import httpx
from tests.features.posts.desk import PUBLIC, publish
from tests.plugins.people import SEEN, Person


async def test_a_new_name_stands_on_every_post_that_names_nobody_itself(
    author: Person, client: httpx.AsyncClient
) -> None:
    await publish(author, "Mine")
    await publish(author, "Guest", author="Somebody Else")
    assert (await client.get(f"{PUBLIC}/mine")).json()["author"] == {"name": "Author", "handle": "author"}
    assert (await author.patch("/api/v1/users/me", json={"display_name": "Ada L."}, headers=SEEN)).status_code == 200
    assert (await client.get(f"{PUBLIC}/mine")).json()["author"] == {"name": "Ada L.", "handle": "author"}
    assert (await client.get(f"{PUBLIC}/guest")).json()["author"]["name"] == "Somebody Else"
