"""What broke a build, whoever made it."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Where a build stopped, as far as it is known.

    Attributes:
        message: one sentence.
        code: of the error, where it has one of ours.
        post_id: the post that is to blame.
        post: its address.
        file: its file in the attached folder, or a file of the site.
        template: the theme's file.
        fields: `{field, message}` for each field of the front matter that was refused.
        line, column: where, from 1.
    """

    message: str
    code: str = "site.build_failed"
    post_id: UUID | None = None
    post: str | None = None
    file: str | None = None
    template: str | None = None
    fields: tuple[dict[str, str], ...] = ()
    line: int | None = None
    column: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The values as JSON."""
        return asdict(self) | {"post_id": str(self.post_id) if self.post_id else None, "fields": list(self.fields)}

    def __str__(self) -> str:
        """A line for people: the place, then what is wrong there."""
        place = self.template or self.file
        told = f"{place}:{self.line}" if place and self.line else place
        post = f"post “{self.post}”" if self.post and not self.file else None
        wrong = "; ".join(f"{each['field']}: {each['message']}" for each in self.fields)
        return ": ".join(part for part in (post, told, self.message, wrong) if part)


class Broken(Exception):
    """A build that cannot be finished. Nothing of it is to be published."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))
