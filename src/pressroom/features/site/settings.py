"""The slice's settings."""

import re
from typing import ClassVar

from pydantic import field_validator

from pressroom.kernel.settings import Section, setting


class BuildSettings(Section):
    """How an attached site's own build command is run. The built-in theme needs none of it."""

    name: ClassVar[str] = "build"
    seconds: float = setting(900.0, "The longest a build may take, in seconds", gt=0)
    memory_mb: int = setting(2048, "The most memory that its processes may hold together, in MB", ge=64)
    quiet_seconds: float = setting(
        1.0, "A build begins when nobody has saved for so long, so that a burst of saves is one build", ge=0, le=60
    )
    install: bool = setting(
        default=True, help_text="Install the site's packages first when `package.json` or its lock file changed"
    )
    environment: tuple[str, ...] = setting((), "Variables for the command, each as `NAME=value`")
    content_security_policy: str = setting(
        "frame-ancestors 'self'",
        "The Content-Security-Policy of its pages, which are the site's own; the built-in theme has a strict one",
        max_length=2000,
        pattern=r"^[\x20-\x7e]*$",
    )

    @field_validator("environment")
    @classmethod
    def _are_pairs(cls, pairs: tuple[str, ...]) -> tuple[str, ...]:
        for pair in pairs:
            if not re.match(r"[A-Za-z_]\w*=", pair) or "\0" in pair:
                raise ValueError(f"Write each as NAME=value, not {pair.partition('=')[0]!r}")
        return pairs
