"""The one way in which a build fails."""


class BuildFailed(Exception):
    """A build that cannot be finished, and where it stopped.

    `slug` names the post that was being rendered, if one was; `template` and `line` the place in the theme, if it
    is the theme's mistake. Nothing of a failed build is to be published.
    """

    def __init__(
        self, message: str, *, slug: str | None = None, template: str | None = None, line: int | None = None
    ) -> None:
        self.message, self.slug, self.template, self.line = message, slug, template, line
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.template}:{self.line}" if self.line else self.template
        told = [f"post “{self.slug}”" if self.slug else None, place, self.message]
        return ": ".join(part for part in told if part)
