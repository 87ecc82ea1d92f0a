from uuid import UUID

import httpx
from tests.features.posts.desk import POSTS, at, publish, write
from tests.plugins.people import Person

from pressroom.features.posts.press import PublicChanges, bodies, changes_since
from pressroom.kernel.services import Services


async def since(services: Services, revision: int | None) -> PublicChanges:
    async with services.reading() as session:
        return await changes_since(session, revision)


async def test_everything_then_only_what_changed_then_what_is_gone(author: Person, services: Services) -> None:
    one = await publish(
        author, "One", tags=["C++"], first_level_category="Tech", second_level_category="Code", cover="/c.png"
    )
    two = await publish(author, "Two")
    await write(author, "Draft")
    all_of_it = await since(services, None)
    assert {card.slug for card in all_of_it.cards} == {"one", "two"}
    card = next(card for card in all_of_it.cards if card.slug == "one")
    assert (card.tags[0].slug, card.first_category and card.first_category.slug, card.cover) == (
        "c-plus-plus",
        "tech",
        "/c.png",
    )
    assert (card.second_category and card.second_category.name, card.author.handle) == ("Code", "author")
    assert (await since(services, all_of_it.revision)).cards == []

    await author.patch(f"{POSTS}/{one['id']}", json={"content": "new"}, headers=at(1))
    await author.post(f"{POSTS}/{two['id']}/unpublish")
    changed = await since(services, all_of_it.revision)
    assert [card.slug for card in changed.cards] == ["one"]
    assert changed.cards[0].revision > card.revision
    assert changed.gone == [UUID(two["id"])]
    assert (await since(services, changed.revision)).gone == []


async def test_a_post_that_loses_an_old_address_has_changed(author: Person, services: Services) -> None:
    one = await publish(author, "One")
    await author.patch(f"{POSTS}/{one['id']}", json={"slug": "uno"}, headers=at(1))
    before = await since(services, None)
    assert before.cards[0].old_slugs == ("one",)
    await publish(author, "Usurper", slug="one")
    after = await since(services, before.revision)
    assert {card.slug: card.old_slugs for card in after.cards} == {"uno": (), "one": ()}


async def test_bodies_hold_no_members_words_and_no_drafts(
    author: Person, services: Services, client: httpx.AsyncClient
) -> None:
    made = [
        await publish(author, "Open", content="## A part\n\nwords"),
        await publish(author, "Club", content="## A part\n\nwords", visibility="members"),
        await write(author, "Draft", content="words"),
    ]
    async with services.reading() as session:
        found = await bodies(session, [UUID(post["id"]) for post in made])
    opened, club = (found[UUID(post["id"])] for post in made[:2])
    assert [heading.text for heading in opened.headings] == ["A part"]
    assert "<p>words</p>" in opened.html
    assert (club.html, club.headings) == ("", ())
    assert len(found) == 2
