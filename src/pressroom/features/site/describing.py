"""What the command line says of releases and of what differs between them."""

from collections.abc import Sequence

from pressroom.features.posts.showings import Difference
from pressroom.features.site.schemas import ChangeCounts, PostChange, ReleaseDetail, ReleaseOut, WordsBack

SHOWN = 50
SLUG = 40

_BY_GOING_BACK = {
    Difference.newer: "no longer see",
    Difference.brought_back: "no longer see",
    Difference.changed: "see as it was",
    Difference.hidden: "see again",
    Difference.unseen: "see now",
}
_WHY = {
    Difference.newer: "newer than the release",
    Difference.brought_back: "hidden at that time",
    Difference.hidden: "hidden since",
    Difference.unseen: "newer than what is live",
}


def release_line(release: ReleaseOut) -> str:
    """One release: when, how much, and how it stands."""
    marks = [word for word, holds in (("live", release.is_live), ("pinned", release.is_pinned)) if holds]
    since = [f"{release.changed_since} changed since"] if release.changed_since else []
    told = ", ".join([f"{release.posts} posts", *since, *marks])
    return f"{release.id}  {release.created_at:%Y-%m-%d %H:%M:%S}Z  {told}"


def before_activating(release: ReleaseDetail, *, words: bool) -> str:
    """What taking a release live will change, as a table."""
    lines = [release_line(release)]
    if not release.changes:
        lines.append("Readers will see the same posts as now.")
    else:
        lines += ["Readers will", *_table(release.changes, release.counts)]
    if words:
        lines.append(f"Words of this release come back as new versions: {_posts(release.words)}.")
    return "\n".join(lines)


def waiting_line(counts: ChangeCounts) -> str:
    """What is published and not live, in a line; empty when nothing is."""
    if not counts.total:
        return ""
    kinds = (
        ("new", counts.newer + counts.brought_back),
        ("changed", counts.changed),
        ("hidden", counts.hidden),
    )
    return f"{_posts(counts.total)} had waited: " + ", ".join(f"{count} {kind}" for kind, count in kinds if count)


def words_lines(done: WordsBack) -> str:
    """What bringing words back came to, and each post that was left as it is."""
    lines = [f"Words brought back: {_posts(done.restored)}; {done.same} had them."]
    lines += [f"  refused    {each.slug}: {each.message}" for each in done.refusals]
    lines += [f"  left       {each.slug}: {_WHY[each.kind]}" for each in done.left_alone]
    if unlisted := done.refused + done.left - len(done.refusals) - len(done.left_alone):
        lines.append(f"  … and {unlisted} more")
    return "\n".join(lines)


def _table(changes: Sequence[PostChange], counts: ChangeCounts) -> list[str]:
    width = min(SLUG, max(len(each.slug) for each in changes))
    lines = [
        f"  {_BY_GOING_BACK[each.kind]:<13}  {each.slug:<{width}}  {_why(each):<23}  {each.title_then}"
        for each in changes
    ]
    return lines + ([f"  … and {counts.total - len(changes)} more"] if counts.total > len(changes) else [])


def _why(change: PostChange) -> str:
    if change.kind is Difference.changed:
        return f"version {change.version_now} → {change.version_then}"
    return _WHY[change.kind]


def _posts(count: int) -> str:
    return "1 post" if count == 1 else f"{count} posts"
