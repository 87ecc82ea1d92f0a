"""What the site's routes ask for."""

from typing import Annotated

from fastapi import Depends

from pressroom.features.site.service import SiteService
from pressroom.kernel.http.deps import ServicesDep


async def get_site(services: ServicesDep) -> SiteService:
    return SiteService(services)


SiteDep = Annotated[SiteService, Depends(get_site)]
