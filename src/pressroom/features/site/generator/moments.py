"""Moments as machines read them."""

from datetime import datetime


def timestamp(moment: datetime) -> str:
    """`2026-03-06T12:00:00+00:00`: in whole seconds, because HTML takes no more than three digits of them."""
    return moment.isoformat(timespec="seconds")
