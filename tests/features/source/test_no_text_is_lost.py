"""Whatever is written here and on disk, in any order and with deaths in between, can be found again by a person."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.features.source.newsroom import Fate, Newsroom, refused
from tests.features.source.pens import Pen, for_good, tokens

from pressroom.features.posts.errors import PostChanged
from pressroom.features.posts.importing.mapping import is_draft
from pressroom.features.posts.schemas import PostChange
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.drafts import Drafts
from pressroom.features.posts.service.publishing import Publishing
from pressroom.features.posts.service.trash import Trash
from pressroom.features.posts.service.versions import Restoring
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.posts.words import Words
from pressroom.features.source.conflicts.service import Choice, Conflicts
from pressroom.features.source.errors import FolderEmpty
from pressroom.features.source.faithful import read
from pressroom.features.source.fields import words_in
from pressroom.features.source.scanning import ScanReport, scan
from pressroom.features.source.service import detach
from pressroom.kernel.errors import AppError
from pressroom.kernel.preconditions import ANY, Precondition, etag

AGREEING = """\
SELECT f.path, f.ours, f.base, p.title, p.content_raw, p.metadata, p.status
FROM source_files f JOIN posts p ON p.id = f.post_id
WHERE NOT f.gone AND f.error IS NULL AND f.conflict_id IS NULL AND NOT f.held AND p.deletion = ''
"""
NAMES = ("a.md", "b.md", "deep/c.md", "deep/d.md")
EDITS = ("body", "body", "body", "key", "title", "comment", "draft")
NUMBER = st.integers(0, 5)
QUIET = Fate("none")
DEATHS = st.builds(Fate, st.just("death"), st.integers(1, 8))
HANDS = st.builds(Fate, st.just("hand"), st.integers(1, 2))
FATES = st.one_of(st.just(QUIET), DEATHS, HANDS)
LONG_FATES = st.one_of(st.just(QUIET), st.builds(Fate, st.sampled_from(["death", "hand"]), st.integers(1, 40)))
Work = Callable[[], Awaitable[object]]


class Writers(RuleBasedStateMachine):
    """People at the panel and in the folder.

    `must` is what has to be found anywhere; `kept` is what was saved here or seen by a scan, and needs no file.
    """

    def __init__(self, template: Path, place: Path) -> None:
        super().__init__()
        self.room = Newsroom(place, template)
        self.loop = asyncio.Runner()
        self.pen = Pen()
        self.must: set[str] = set()
        self.kept: set[str] = set()
        self.typed: dict[str, str] = {}
        self.windows: dict[str, tuple[int, dict[str, Any]]] = {}
        self.is_dead = False

    @initialize()
    def begin(self) -> None:
        for name in NAMES[1:3]:
            self.by_hand(partial(self.room.write, name, self.pen.manuscript()))
        self.actor = self.loop.run(self.room.begin())
        self.kept = for_good(self.must)

    def teardown(self) -> None:
        try:
            self.settle()
        finally:
            self.loop.run(self.room.end())
            self.loop.close()

    # On disk

    @rule(at=NUMBER, kind=st.sampled_from(EDITS), line=NUMBER, aside=st.booleans())
    def edit_on_disk(self, at: int, kind: str, line: int, *, aside: bool) -> None:
        if files := self.room.files:
            self.edit(files[at % len(files)], kind, line, aside=aside)

    @rule(
        at=NUMBER, kind=st.sampled_from(["write", "rename", "delete"]), name=st.sampled_from(NAMES), crlf=st.booleans()
    )
    def arrange_on_disk(self, at: int, kind: str, name: str, *, crlf: bool) -> None:
        files = self.room.files
        if kind == "write" or not files:
            self.by_hand(partial(self.room.write, name, self.pen.manuscript("\r\n" if crlf else "\n"), aside=crlf))
        elif kind == "rename" and name not in files:
            self.by_hand(partial(self.room.rename, files[at % len(files)], name))
        elif kind == "delete" and len(files) > 1:
            self.by_hand(self.room.path(files[at % len(files)]).unlink)

    def edit(self, name: str, kind: str, line: int, *, aside: bool = False) -> None:
        data = self.pen.edited(self.room.path(name).read_bytes(), kind, line)
        self.by_hand(partial(self.room.write, name, data, aside=aside))

    def by_hand(self, change: Callable[[], object]) -> None:
        """What a person takes away from the disk, and no scan has seen, need not be found."""
        before = self.room.on_disk()
        change()
        after = self.room.on_disk()
        self.must = (self.must - (before - after - self.kept)) | after

    # In the panel

    @rule(
        at=NUMBER,
        kind=st.sampled_from(["content", "content", "title", "own"]),
        line=NUMBER,
        old=st.booleans(),
        fate=FATES,
    )
    def save(self, at: int, kind: str, line: int, fate: Fate, *, old: bool) -> None:
        """From a window that was just opened, or from the `old` one of the save before."""
        if post := self.post(at):
            now = (post["version"], _fields(post))
            version, shown = self.windows.get(post["id"], now) if old else now
            self.windows[post["id"]] = now
            self.insist(post["id"], self.pen.changes(shown, kind, line), version, fate)

    def insist(self, ref: str, fields: dict[str, Any], version: int, fate: Fate) -> None:
        """As a writer does who is told that the post has changed: sends what has both, or the same once more."""
        new = tokens(fields) - self.room.kept() - self.room.on_disk()
        for _ in range(4):
            refusal = self.act(partial(self.update, ref, fields, version), fate, near=ref, writes=new)
            if not isinstance(refusal, PostChanged):
                return
            assert new <= tokens(refusal.details["yours"]), "the answer lacks words that were not saved"
            fate = QUIET
            self.scan()
            version = self.room.rows("SELECT version FROM posts WHERE id = ?", ref)[0]["version"]
            if merged := refusal.details.get("merged"):
                assert new <= tokens(merged), "the offer lacks words of its writer"
                fields, version = PostChange.model_validate(merged).changes(), refusal.details["current"]["version"]

    @rule(is_draft=st.booleans(), fate=FATES)
    def create(self, fate: Fate, *, is_draft: bool) -> None:
        words = Words(title=f"About {self.pen.word()}", content=f"{self.pen.word()}\n\n{self.pen.word()}\n")
        work = partial(self.at_desk, lambda desk: Writing(desk).create(self.actor, words, draft=is_draft))
        self.act(work, fate, writes=tokens(words.title, words.content))

    @rule(at=NUMBER, fate=FATES)
    def autosave(self, at: int, fate: Fate) -> None:
        """What was typed before is replaced by its own writer."""
        if post := self.post(at):
            new = self.pen.word()
            typed = {"content": f"{post['content_raw']}\n{new}\n"}
            said: dict[str, Any] = {"based_on": post["version"], "wanted": ANY, "strict": False}
            work = partial(self.at_desk, lambda desk: Drafts(desk).save(self.actor, post["id"], typed, **said))
            if self.act(work, fate, near=post["id"]) is None:
                self.must.discard(self.typed.pop(post["id"], ""))
                if not self.is_dead:
                    self.typed[post["id"]] = new
                    self.must.add(new)

    @rule(at=NUMBER, fate=FATES)
    def publish_what_was_typed(self, at: int, fate: Fate) -> None:
        if drafts := self.room.rows("SELECT post_id, counter FROM post_drafts ORDER BY rowid"):
            ref, counter = drafts[at % len(drafts)]
            written = {self.typed[ref]} if ref in self.typed else set[str]()
            publish = lambda desk: Publishing(desk, Writing(desk)).publish(self.actor, ref, take_draft=counter)  # noqa: E731
            if self.act(partial(self.at_desk, publish), fate, near=ref, writes=written) is None:
                self.typed.pop(ref, None)

    @rule(at=NUMBER, what=st.sampled_from(["publish", "unpublish", "archive", "trash", "trash", "version"]), fate=FATES)
    def stand(self, at: int, what: str, fate: Fate) -> None:
        if post := self.post(at):
            self.act(partial(self.at_desk, partial(self.move, post, what)), fate, near=post["id"])

    def move(self, post: Any, what: str, desk: Desk) -> Awaitable[object]:
        ref = post["id"]
        if what == "version":
            number = (post["version"] + 1) // 2
            return Restoring(desk, Writing(desk)).restore(self.actor, ref, number, wanted=ANY)
        if what == "trash":
            trash = Trash(desk)
            return trash.restore(self.actor, ref) if post["deletion"] else trash.delete(self.actor, ref)
        done: Awaitable[object] = getattr(Publishing(desk, Writing(desk)), what)(self.actor, ref)
        return done

    @rule(take=st.sampled_from(["ours", "theirs", "text"]), line=NUMBER, fate=FATES)
    def resolve(self, take: Any, line: int, fate: Fate) -> None:
        open_ones = "SELECT * FROM source_conflicts WHERE resolved_at IS NULL ORDER BY rowid"
        for conflict in self.room.rows(open_ones)[:1]:
            text = self.pen.edited(conflict["theirs"], "body", line).decode()
            choice = Choice(text=text) if take == "text" else Choice(take=take)
            written = tokens(text) - tokens(conflict["theirs"]) if take == "text" else set[str]()
            work = partial(self.decide, UUID(conflict["id"]), choice, conflict["version"])
            self.act(work, fate, near=conflict["post_id"], writes=written)

    async def decide(self, conflict_id: UUID, choice: Choice, version: int) -> None:
        await Conflicts(self.room.opened()).resolve(self.actor, conflict_id, choice, wanted=_seen(version))

    async def update(self, ref: str, fields: dict[str, Any], version: int) -> None:
        change = Change(words=fields)
        await self.at_desk(lambda desk: Writing(desk).update(self.actor, ref, change, wanted=_seen(version)))

    async def at_desk(self, work: Callable[[Desk], Awaitable[object]]) -> None:
        services = self.room.opened()
        async with services.unit() as unit:
            await work(Desk(services, unit))

    def post(self, at: int) -> Any:
        found = self.room.rows("SELECT * FROM posts ORDER BY rowid")
        return found[at % len(found)] if found else None

    # The program by itself

    @rule(fate=LONG_FATES)
    def look(self, fate: Fate) -> None:
        self.scan(fate)

    def scan(self, fate: Fate = QUIET) -> ScanReport | None:
        """What is left alone meanwhile, and not listed, is a version afterwards."""
        before = {name: tokens(self.room.path(name).read_bytes()) for name in self.room.files}
        reports: list[ScanReport] = []

        async def look() -> None:
            reports.append(await scan(self.room.opened()))

        refusal = self.act(look, fate)
        assert refusal is None or isinstance(refusal, FolderEmpty), refusal
        if not reports or fate is not QUIET:
            return None
        seen = [words for name, words in before.items() if name not in reports[0].failed]
        self.kept |= for_good(set().union(*seen))
        return reports[0]

    @rule(
        at=NUMBER,
        meanwhile=st.lists(st.sampled_from(["disk", "save", "unpublish", "archive", "trash"]), max_size=3),
        line=NUMBER,
        fate=LONG_FATES,
    )
    def let_go_and_come_back(self, at: int, meanwhile: list[str], line: int, fate: Fate) -> None:
        """Dying while the folder is attached again leaves that to do."""
        self.act(lambda: detach(self.room.opened()))
        self.room.clock.move(minutes=1)
        for each in meanwhile:
            if each == "disk":
                self.edit_on_disk(at, "body", line, aside=False)
            elif each == "save":
                self.save(at, "content", line, QUIET, old=False)
            else:
                self.stand(at, each, QUIET)
        for attempt in (fate, QUIET):
            self.act(self.room.attach, attempt)

    @rule(fate=LONG_FATES)
    def work(self, fate: Fate) -> None:
        self.act(self.room.work, fate)

    @rule(fate=FATES)
    def stop_and_start(self, fate: Fate) -> None:
        self.loop.run(self.room.end())
        self.act(self.room.start, fate)

    def act(self, work: Work, fate: Fate = QUIET, *, near: str = "", writes: set[str] | None = None) -> AppError | None:
        """Lets the program do something, after a start if it is dead; what it acknowledges it must keep.

        A hand on the disk changes the file of the post `near`, or any.
        """
        if self.is_dead:
            self.is_dead = False
            self.loop.run(self.room.start())
        refusal = None
        with fate.befalls(partial(self.interfere, near, fate.at)) as died:
            refusal = self.loop.run(refused(work))
        if died():
            self.loop.run(self.room.end())
            self.room.clock.move(hours=1)
            self.is_dead = True
        elif refusal is None and writes:
            self.kept |= writes
            self.must |= writes
        return refusal

    def interfere(self, near: str, at: int) -> None:
        files = self.room.files
        known = [row["path"] for row in self.room.rows("SELECT path FROM source_files WHERE post_id = ?", near)]
        for name in [each for each in known or files[at % 2 :] if each in files][:1]:
            self.edit(name, "body", at)

    # What must hold

    @invariant()
    def every_text_is_found(self) -> None:
        there, kept = self.room.on_disk(), self.room.kept()
        lost, loose = self.must - there - kept, self.kept - kept
        assert not lost, f"found nowhere: {sorted(lost)}"
        assert not loose, f"found nowhere but in files: {sorted(loose)}"
        assert not [name for name in self.room.files if b"<<<<<<<" in self.room.path(name).read_bytes()]

    @invariant()
    def a_whole_release_is_live(self) -> None:
        assert (self.room.live / "index.html").exists()

    def settle(self) -> None:
        """A start, the jobs and a look, after which nothing is left to do: file and row agree."""
        if not self.room.files:
            self.by_hand(partial(self.room.write, NAMES[0], self.pen.manuscript()))
        self.act(self.room.start)
        self.act(partial(self.room.work, seconds=61))
        report = self.scan()
        assert report
        assert not any(getattr(report, kind) for kind in ("created", "updated", "renamed", "archived", "merged"))
        self.every_text_is_found()
        assert self.room.rows("SELECT * FROM source_intents") == []
        for file in self.room.rows(AGREEING):
            self.check_agrees(file)
        self.check_site()

    def check_agrees(self, file: Any) -> None:
        assert (file["ours"], file["base"]) == (None, None)
        document = read(self.room.path(file["path"]).read_bytes())
        there = words_in(document, file["path"])
        found = (is_draft(dict(document.values)), there.title, there.content, dict(there.frontmatter))
        hidden = file["status"] in {"draft", "archived"}
        row = (hidden, file["title"], file["content_raw"].replace("\r\n", "\n"), json.loads(file["metadata"]))
        assert found == row, f"{file['path']} holds {found}, its row {row}"

    def check_site(self) -> None:
        """Readers see the posts that are published, as they are, and no other."""
        errors = self.room.rows("SELECT kind, error FROM jobs WHERE error LIKE '%internal%'")
        assert [tuple(each) for each in errors] == []
        public = self.room.rows("SELECT slug, title FROM posts WHERE public_at IS NOT NULL")
        pages = {path.parent.name: path.read_text() for path in self.room.live.glob("posts/*/index.html")}
        assert set(pages) == {post["slug"] for post in public}
        assert [post["title"] for post in public if post["title"] not in pages[post["slug"]]] == []


def _fields(post: Any) -> dict[str, Any]:
    return {"content": post["content_raw"], "frontmatter": json.loads(post["metadata"])}


def _seen(version: int) -> Precondition:
    return Precondition(frozenset({etag(version)}))


@pytest.mark.timeout(300)
def test_no_text_is_lost(sqlite_template: Path, tmp_path: Path) -> None:
    class Here(Writers):
        def __init__(self) -> None:
            super().__init__(sqlite_template, tmp_path)

    # A shorter way to a failure is not looked for: that would take minutes, and twenty steps can be read.
    size = settings(max_examples=12, stateful_step_count=20, phases=[Phase.generate], deadline=None)
    run_state_machine_as_test(Here, settings=settings(size, suppress_health_check=list(HealthCheck)))
