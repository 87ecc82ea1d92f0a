"""Dates as front matter writes them."""

import re
from datetime import UTC, date, datetime

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_LOOSE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b(.*)", re.DOTALL)
_BARE_ZONE = re.compile(r"[+-]\d{4}$")


def read_date(text: str) -> date | datetime | None:
    """The date of `2024-01-02`, or the time of RFC 3339, in UTC where it names no zone; None for every other text."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _TIME.fullmatch(text):
            found = datetime.fromisoformat(text)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        return None
    return None


def why_no_date(text: str) -> str:
    """Why this text is no date, and how to write the one that was meant."""
    if _BARE_ZONE.search(text.strip()) and ":" in text:
        return f"“{text}” is not read as a date: write the zone with a colon, like +08:00."
    loose = _LOOSE.fullmatch(text.strip())
    if not loose:
        return f"“{text}” is not a date; write one like 2024-01-31."
    year, month, day = (int(part) for part in loose.groups()[:3])
    try:
        meant = date(year, month, day)
    except ValueError:
        return f"“{text}” is not in the calendar."
    return f"“{text}” is not read as a date; write {meant.isoformat()}{loose[4]}."
