from pathlib import Path

from pressroom.features.posts.importing.report import Outcome
from pressroom.features.posts.importing.walk import walk


def test_every_markdown_file_is_found_and_everything_left_out_has_a_reason(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "posts"
    for folder in (outside, root / "2024", root / ".git", root / "node_modules"):
        folder.mkdir(parents=True)
    for path in (
        "b.md",
        "2024/a.markdown",
        "UPPER.MD",
        ".hidden.md",
        ".git/c.md",
        "node_modules/d.md",
        "e.txt",
        "page.mdx",
    ):
        (root / path).write_text("words")
    (outside / "secret.md").write_text("secret")
    (root / "link.md").symlink_to(root / "b.md")
    (root / "away.md").symlink_to(outside / "secret.md")
    (root / "nowhere.md").symlink_to(root / "gone.md")
    (root / "folder").symlink_to(outside, target_is_directory=True)
    (root / "inner").symlink_to(root / "2024", target_is_directory=True)
    found = {each.path: (each.left_out, each.reason) for each in walk(root)}
    assert found == {
        "b.md": (None, ""),
        "2024/a.markdown": (None, ""),
        "UPPER.MD": (None, ""),
        "page.mdx": (Outcome.skipped, "mdx is code: not imported"),
        "link.md": (Outcome.duplicate, "a link to b.md"),
        "away.md": (Outcome.failed, "this link leads out of the folder; it is not read"),
        "nowhere.md": (Outcome.failed, "this link leads nowhere"),
        "folder": (Outcome.failed, "this link leads out of the folder; it is not followed"),
    }
