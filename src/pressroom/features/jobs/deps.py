"""What the routes of jobs ask for."""

from typing import Annotated

from fastapi import Depends

from pressroom.features.jobs.service import JobService
from pressroom.kernel.http.deps import ServicesDep


async def get_job_service(services: ServicesDep) -> JobService:
    return JobService(services)


JobServiceDep = Annotated[JobService, Depends(get_job_service)]
