"""Which entries of a list or a map stay, go and come: by lines in a block, by commas between brackets."""

from pressroom.features.source.faithful.drafting import Draft, New, Plan, runs, style_of_items
from pressroom.features.source.faithful.tree import Entry, Node


def arrange(draft: Draft, node: Node, plan: Plan) -> None:
    """Leave the entries of `plan`, in their order in the file, with the new ones in between.

    Raises:
        CannotEdit: an entry to be taken out is tied to others, or shares its line with a dash.
    """
    gone = [entry for entry in node.entries if entry not in plan]
    for entry in gone:
        draft.check(entry, within=True)
    if len(plan) == len(node.entries) and not gone:
        return
    if node.style == "flow":
        _Brackets(draft, node).arrange(plan)
    else:
        _Lines(draft, node).arrange(plan, gone)


class _Lines:
    """A list or a map with its entries on lines of their own."""

    def __init__(self, draft: Draft, node: Node) -> None:
        self._draft = draft
        self._page = draft.page
        self._node = node
        self._column = self._page.column(node.entries[0].start) if node.entries else 0

    def arrange(self, plan: Plan, gone: list[Entry]) -> None:
        for entry in self._without_head(gone):
            self._cut(entry)
        for before, news, _ in runs(plan):
            lines = [" " * self._column + self._line(new) for new in news]
            if not lines:
                continue
            if before is None:
                self._put_first(lines)
            else:
                self._put_lines(self._page.next_line(before.end), lines)

    def _line(self, new: New) -> str:
        if new.key is None:
            return self._draft.writer.item(new.value, indent=self._column, style=style_of_items(self._node))
        written = self._draft.writer.entry(new.key, new.value, indent=self._column, flow=False)
        return self._node.prefix + written

    def _put_first(self, lines: list[str]) -> None:
        first = next((entry for entry in self._node.entries if not entry.is_table), None)
        if first is None:
            self._put_lines(self._page.next_line(self._node.end), lines)
        elif self._page.begins_line(first.start):
            self._put_lines(self._page.line_start(first.start), lines)
        else:
            indent = " " * self._column
            self._draft.put(first.start, first.start, "".join(f"{line.lstrip()}\n{indent}" for line in lines))

    def _put_lines(self, position: int, lines: list[str]) -> None:
        self._draft.put(position, position, "".join(f"{line}\n" for line in lines))

    def _cut(self, entry: Entry) -> None:
        page, table = self._page, entry.value
        if entry.is_table:
            for inner in table.entries:
                self._cut(inner)
            if not table.prefix and table.end > table.start:
                self._draft.put(page.line_start(table.start), page.next_line(table.end), "")
        else:
            self._draft.put(page.line_start(entry.start), page.next_line(entry.end), "")

    def _without_head(self, gone: list[Entry]) -> list[Entry]:
        """Where the first entry shares its line with a dash, the first that stays moves up to it."""
        entries = self._node.entries
        if not gone or gone[0] is not entries[0] or gone[0].is_table or self._page.begins_line(gone[0].start):
            return gone
        size = next((size for size, entry in enumerate(entries) if entry not in gone), len(entries))
        last, following = entries[size - 1], entries[size] if size < len(entries) else None
        if following is None or self._page.text[self._page.next_line(last.end) : following.start].strip():
            self._draft.refuse(gone[0].start, "This entry shares its line with a dash; change it in the file.")
        self._draft.put(gone[0].start, following.start, "")
        return gone[size:]


class _Brackets:
    """A list or a map between brackets."""

    def __init__(self, draft: Draft, node: Node) -> None:
        self._draft = draft
        self._page = draft.page
        self._text = draft.page.text
        self._node = node

    def arrange(self, plan: Plan) -> None:
        entries = self._node.entries
        if not entries:
            self._draft.put(self._node.start + 1, self._node.end - 1, ", ".join(self._written(plan)))
        elif not any(isinstance(each, Entry) for each in plan):
            self._draft.put(entries[0].start, entries[-1].end, self._separator().join(self._written(plan)))
        else:
            for before, news, after in runs(plan):
                self._fill(before, self._written(news), after)

    def _written(self, news: Plan) -> list[str]:
        writer, style = self._draft.writer, style_of_items(self._node)
        return [
            writer.inline(new.value, style=style)
            if new.key is None
            else writer.entry(new.key, new.value, indent=0, flow=True)
            for new in news
            if isinstance(new, New)
        ]

    def _fill(self, before: Entry | None, news: list[str], after: Entry | None) -> None:
        entries = self._node.entries
        if not news and self._neighbours(before, after):
            return
        if before is None and after is not None:
            self._draft.put(entries[0].start, after.start, self._each_before(news))
        elif before is not None and after is not None:
            gap = self._text[before.end : entries[entries.index(before) + 1].start]
            self._draft.put(before.end, after.start, gap + self._each_before(news))
        elif before is not None:
            self._fill_end(before, news)

    def _neighbours(self, before: Entry | None, after: Entry | None) -> bool:
        line = [None, *self._node.entries, None]
        return line[line.index(before) + 1 if before else 1] is after

    def _each_before(self, news: list[str]) -> str:
        return "".join(new + self._separator() for new in news)

    def _fill_end(self, before: Entry, news: list[str]) -> None:
        last, separator = self._node.entries[-1], self._separator()
        after = min(self._page.line_end(last.end), self._node.end - 1)
        if "#" not in self._text[before.end : last.start] + self._text[last.end : after]:
            self._draft.put(before.end, last.end, "".join(separator + new for new in news))
            return
        # Comments stand beside the items: each item keeps its own.
        own = self._text[before.end : self._page.line_end(before.end)]
        comma = "" if own.lstrip().startswith(",") else ","
        indent = " " * self._page.column(before.start)
        self._draft.put(before.end, after, f"{comma}{own}" + "".join(f"\n{indent}{new}," for new in news))

    def _separator(self) -> str:
        """What stands between two items here, without comments."""
        first, *others = self._node.entries
        gap = self._text[first.end : others[0].start] if others else ""
        if gap and not gap.replace(",", "", 1).strip():
            return gap.replace("\r\n", "\n")
        if self._page.begins_line(first.start):
            return ",\n" + " " * self._page.column(first.start)
        return ", "
