"""What makes a release: the built-in theme, or the attached site's own command."""

from typing import Protocol

from pressroom.features.site.models import Build, Release


class Maker(Protocol):
    """Makes one release beside the live one."""

    async def make(self, build: Build) -> Release | None:
        """A release that is whole and on disk, not live yet; `None` when there is nothing to do. Fills `build` in.

        Raises:
            Broken: it cannot be made, and why; nothing of it is left.
        """
        ...

    def remember(self, release: Release) -> None:
        """The release went live, or would have but for a pin."""
        ...
