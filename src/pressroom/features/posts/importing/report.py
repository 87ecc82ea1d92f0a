"""What an import did with each file."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """`kept`: the post was changed here since its import, and stays as it is."""

    created = "created"
    updated = "updated"
    unchanged = "unchanged"
    kept = "kept"
    duplicate = "duplicate"
    skipped = "skipped"
    failed = "failed"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: what became of it, why, and what a person should look at."""

    path: str
    outcome: Outcome
    reason: str = ""
    slug: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """The whole import. With `dry_run` nothing was written."""

    dry_run: bool
    files: list[FileReport] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, path: str, outcome: Outcome, reason: str = "", **more: Any) -> None:
        self.files.append(FileReport(path, outcome, reason, **more))

    @property
    def counts(self) -> dict[str, int]:
        """How many files came to each outcome."""
        found = Counter(each.outcome for each in self.files)
        return {outcome.value: found[outcome] for outcome in Outcome if found[outcome]}

    @property
    def failed(self) -> bool:
        return any(each.outcome is Outcome.failed for each in self.files)

    def as_json(self) -> dict[str, Any]:
        files = [asdict(each) for each in sorted(self.files, key=lambda each: each.path)]
        return {"dry_run": self.dry_run, "seconds": round(self.seconds, 2), "counts": self.counts, "files": files}

    def as_text(self) -> str:
        """The counts, and every file that a person should look at."""
        told = [each for each in sorted(self.files, key=lambda each: each.path) if each.reason or each.notes]
        lines = [
            f"{each.outcome:>9}  {each.path}: {'; '.join(filter(None, (each.reason, *each.notes)))}" for each in told
        ]
        summed = ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items()) or "no Markdown files"
        would = " Nothing was written." if self.dry_run else ""
        return "\n".join([*lines, f"{summed}, in {self.seconds:.1f} s.{would}"])
