"""A folder that cannot be looked at: the first look that finds it so fails, and the following ones only say so."""

from pressroom.kernel.services import Services
from pressroom.kernel.state import find_value, forget_value, store_value

_NAME = "source_away"


async def is_news(services: Services, reason: str | None) -> bool:
    """Whether the look before found something else; `None` is a folder that was looked at."""
    async with services.reading() as session:
        before = await find_value(session, _NAME)
    if before == reason:
        return False
    async with services.unit() as unit:
        await (store_value(unit.session, _NAME, reason) if reason else forget_value(unit.session, _NAME))
    return True
