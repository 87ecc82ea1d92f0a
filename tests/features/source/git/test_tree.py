"""What the files of a working tree say, made by the real git."""

from pathlib import Path

from tests.plugins.repositories import MakeRepository

from pressroom.features.source.git import find_tree


def test_a_folder_deep_inside_is_in_the_tree(make_repository: MakeRepository) -> None:
    repository = make_repository("blog")
    file = repository.write("src/content/posts/a.md", "A")
    repository.commit_all()
    tree = find_tree(file.parent)
    assert tree is not None
    assert (tree.top, tree.branch, tree.unfinished) == (repository.top, "main", None)
    assert tree.path_of(file) == "src/content/posts/a.md"


def test_a_folder_outside_is_in_none(tmp_path: Path) -> None:
    assert find_tree(tmp_path) is None


def test_a_linked_tree_and_a_submodule_are_their_own(make_repository: MakeRepository) -> None:
    words, blog = make_repository("words"), make_repository("blog")
    words.write("a.md", "A")
    words.commit_all()
    words("worktree", "add", "--quiet", "-b", "drafts", "../linked")
    linked = find_tree(words.top.parent / "linked")
    assert linked is not None
    assert (linked.branch, linked.git.parent) == ("drafts", words.top / ".git" / "worktrees")

    blog("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(words.top), "content")
    inner = find_tree(blog.top / "content")
    assert inner is not None
    assert (inner.top, inner.git) == (blog.top / "content", blog.top / ".git" / "modules" / "content")


def test_what_waits_is_named(make_repository: MakeRepository) -> None:
    repository = make_repository("blog")
    repository.write("a.md", "A")
    first = repository.commit_all()
    repository("checkout", "--quiet", "-b", "other")
    repository.write("a.md", "B")
    repository.commit_all()
    repository("checkout", "--quiet", "main")
    repository.write("a.md", "C")
    repository.commit_all()
    tree = find_tree(repository.top)
    assert tree is not None
    for words in (("merge",), ("rebase",), ("cherry-pick",)):
        before = tree.stamp()
        repository("config", "rerere.enabled", "false")
        try:
            repository(*words, "other")
        except AssertionError as conflict:
            assert "CONFLICT" in str(conflict)  # noqa: PT017  # git says so with its exit code, too
        assert tree.unfinished == words[0]
        assert tree.stamp() != before
        repository(*words, "--abort")
        assert tree.unfinished is None
    repository("checkout", "--quiet", first)
    assert tree.branch is None
