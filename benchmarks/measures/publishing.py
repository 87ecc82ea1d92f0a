"""From the moment a publish request is sent to the moment readers see the post."""

import resource
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.context import Context, say
from benchmarks.editor import Editor
from benchmarks.exchange import exchange
from benchmarks.measures.searching import p95
from benchmarks.processes import Server
from benchmarks.publication import Publication
from benchmarks.results import Goal, Result

SMALL, LARGE = 1_000, 10_000
POLL_SECONDS = 0.001
GIVE_UP_SECONDS = 30.0
WORDS = "# A heading\n\nSome **new** words, a [link](https://example.com/) and `code`.\n\n" * 20


def measure(context: Context) -> Iterable[Result]:
    """Publish → API and page, at 1,000 posts and at 10,000."""
    api, small = time_publishing(context, SMALL)
    yield Result("publish → new public answer, median", statistics.median(api), "ms", goal=Goal(at_most=15))
    yield Result("publish → new public answer, p95", p95(api), "ms")
    yield Result("publish → new page live, 1,000 posts, median", statistics.median(small), "ms", goal=Goal(at_most=75))
    yield Result("publish → new page live, 1,000 posts, p95", p95(small), "ms")
    _, large = time_publishing(context, LARGE)
    yield beside("publish → new page live, 10,000 posts, median", statistics.median(large), statistics.median(small))
    yield beside("publish → new page live, 10,000 posts, p95", p95(large), p95(small))


def beside(what: str, large: float, small: float) -> Result:
    goal = Goal(at_most=4) if what.endswith("median") else None
    return Result(what, large, "ms", reference=small, reference_name="1,000 posts", ratio=large / small, goal=goal)


def measure_full_build(context: Context) -> Iterable[Result]:
    """CPU seconds, user and system, of the whole command that makes every page of 1,000 posts anew."""
    publication = context.publication(SMALL)
    say("building the whole site of 1,000 posts")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    publication.run("site", "build", "--all", "--json")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    yield Result("full build of 1,000 posts, whole process", seconds, "CPU s", goal=Goal(at_most=5))


def time_publishing(context: Context, posts: int) -> tuple[list[float], list[float]]:
    """Milliseconds until the API, and until the page, for one new post after the other; idle in between."""
    publication = context.publication(posts)
    samples = context.effort.samples
    say(f"publishing {samples * 2} posts, one at a time, at {posts:,}")
    with publication.serving() as server:
        editor = Editor.sign_in(server)
        drafts = [draft(editor, f"New {posts} {number} {time.time_ns()}") for number in range(samples * 2 + 1)]
        first, *rest = [Publish(publication, server, editor, *one) for one in drafts]
        first.milliseconds_until("/posts/{}/")  # the first build after a start looks at everything once
        api = [one.milliseconds_until("/api/v1/posts/{}") for one in rest[::2]]
        pages = [one.milliseconds_until("/posts/{}/") for one in rest[1::2]]
    return api, pages


def draft(editor: Editor, title: str) -> tuple[str, str]:
    """A new draft's slug and ETag."""
    answer = editor.create(title, WORDS, tags=["news"], first_level_category="News", second_level_category="Today")
    return answer.json()["slug"], answer.headers["etag"]


@dataclass(frozen=True, slots=True)
class Publish:
    """One draft that is going to be published."""

    publication: Publication
    server: Server
    editor: Editor
    slug: str
    version: str

    def milliseconds_until(self, address: str) -> float:
        """From sending the request to the first answer that shows the post; starts when no build is at work."""
        self.publication.wait_until_built()
        path = address.format(self.slug)
        readers = self.server.connect()
        exchange(readers, "GET", path).expect(404)
        started = time.perf_counter()
        self.editor.publish(self.slug, version=self.version)
        while exchange(readers, "GET", path).status != 200:
            if time.perf_counter() - started > GIVE_UP_SECONDS:
                raise TimeoutError(f"{path} is not there after {GIVE_UP_SECONDS} s")
            time.sleep(POLL_SECONDS)
        return (time.perf_counter() - started) * 1000
