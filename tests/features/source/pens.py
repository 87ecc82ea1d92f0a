"""Writing in files and in the panel, each time with words that nobody has written before."""

import re
from collections.abc import Mapping
from itertools import count
from typing import Any

# `w17` is a text that versions keep, `c17` a comment that only files have. An address made from a title is neither.
_TOKEN = re.compile(r"(?<![\w-])[wc]\d+(?![\w-])")


def tokens(*texts: object) -> set[str]:
    """The words in texts, in bytes and in whatever they are nested in."""
    found: set[str] = set()
    for each in texts:
        match each:
            case str():
                found.update(_TOKEN.findall(each))
            case bytes():
                found |= tokens(each.decode())
            case Mapping():
                found |= tokens(*each.values())
            case list() | tuple():
                found |= tokens(*each)
            case _:
                continue
    return found


def for_good(words: set[str]) -> set[str]:
    """Those that versions keep."""
    return {each for each in words if each.startswith("w")}


class Pen:
    """Writes."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def word(self, kind: str = "w") -> str:
        return f"{kind}{next(self._numbers)}"

    def manuscript(self, newline: str = "\n") -> bytes:
        """A whole file."""
        body = "".join(f"{self.word()}\n\n" for _ in range(4))
        front = f"title: {self.word()} # {self.word('c')}\ndate: 2024-01-02\nmood: {self.word()}\n"
        return f"---\n{front}---\n\n{body}".replace("\n", newline).encode()

    def edited(self, data: bytes, kind: str, line: int) -> bytes:
        """A file with one thing changed."""
        text = data.decode()
        newline = "\r\n" if "\r\n" in text else "\n"
        _, front, body = re.split(r"^---\n", text.replace("\r\n", "\n"), maxsplit=2, flags=re.MULTILINE)
        if kind == "body":
            body = self.rewritten(body, line)
        elif kind == "comment":
            front += f"# {self.word('c')}\n"
        elif kind == "draft":
            front = _without("draft", front) if "draft:" in front else f"{front}draft: true\n"
        else:
            key = "title" if kind == "title" else f"key{line % 2}"
            front = f"{_without(key, front)}{key}: {self.word()}\n"
        return f"---\n{front}---\n{body}".replace("\n", newline).encode()

    def rewritten(self, body: str, line: int) -> str:
        """A text with one of its lines exchanged."""
        lines = body.splitlines(keepends=True)
        written = [number for number, each in enumerate(lines) if each.strip()]
        if not written:
            return f"{body}{self.word()}\n"
        at = written[line % len(written)]
        lines[at] = lines[at].replace(lines[at].rstrip("\r\n"), self.word())
        return "".join(lines)

    def changes(self, fields: Mapping[str, Any], kind: str, line: int) -> dict[str, Any]:
        """What a person sends who changes one thing in a panel that shows these fields."""
        if kind == "content":
            return {kind: self.rewritten(fields["content"], line)}
        if kind == "title":
            return {kind: self.word()}
        return {"frontmatter": {**fields["frontmatter"], f"key{line % 2}": self.word()}}


def _without(key: str, front: str) -> str:
    return re.sub(rf"^{key}: .*\n", "", front, flags=re.MULTILINE)
