# a script on its own, in no package
"""Makes a folder of varied Markdown posts to try Pressroom with.

    python examples/corpus.py DIR --posts 1000

English and Chinese, short and long, with code, tables, notes and pictures; front matter as different generators
write it; and about one file in fifty that is broken on purpose. The same seed always gives the same files.
"""

import argparse
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ENGLISH = [
    "the",
    "press",
    "room",
    "wakes",
    "before",
    "the",
    "town",
    "and",
    "the",
    "first",
    "proof",
    "is",
    "still",
    "warm",
    "when",
    "the",
    "editor",
    "reads",
    "it",
    "aloud",
    "while",
    "rain",
    "runs",
    "down",
    "the",
    "window",
    "a",
    "good",
    "sentence",
    "carries",
    "one",
    "thought",
    "and",
    "sets",
    "it",
    "down",
    "gently",
    "nobody",
    "remembers",
    "who",
    "moved",
    "the",
    "comma",
    "but",
    "everyone",
    "remembers",
    "the",
    "fight",
    "servers",
    "fail",
    "in",
    "quiet",
    "ways",
    "so",
    "we",
    "write",
    "things",
    "down",
    "twice",
    "and",
    "check",
    "them",
    "once",
    "a",
    "cache",
    "is",
    "a",
    "promise",
    "about",
    "time",
    "and",
    "time",
    "keeps",
    "few",
    "promises",
    "readers",
    "forgive",
    "slow",
    "pages",
    "never",
    "lost",
    "ones",
    "measure",
    "first",
    "then",
    "change",
    "one",
    "thing",
    "then",
    "measure",
    "again",
    "and",
    "keep",
    "the",
    "numbers",
    "where",
    "the",
    "next",
    "person",
    "will",
    "look",
]
CHINESE = (
    "清晨的编辑部里灯还亮着，校样带着油墨的温度。好的句子只说一件事，说完就放下。没有人记得是谁改了那个逗号，"
    "但大家都记得那场争论。服务器总是悄悄地出错，所以我们把事情写两遍，再检查一遍。缓存是关于时间的承诺，"
    "而时间很少守信。读者会原谅慢的页面，却不会原谅丢失的文字。先测量，再改一处，然后再测量，把数字留在后来人看得到的地方。"
)
TAGS = ["Python", "SQLite", "印刷", "写作", "C++", "C#", "Testing", "Travel", "读书", "Café", "后端", "Design", "日常"]
CATEGORIES = [
    ("Engineering", "Databases"),
    ("Engineering", "Web"),
    ("技术", "前端"),
    ("技术", "后端"),
    ("Life", None),
    ("随笔", None),
]
CODE = '```python {2}\ndef proof(page: str) -> bool:\n    return "typo" not in page\n```'
TABLE = "| Pass | Errors | Minutes |\n|---|--:|:-:|\n| first | 41 | 12 |\n| second | 3 | 4 |"
START = datetime(2015, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    broken = write_corpus(asked.folder, posts=asked.posts, seed=asked.seed)
    print(f"{asked.posts} files in {asked.folder}, {broken} of them broken on purpose.")  # a script's answer


def write_corpus(folder: Path, *, posts: int, seed: int = 7) -> int:
    """Writes the files and returns how many of them cannot be imported."""
    chance = random.Random(seed)  # the same files for the same seed is the point
    broken = 0
    for number in range(posts):
        if number % 50 == 49:  # noqa: PLR2004  # one in fifty
            name, data = chance.choice(BROKEN)(number)
            broken += 1
        else:
            name, data = _post(chance, number)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return broken


def _post(chance: random.Random, number: int) -> tuple[str, bytes]:
    chinese = chance.random() < 0.4  # noqa: PLR2004  # two in five
    date = START + timedelta(hours=chance.randrange(95_000))
    title = _title(chance, number, chinese=chinese)
    front = chance.choice(FRONTS)(chance, title, date)
    text = f"{front}{_body(chance, chinese=chinese)}"
    folder = f"{date.year}/" if chance.random() < 0.5 else ""  # noqa: PLR2004  # every other one
    if chance.random() < 0.05:  # noqa: PLR2004  # one in twenty
        text = "\ufeff" + text.replace("\n", "\r\n")
    return f"{folder}post-{number:05}.md", text.encode()


def _title(chance: random.Random, number: int, *, chinese: bool) -> str:
    if chinese:
        start = chance.randrange(len(CHINESE) - 12)
        return CHINESE[start : start + chance.randrange(4, 12)].strip("，。") + f"（{number}）"
    start = chance.randrange(len(ENGLISH) - 8)
    return " ".join(ENGLISH[start : start + chance.randrange(2, 8)]).capitalize() + f" {number}"


def _body(chance: random.Random, *, chinese: bool) -> str:
    parts: list[str] = []
    for section in range(chance.randrange(1, 7)):
        parts.append(f"## {'第' + str(section + 1) + '节' if chinese else 'Part ' + str(section + 1)}")
        parts += [_paragraph(chance, chinese=chinese) for _ in range(chance.randrange(1, 4))]
        parts.append(
            chance.choice([CODE, TABLE, "> 引用 a quotation", "- [x] one\n- [ ] two", "A note[^1].\n\n[^1]: Here.", ""])
        )
    if chance.random() < 0.1:  # noqa: PLR2004  # one in ten
        parts.append("![A picture beside the file](./pictures/press.jpg)")
    return "\n\n".join(parts) + "\n"


def _paragraph(chance: random.Random, *, chinese: bool) -> str:
    if chinese:
        start = chance.randrange(len(CHINESE))
        return (CHINESE[start:] + CHINESE[:start]).strip("，。") + "。"
    words = [chance.choice(ENGLISH) for _ in range(chance.randrange(30, 120))]
    words[chance.randrange(len(words))] = "**proof**"
    return " ".join(words).capitalize() + "."


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _astro(chance: random.Random, title: str, date: datetime) -> str:
    first, second = chance.choice(CATEGORIES)
    tags = chance.sample(TAGS, chance.randrange(4))
    lines = [f"title: {_quoted(title)}", f"published: {date:%Y-%m-%d}", f"tags: [{', '.join(map(_quoted, tags))}]"]
    lines += [f"first_level_category: {first}", *([f"second_level_category: {second}"] if second else [])]
    return "---\n" + "\n".join([*lines, f"draft: {'true' if chance.random() < 0.1 else 'false'}"]) + "\n---\n"  # noqa: PLR2004  # one in ten


def _jekyll(chance: random.Random, title: str, date: datetime) -> str:
    tags = "\n".join(f"  - {_quoted(tag)}" for tag in chance.sample(TAGS, 2))
    return f"---\nlayout: post\ntitle: {_quoted(title)}\ndate: {date:%Y-%m-%d %H:%M:%S +0800}\ntags:\n{tags}\n---\n"


def _hexo(chance: random.Random, title: str, date: datetime) -> str:
    first, second = chance.choice(CATEGORIES)
    levels = f"\n  - {first}" + (f"\n  - {second}" if second else "")
    return f"---\ntitle: {_quoted(title)}\ndate: {date:%Y-%m-%d %H:%M:%S}\ncategories:{levels}\ncomments: true\n---\n"


def _hugo(chance: random.Random, title: str, date: datetime) -> str:
    tags = ", ".join(_quoted(tag) for tag in chance.sample(TAGS, 2))
    return f"+++\ntitle = {_quoted(title)}\ndate = {date.isoformat()}\ntags = [{tags}]\nweight = 3\n+++\n"


def _odd(chance: random.Random, title: str, date: datetime) -> str:
    extra = chance.choice(["description:", "tags: a, b, c", "author: {name: Ada}", "rating: 4.5", "keywords: 印刷"])
    lines = ["# odd, but valid", f"title: {_quoted(title)}", f"pubDate: {_quoted(f'{date:%Y/%m/%d}')}", extra]
    return "---\n" + "\n".join([*lines, "series: {name: Press, part: 2}"]) + "\n---\n\n"


def _bare(chance: random.Random, title: str, date: datetime) -> str:
    del chance, date
    return f"# {title}\n\n"


FRONTS: tuple[Callable[[random.Random, str, datetime], str], ...] = (_astro, _astro, _jekyll, _hexo, _hugo, _odd, _bare)
BROKEN: tuple[Callable[[int], tuple[str, bytes]], ...] = (
    lambda number: (f"broken/unclosed-{number}.md", b"---\ntitle: Never closed\n\nWords.\n"),
    lambda number: (f"broken/twice-{number}.md", b"---\ntitle: One\ntitle: Two\n---\nWords.\n"),
    lambda number: (f"broken/latin-{number}.md", "---\ntitle: Café\n---\nDéjà vu.\n".encode("latin-1")),
    lambda number: (f"broken/no-such-day-{number}.md", b"---\ntitle: Leap\ndate: 2023-02-30\n---\nWords.\n"),
    lambda number: (
        f"broken/address-{number}.md",
        b"---\ntitle: Bad cover\ncover: 'javascript:alert(1)'\n---\nWords.\n",
    ),
    lambda number: (f"broken/endless-{number}.md", b"---\ntitle: " + b"a" * 400 + b"\n---\nWords.\n"),
)

if __name__ == "__main__":
    main()
