"""When somebody is called differently, so are their posts."""

from pressroom.features.accounts.events import PersonRenamed
from pressroom.features.accounts.service import people
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.terms import term_slug
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork


async def rename_author(services: Services, unit: UnitOfWork, event: PersonRenamed) -> None:
    """Puts the new name on every post of this person that names nobody itself."""
    person = (await people(unit.session, [event.user_id])).get(event.user_id)
    if person is None:
        return
    desk = Desk(services, unit)
    handle = term_slug(person.username, desk.house)
    public = await desk.repository.sign(event.user_id, name=person.display_name, handle=handle)
    await desk.finish([], also=public)
