"""The slice's settings."""

from string import Formatter
from typing import ClassVar, Literal

from pydantic import field_validator

from pressroom.kernel.settings import Section, setting

MESSAGE_NAMES = ("action", "title", "slug", "path", "author")


class SourceSettings(Section):
    """Your own folder of Markdown: finding it, watching it, and git."""

    name: ClassVar[str] = "source"
    content: str = setting(
        "",
        "A folder of posts, or the project around it, that `serve` attaches when none is attached",
        env=("ASTRO_CONTENT_PATH",),
    )
    watch: Literal["auto", "poll", "off"] = setting(
        "auto",
        "How changes on disk are noticed: `auto` is told by the system, and looks every two seconds on network disks; "
        "`poll` always looks; `off` leaves it to the scan each minute",
    )
    git_commit: bool = setting(
        default=False,
        help_text="Commit a post's file when it is published, changed while readers see it, taken back or deleted",
    )
    git_message: str = setting(
        "{action}: {title}",
        "The message of such a commit; `{action}` is Publish, Update, Take back or Delete; "
        "also `{slug}`, `{path}`, `{author}`",
        min_length=1,
        max_length=500,
    )
    git_hooks: bool = setting(
        default=False, help_text="Run the repository's hooks and sign commits as git is set up to; hooks are code"
    )
    git_push: str = setting(
        "", "The remote that each commit is pushed to, e.g. `origin`; empty: never", pattern=r"^([\w][\w./-]*)?$"
    )
    git_pull_minutes: int = setting(
        0, "How often to pull, in minutes; 0: only when somebody asks for it", ge=0, le=10_080
    )

    @field_validator("git_message")
    @classmethod
    def _names_are_known(cls, template: str) -> str:
        names = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
        if unknown := sorted(names - set(MESSAGE_NAMES)):
            known = ", ".join(f"{{{name}}}" for name in MESSAGE_NAMES)
            raise ValueError(f"{{{unknown[0]}}} is not known here; write one of {known}")
        return template
