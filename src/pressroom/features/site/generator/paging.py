"""How a list that grows is cut into pages that stay.

Numbered pages count from the *oldest* post. The front of a list (home, a tag's page) shows the newest N to 2N-1
posts; once it would hold 2N, the older N become a numbered page of their own. The oldest such page is number 2 (the
front is page 1), so `/page/2/` exists as soon as there is more than one page, and `/page/7/` shows the same ten posts
for good. A page is written when it is filled and once more when the next one is, because its "Newer" link then
moves from the front to that page; publishing never touches any other. Only removing or backdating a post shifts
the pages that are newer than it.
"""

from dataclasses import dataclass

FRONT = 1


@dataclass(frozen=True, slots=True)
class Paging:
    """The pages of a list of `total` posts, `size` to a page."""

    total: int
    size: int

    @property
    def last(self) -> int:
        """The highest page number: 1 when the front holds everything."""
        return max(FRONT, self.total // self.size)

    def span(self, number: int) -> tuple[int, int]:
        """The positions (oldest first, end excluded) that a page shows."""
        if number == FRONT:
            return (self.last - 1) * self.size, self.total
        return (number - 2) * self.size, (number - 1) * self.size

    def page_of(self, position: int) -> int:
        """The page that shows the post at a position."""
        number = position // self.size + 2
        return number if number <= self.last else FRONT

    def newer(self, number: int) -> int | None:
        """The page after which to look for newer posts."""
        if number == FRONT:
            return None
        return number + 1 if number < self.last else FRONT

    def older(self, number: int) -> int | None:
        """The page on which older posts go on."""
        if number == FRONT:
            return self.last if self.last > FRONT else None
        return number - 1 if number > FRONT + 1 else None

    def changed_since(self, before: "Paging", start: int) -> set[int]:
        """Pages that differ, or are gone, when all posts before position `start` are the same in both."""
        numbers = {FRONT, *range(start // self.size + 2, max(self.last, before.last) + 1)}
        if self.last != before.last:
            lower = min(self.last, before.last)
            numbers |= set(range(lower, max(self.last, before.last) + 1))
        return numbers
