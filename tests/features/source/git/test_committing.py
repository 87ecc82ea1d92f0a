"""One file is committed, and whatever else somebody is doing in the working tree stays theirs."""

from pathlib import Path

import pytest
from tests.plugins.repositories import MakeRepository, Repository

from pressroom.features.source.git import find_tree
from pressroom.features.source.git.committing import Action, Committer, Front, Identity, Outcome, action_of, front_of
from pressroom.features.source.git.errors import GitBusy, GitDetached, GitRefused, GitUnfinished

ADA = Identity("Ada Lovelace", "ada@example.com")
OUT = "---\ntitle: Hello\ndate: 2024-02-03\n---\nWords.\n"
DRAFT = OUT.replace("date", "draft: true\ndate")
POST = "posts/hello.md"


@pytest.fixture
def repository(make_repository: MakeRepository) -> Repository:
    made = make_repository("blog")
    made.write("README.md", "A blog\n")
    made.write("layout.astro", "<slot />\n")
    made.commit_all("Begin")
    return made


async def commit(repository: Repository, path: str = POST, *, template: str = "{action}: {title}") -> Outcome:
    tree = find_tree(repository.top)
    assert tree is not None
    return await Committer(tree, code=False).commit(repository.top / path, template, ADA)


def committed(repository: Repository) -> list[str]:
    """The paths of the last commit."""
    return repository("show", "--format=", "--name-only", "HEAD").splitlines()


async def test_a_new_file_is_published_by_who_did_it(repository: Repository) -> None:
    repository.write(POST, OUT)
    made = await commit(repository)
    assert made.commit == repository("rev-parse", "HEAD")
    assert repository.log[0] == "Ada Lovelace <ada@example.com>: Publish: Hello"
    assert committed(repository) == [POST]
    assert repository("status", "--porcelain") == ""


async def test_everybody_else_s_changes_stay_as_they_are(repository: Repository) -> None:
    repository.write(POST, OUT)
    await commit(repository)
    repository.write("layout.astro", "<main><slot /></main>\n")
    repository.write("README.md", "Staged\n")
    repository("add", "README.md")
    repository.write("README.md", "Staged, and changed again\n")
    repository.write("untracked.md", "Not yours\n")
    before = repository("status", "--porcelain"), repository("diff", "--cached"), repository("diff")
    repository.write(POST, OUT.replace("Words", "More words"))
    await commit(repository)
    assert repository.log[0].endswith("Update: Hello")
    assert committed(repository) == [POST]
    assert (repository("status", "--porcelain"), repository("diff", "--cached"), repository("diff")) == before


async def test_taking_back_and_deleting_are_named_as_such(repository: Repository) -> None:
    for text, subject in ((OUT, "Publish"), (DRAFT, "Take back"), (OUT, "Publish"), (None, "Delete")):
        if text is None:
            (repository.top / POST).unlink()
        else:
            repository.write(POST, text)
        await commit(repository)
        assert repository.log[0].endswith(f"{subject}: Hello")
    assert POST not in repository("ls-tree", "-r", "--name-only", "HEAD")


async def test_what_readers_never_saw_is_not_committed(repository: Repository) -> None:
    repository.write(POST, DRAFT)
    assert "draft" in (await commit(repository)).note
    repository.write(POST, OUT.replace("date", "visibility: private\ndate"))
    assert (await commit(repository)).commit is None
    assert len(repository.log) == 1


async def test_nothing_new_makes_no_commit(repository: Repository) -> None:
    repository.write(POST, OUT)
    await commit(repository)
    assert (await commit(repository)) == Outcome(note=f"{POST} is committed already.")
    (repository.top / ".gitignore").write_text("secret/\n")
    repository.write("secret/a.md", OUT)
    assert (await commit(repository, "secret/a.md")).note == "git ignores secret/a.md."
    assert len(repository.log) == 2


async def test_a_commit_that_died_half_way_is_made_by_the_next_try(repository: Repository) -> None:
    repository.write(POST, OUT)
    repository("add", "--intent-to-add", POST)
    assert (await commit(repository)).commit
    repository.write(POST, OUT.replace("Words", "More words"))
    repository("add", POST)
    assert (await commit(repository)).commit
    assert (repository("status", "--porcelain"), len(repository.log)) == ("", 3)


@pytest.mark.parametrize("name", ["[a]*?.md", "-rf.md", ":(top)x.md", "你好 世界.md", "it's.md"])
async def test_odd_names_are_names(repository: Repository, name: str) -> None:
    repository.write("posts/a.md", OUT)
    repository.write(f"posts/{name}", OUT)
    await commit(repository, f"posts/{name}")
    assert repository("-c", "core.quotePath=false", "show", "--format=", "--name-only") == f"posts/{name}"


async def test_the_first_commit_of_all_is_made(make_repository: MakeRepository) -> None:
    empty = make_repository("empty")
    empty.write("other.md", "Not yours")
    empty.write(POST, OUT)
    await commit(empty)
    assert empty("ls-tree", "-r", "--name-only", "HEAD") == POST


async def test_the_message_is_what_the_template_says(repository: Repository) -> None:
    repository.write(POST, OUT.replace("Hello", "'# Ein {Titel}: \"x\"'"))
    await commit(repository, template="{action} {title} ({slug}, {path}) for {author}\n\nSigned")
    message = repository("log", "-1", "--format=%B")
    assert message == f'Publish # Ein {{Titel}}: "x" (hello, {POST}) for Ada Lovelace\n\nSigned'


async def test_hooks_and_signing_are_left_out(repository: Repository) -> None:
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"):
        hook = repository.top / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {repository.top}/{name}-ran\nexit 1\n")
        hook.chmod(0o755)
    repository("config", "commit.gpgSign", "true")
    repository("config", "gpg.program", "false")
    repository.write(POST, OUT)
    assert (await commit(repository)).commit
    assert list(repository.top.glob("*-ran")) == []


async def test_a_detached_head_is_refused(repository: Repository) -> None:
    repository("checkout", "--quiet", "--detach")
    repository.write(POST, OUT)
    with pytest.raises(GitDetached, match="Check one out"):
        await commit(repository)
    assert len(repository.log) == 1


async def test_in_the_middle_of_a_merge_nothing_is_committed(repository: Repository) -> None:
    repository("checkout", "--quiet", "-b", "other")
    repository.write("README.md", "Other\n")
    repository.commit_all()
    repository("checkout", "--quiet", "main")
    repository.write("README.md", "Main\n")
    repository.commit_all()
    with pytest.raises(AssertionError, match="CONFLICT"):
        repository("merge", "other")
    repository.write(POST, OUT)
    with pytest.raises(GitUnfinished, match="merge"):
        await commit(repository)


async def test_git_s_own_words_are_told(repository: Repository) -> None:
    repository.write(POST, OUT)
    lock = repository.top / ".git" / "refs" / "heads" / "main.lock"
    lock.touch()
    with pytest.raises(GitRefused, match=r"main\.lock"):
        await commit(repository)
    assert repository("status", "--porcelain", "--untracked-files=all") == f"?? {POST}", "it is as it was"
    lock.unlink()
    assert (await commit(repository)).commit


async def test_another_git_at_work_is_waited_for_and_then_tried_again(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pressroom.features.source.git.ready.PATIENCE", 0.2)
    repository.write(POST, OUT)
    (repository.top / ".git" / "index.lock").touch()
    with pytest.raises(GitBusy):
        await commit(repository)


def test_only_what_readers_notice_is_an_action() -> None:
    draft, out = Front("T", "t", is_out=False), Front("T", "t", is_out=True)
    wanted: dict[tuple[Front | None, Front | None], Action | None] = {
        (None, None): None,
        (None, draft): None,
        (None, out): "Publish",
        (draft, out): "Publish",
        (draft, draft): None,
        (out, out): "Update",
        (out, draft): "Take back",
        (out, None): "Delete",
        (draft, None): "Delete",
    }
    assert {pair: action_of(*pair) for pair in wanted} == wanted


def test_a_file_that_cannot_be_read_is_no_post() -> None:
    assert front_of(b"---\ntitle: [unclosed\n---\n", "posts/a.md") == Front("a", "a", is_out=False)
    assert front_of(None, "posts/a.md") is None
    assert front_of(OUT.encode(), str(Path(POST))) == Front("Hello", "hello", is_out=True)
