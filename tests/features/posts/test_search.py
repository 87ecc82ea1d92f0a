import httpx
import pytest
from tests.features.posts.desk import POSTS, at, code, publish, slugs, write
from tests.plugins.people import Person

SEARCH = "/api/v1/search"

# Both databases are asked the same; each must answer exactly this.
HITS = {
    "press": {"english", "both"},
    "PRESS": {"english", "both"},
    "café": {"english"},
    "cafe": {"english"},
    "印刷": {"chinese", "both"},
    "刷": {"chinese", "both"},
    "世界杯": {"chinese"},
    "界杯": {"chinese"},
    '"proof is warm"': {"english"},
    '"warm proof"': set(),
    "proof warm": {"english"},
    "press -印刷": {"english"},
    "世界杯 or warm": {"chinese", "english"},
    "世界杯 | warm": {"chinese", "english"},
    "c++": {"english"},
    "c": set(),
    "don't": {"english"},
    "node.js": {"both"},
    "letterpress": {"both"},
    "letter": set(),
    "Machines": {"both"},
    "both english": set(),
    "-press": set(),
    "": set(),
    "!!!": set(),
    "' OR 1=1 --": set(),
    '"unclosed': set(),
    "title:press": set(),
    "press*": {"english", "both"},
    "NEAR(press proof)": set(),
}


@pytest.fixture
async def shelf(author: Person) -> Person:
    await publish(author, "English", slug="english", content="The press: a proof is warm. Café and C++. Don't wait.")
    await publish(author, "Chinese", slug="chinese", content="印刷机醒着。世界杯开始了。")
    await publish(
        author,
        "Both",
        slug="both",
        content="press 印刷 with node.js",
        tags=["Letterpress"],
        first_level_category="Machines",
    )
    return author


async def test_the_same_words_find_the_same_posts_on_every_database(shelf: Person, client: httpx.AsyncClient) -> None:
    for typed, expected in HITS.items():
        assert set(await slugs(client, SEARCH, q=typed)) == expected, typed


async def test_a_title_counts_more_than_a_summary_and_that_more_than_a_body(
    author: Person, client: httpx.AsyncClient
) -> None:
    await publish(author, "Body", content="filler " * 90 + "\n\nink")
    await publish(author, "Summary", content="filler " * 6, description="About ink and more")
    await publish(author, "Ink", content="filler " * 6)
    assert await slugs(client, SEARCH, q="ink") == ["ink", "summary", "body"]


async def test_phrases_do_not_cross_from_one_field_into_the_next(author: Person, client: httpx.AsyncClient) -> None:
    await publish(author, "Ends with red", description="wine begins it", content="bread begins this", tags=["salt"])
    for typed in ('"red wine"', '"begins it bread"', '"it salt"'):
        assert await slugs(client, SEARCH, q=typed) == [], typed


async def test_an_excerpt_shows_and_marks_the_place(author: Person, client: httpx.AsyncClient) -> None:
    await publish(
        author, "Long", content="filler words & more. " * 60 + "The <b>needle</b> is here. " + "after it. " * 60
    )
    hit = (await client.get(SEARCH, params={"q": "needle"})).json()["data"][0]["excerpt"]
    start, end = hit["spans"][0]
    assert hit["text"][start:end] == "needle"
    assert "<mark>needle</mark>" in hit["html"]
    assert "&amp;" in hit["html"]


async def test_the_public_finds_only_what_it_may_read(author: Person, client: httpx.AsyncClient) -> None:
    await write(author, "Draft treasure", content="treasure")
    await publish(author, "Private treasure", content="treasure", visibility="private")
    await publish(author, "Club", description="a teaser", content="treasure inside", visibility="members")
    assert await slugs(client, SEARCH, q="treasure") == []
    club = (await client.get(SEARCH, params={"q": "teaser"})).json()["data"][0]
    assert (club["slug"], club["excerpt"]["text"]) == ("club", "a teaser")
    assert set(await slugs(author, POSTS, q="treasure")) == {"draft-treasure", "private-treasure", "club"}
    await publish(author, "Open treasure")
    found = (await client.get(SEARCH, params={"q": "treasure"})).json()
    assert ([post["slug"] for post in found["data"]], found["meta"]["total"]) == (["open-treasure"], 1), "nor how many"


async def test_the_index_follows_every_change(author: Person, client: httpx.AsyncClient) -> None:
    made = await write(author, "Moving", content="target")
    ref = f"{POSTS}/{made['id']}"

    async def found() -> bool:
        return await slugs(client, SEARCH, q="target") == ["moving"]

    await author.post(f"{ref}/publish")
    assert await found()
    await author.patch(ref, json={"visibility": "members"}, headers=at(2))
    assert not await found()
    await author.patch(ref, json={"visibility": "public"}, headers=at(3))
    assert await found()
    await author.patch(ref, json={"content": "elsewhere"}, headers=at(4))
    assert not await found()
    await author.patch(ref, json={"content": "target"}, headers=at(5))
    await author.delete(ref, headers=at(6))
    assert not await found()
    await author.post(f"{ref}/restore")
    assert await found()
    await author.post(f"{ref}/archive")
    assert not await found()
    assert await slugs(author, POSTS, q="target") == ["moving"]


async def test_pages_of_hits_follow_each_other(author: Person, client: httpx.AsyncClient) -> None:
    for number in range(5):
        await publish(author, f"Post {number}", content="same words")
    first = (await client.get(SEARCH, params={"q": "same", "limit": 3})).json()
    assert (first["meta"]["total"], first["meta"]["next"]) == (5, f"{SEARCH}?q=same&limit=3&offset=3")
    second = (await client.get(first["meta"]["next"])).json()
    assert len({post["slug"] for post in first["data"] + second["data"]}) == 5
    beyond = (await client.get(SEARCH, params={"q": "same", "offset": 10})).json()
    assert (beyond["data"], beyond["meta"]["total"]) == ([], 5)


async def test_a_search_for_too_much_is_refused_in_words(client: httpx.AsyncClient) -> None:
    answer = await client.get(SEARCH, params={"q": " ".join(f"w{number}" for number in range(40))})
    assert (answer.status_code, code(answer)) == (422, "posts.search_too_long")
