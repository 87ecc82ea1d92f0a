"""Releases on disk: made beside the live one, made live by one atomic step, kept for the way back."""

from pressroom.features.site.releases.errors import (
    CannotGoLive,
    DiskFull,
    IncompleteRelease,
    ReleaseExists,
    ReleaseFailure,
    ReleaseNotFound,
    StoreBusy,
    UnsafePath,
)
from pressroom.features.site.releases.staging import Staging
from pressroom.features.site.releases.store import ReleaseStore

__all__ = [
    "CannotGoLive",
    "DiskFull",
    "IncompleteRelease",
    "ReleaseExists",
    "ReleaseFailure",
    "ReleaseNotFound",
    "ReleaseStore",
    "Staging",
    "StoreBusy",
    "UnsafePath",
]
