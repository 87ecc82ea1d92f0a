"""From old values and new ones to the fewest replacements of text."""

from collections.abc import Mapping
from difflib import SequenceMatcher

from pressroom.features.source.faithful.arranging import arrange
from pressroom.features.source.faithful.drafting import Draft, New, Plan
from pressroom.features.source.faithful.tree import Entry, Node
from pressroom.features.source.faithful.values import essence, same

# A new key is put after the nearest of those that come before it here; any other at the end.
_ORDER = (
    "title", "published", "description", "tags", "first_level_category", "second_level_category", "author", "draft",
    "cover", "sourceLink", "licenseName", "licenseUrl", "readingMetadata",
)  # fmt: skip


def edit_map(draft: Draft, node: Node, old: Mapping[str, object], new: Mapping[str, object]) -> None:
    """Make the map at `node`, which says `old`, say `new`.

    Raises:
        CannotEdit: a value to be changed is tied to others, or is not written here.
    """
    entries = {entry.key: entry for entry in node.entries}
    for key in old:
        if key not in entries and not (key in new and same(old[key], new[key])):
            draft.refuse(node.start, f"“{key}” comes from the merge key <<; change it where it is written.")
        if key in entries and key in new:
            _edit_value(draft, entries[key], old[key], new[key], flow=node.style == "flow")
    kept: list[Entry | New] = [entry for entry in node.entries if entry.key in new or entry.key not in old]
    for key in new:
        if key not in old:
            # Where nothing stands yet, they come in the order in which they are given.
            kept.insert(_place(kept, key) if old else len(kept), New(new[key], key))
    arrange(draft, node, kept)


def _place(plan: Plan, key: str) -> int:
    """Where a new key goes; never behind a table of TOML, which would swallow it."""
    before = _ORDER[: _ORDER.index(key)] if key in _ORDER else ()
    written = [(index, each) for index, each in enumerate(plan) if isinstance(each, New) or not each.is_table]
    near = [index for index, each in written if each.key in before]
    return max(near or [index for index, _ in written], default=-1) + 1


def _edit_list(draft: Draft, node: Node, old: list[object], new: list[object]) -> None:
    plan: list[Entry | New] = []
    matcher = SequenceMatcher(None, [*map(essence, old)], [*map(essence, new)], autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        pairs = min(b - a, d - c)
        for entry, before, after in zip(node.entries[a : a + pairs], old[a:], new[c:], strict=False):
            _edit_value(draft, entry, before, after, flow=node.style == "flow")
        plan += [*node.entries[a : a + pairs], *(New(value) for value in new[c + pairs : d])]
    arrange(draft, node, plan)


def _edit_value(draft: Draft, entry: Entry, old: object, new: object, *, flow: bool) -> None:
    node = entry.value
    if same(old, new):
        return
    draft.check(entry)
    match old, new:
        case dict(), dict() if entry.is_table or (old and new and not _is_another(entry, old, new, flow=flow)):
            edit_map(draft, node, old, new)
        case list(), list() if old and new:
            _edit_list(draft, node, old, new)
        case _:
            draft.check(entry, within=True)
            _replace(draft, entry, new, flow=flow)


def _is_another(entry: Entry, old: Mapping[str, object], new: Mapping[str, object], *, flow: bool) -> bool:
    """Whether a map beside a dash has none of its keys left, so that nothing of it can stay there."""
    return entry.key is None and not flow and not old.keys() & new.keys()


def _replace(draft: Draft, entry: Entry, new: object, *, flow: bool) -> None:
    """Write a value in the place of one of another kind, or a scalar in the place of a scalar."""
    page, node = draft.page, entry.value
    indent = page.column(entry.start)
    if entry.is_table:
        draft.refuse(entry.start, f"“{entry.key}” is a table; change it in the file.")
    if node.kind == "scalar" and not isinstance(new, dict | list):
        written = page.text[node.start : node.end]
        style = node.style if written else None
        _swap(draft, entry, draft.writer.scalar(new, style=style, written=written, indent=indent, flow=flow))
    elif flow:
        _swap(draft, entry, draft.writer.inline(new, style=None))
    elif entry.key is None:
        draft.put(entry.mark, entry.end, draft.writer.item(new, indent=indent, style=None)[1:])
    else:
        _swap_below(draft, entry, draft.writer.after(new, indent=indent))


def _swap(draft: Draft, entry: Entry, text: str) -> None:
    """Put a value where one stands; a comment on its first line stays there."""
    node = entry.value
    first, line_break, rest = text.partition("\n")
    if node.start == node.end:
        draft.put(entry.mark, entry.mark, f" {first}")
    else:
        draft.put(node.start, node.end, first + _comment_beside(draft, node))
    if line_break:
        line_end = draft.page.line_end(node.end)
        draft.put(line_end, line_end, line_break + rest)


def _comment_beside(draft: Draft, node: Node) -> str:
    header = draft.page.text[node.start : draft.page.line_end(node.start)]
    found = header.find("#") if node.style in {"|", ">"} else -1
    return header[len(header[:found].rstrip()) :] if found > 0 else ""


def _swap_below(draft: Draft, entry: Entry, text: str) -> None:
    """Put a value after its key or below it; a comment beside the key stays there."""
    page, node = draft.page, entry.value
    key_line = page.line_end(entry.mark)
    was_below, is_below = page.line_start(node.start) > entry.mark, text.startswith("\n")
    if was_below and is_below:
        draft.put(key_line, entry.end, text)
    elif was_below:
        first, line_break, rest = text.partition("\n")
        draft.put(entry.mark, entry.mark, first)
        draft.put(key_line, entry.end, line_break + rest)
    elif is_below:
        end = page.line_end(entry.end)
        draft.put(entry.mark, entry.end, _comment_beside(draft, node))
        draft.put(end, end, text)
    else:
        _swap(draft, entry, text.lstrip())
