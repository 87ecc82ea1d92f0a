"""What the slice does outside the request."""

from datetime import timedelta

from pressroom.features.accounts.repository import Links, RefreshTokens
from pressroom.features.accounts.service.posting import SEND_MAIL
from pressroom.features.accounts.service.recovery import FORGOT_PASSWORD
from pressroom.kernel.jobs import JobContext, JobKind, NoArguments, Schedule


async def clean_up(context: JobContext, _: NoArguments) -> None:
    """Deletes tokens and links that have expired. Running it again changes nothing."""
    now = context.services.clock.now()
    async with context.services.unit() as unit:
        await RefreshTokens(unit.session).delete_expired(now)
        await Links(unit.session).delete_expired(now)


CLEAN_UP = JobKind("accounts.clean_up", NoArguments, clean_up)
JOBS = (SEND_MAIL, FORGOT_PASSWORD, CLEAN_UP)
SCHEDULES = (Schedule(CLEAN_UP, every=timedelta(hours=6)),)
