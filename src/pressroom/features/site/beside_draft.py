"""What lies beside one draft in the attached folder, for its preview."""

from dataclasses import dataclass, replace
from urllib.parse import quote
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.press import PublicBody, PublicCard
from pressroom.features.source.attachment import find_attachment
from pressroom.features.source.counterparts import paths_of_posts
from pressroom.features.source.pictures import Pictures


@dataclass(frozen=True, slots=True)
class BesideDraft:
    """The pictures around one file."""

    pictures: Pictures
    post: str

    def shown(self, card: PublicCard, body: PublicBody, address: str) -> tuple[PublicCard, PublicBody]:
        """Card and body whose pictures are found under `address`."""
        html = self.pictures.readdress(self.post, body.html, lambda place: f"{address}/{quote(place)}")
        cover = self.pictures.find(self.post, card.cover) if card.cover else None
        shown = replace(card, cover=f"{address}/{quote(cover)}") if cover else card
        return shown, replace(body, html=html)

    def read(self, card: PublicCard, body: PublicBody, place: str) -> bytes | None:
        """A file that the draft itself shows; whoever has the link sees no other. For a thread."""
        named = {self.pictures.find(self.post, card.cover)} if card.cover else set()
        self.pictures.readdress(self.post, body.html, named.add)
        return self.pictures.read(place) if place in named else None


async def find_beside(session: AsyncSession, post_id: UUID) -> BesideDraft | None:
    """What lies beside a post; `None` where it has no file."""
    attachment = await find_attachment(session)
    path = (await paths_of_posts(session, [post_id])).get(post_id) if attachment else None
    return BesideDraft(Pictures(attachment), path) if attachment and path else None
