"""On which day something was published."""

from datetime import UTC, date, datetime, time, tzinfo


def day_of(moment: datetime, timezone: tzinfo) -> date:
    """The day in the site's time zone. A date without a time, kept as midnight in UTC, is that day everywhere."""
    in_utc = moment.astimezone(UTC)
    return in_utc.date() if in_utc.time() == time() else moment.astimezone(timezone).date()
