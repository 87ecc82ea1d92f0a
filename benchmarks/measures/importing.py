"""Importing a folder of Markdown, as the command line does it: the whole process, from its start to its end."""

import shutil
import statistics
import time
from collections.abc import Iterable

from benchmarks.context import Context, say
from benchmarks.publication import Publication, write_corpus
from benchmarks.results import Goal, Result

POSTS = 1_000


def measure(context: Context) -> Iterable[Result]:
    """Posts a second, into an empty data folder each time."""
    corpus = write_corpus(context.folder / "import.corpus", POSTS)
    rates = []
    for number in range(context.effort.imports):
        say(f"importing {POSTS:,} files, time {number + 1}")
        publication = Publication(context.folder / f"import-{number}")
        publication.create_owner()
        started = time.perf_counter()
        created = publication.import_folder(corpus)
        rates.append(created / (time.perf_counter() - started))
        shutil.rmtree(publication.data)
    yield Result("import of 1,000 files, whole process", statistics.median(rates), "posts/s", goal=Goal(at_least=150))
