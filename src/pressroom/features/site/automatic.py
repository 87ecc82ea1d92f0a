"""Whether a change that readers would see starts a build."""

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.source.attachment import find_attachment
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Environment


async def builds_by_itself(services: Services, session: AsyncSession) -> bool:
    """In development, a site that has a generator of its own is watched by that; its build is started by hand."""
    if services.settings.environment is not Environment.development:
        return True
    attachment = await find_attachment(session)
    return attachment is None or attachment.build is None
