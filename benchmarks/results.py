"""What a measure says: one line for people, one object for machines."""

from dataclasses import asdict, dataclass
from typing import Any

HEADINGS = ("what", "ours", "reference", "ratio", "goal", "")
WIDTHS = (47, 18, 26, 7, 9, 8)


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound for the ratio where there is a reference (unless the result says otherwise), else for our own number."""

    at_least: float | None = None
    at_most: float | None = None

    def met_by(self, value: float) -> bool:
        low = self.at_least is None or value >= self.at_least
        return low and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        return f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table.

    `ratio` is ours ÷ reference: of pairs measured in turn, the median of their ratios.
    """

    what: str
    ours: float
    unit: str
    reference: float | None = None
    reference_name: str = ""
    ratio: float | None = None
    goal: Goal | None = None
    judges_ratio: bool = True

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; `None` where there is none."""
        judged = self.ratio if self.ratio is not None and self.judges_ratio else self.ours
        return None if self.goal is None else self.goal.met_by(judged)

    def as_dict(self) -> dict[str, Any]:
        goal = None if self.goal is None else str(self.goal)
        return asdict(self) | {"goal": goal, "met": self.met}

    def cells(self) -> tuple[str, ...]:
        """The result as a row of the table."""
        told = {None: "", True: "met", False: "NOT MET"}[self.met]
        reference = "" if self.reference is None else f"{self.reference_name} {amount(self.reference, self.unit)}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return self.what, amount(self.ours, self.unit), reference, ratio, str(self.goal or ""), told


class Table:
    """Rows as they come, for a terminal or as Markdown."""

    def __init__(self, *, markdown: bool) -> None:
        self._markdown = markdown
        self._print(HEADINGS)
        if markdown:
            self._print(("---",) * len(HEADINGS))

    def add(self, result: Result) -> None:
        self._print(result.cells())

    def _print(self, cells: tuple[str, ...]) -> None:
        aligned = " ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
        print(f"| {' | '.join(cells)} |" if self._markdown else aligned, flush=True)


def amount(value: float, unit: str) -> str:
    """A number with as many digits as mean something."""
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2 if value >= 0.1 else 4
    return f"{value:,.{digits}f} {unit}".rstrip()
