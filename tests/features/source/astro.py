"""A small Astro site, written without Astro: its configuration, its schema as `astro sync` leaves it, its posts."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATE = {
    "anyOf": [
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "date"},
        {"type": "integer", "format": "unix-time"},
    ]
}
TEXT = {"type": "string"}
CONFIG = """\
import { defineCollection, z } from 'astro:content';
const posts = defineCollection({
  schema: ({ image }) => z.object({ updatedDate: z.coerce.date().optional(), hero: image().optional() }),
});
export const collections = { posts };
"""
PROPERTIES: dict[str, Any] = {
    "title": TEXT | {"minLength": 1, "maxLength": 60},
    "pubDate": DATE,
    "updatedDate": DATE,
    "description": TEXT | {"description": "A sentence for lists"},
    "category": TEXT | {"enum": ["Notes", "Craft"]},
    "tags": {"type": "array", "items": TEXT, "default": []},
    "hero": TEXT,
    "source": TEXT | {"format": "uri"},
    "seo": {"type": "object", "properties": {"robots": {"type": "boolean"}, "index": DATE}, "required": ["robots"]},
    "rating": {"type": "integer", "minimum": 1, "maximum": 5},
    "draft": {"type": "boolean", "default": False},
}
REQUIRED = ["title", "pubDate", "description", "category"]
GOOD = """\
---
title: 'Hello'   # the first
pubDate: 2024-02-03
description: A beginning
category: Notes
tags: [Python]
---

Words.
"""


@dataclass(frozen=True)
class Blog:
    """A site on disk."""

    root: Path

    @property
    def posts(self) -> Path:
        return self.root / "src" / "content" / "posts"

    @property
    def schema(self) -> Path:
        return self.root / ".astro" / "collections" / "posts.schema.json"

    def read(self, name: str = "hello.md") -> str:
        return (self.posts / name).read_text()

    def write(self, text: str, name: str = "hello.md") -> None:
        (self.posts / name).write_text(text)

    def ask_for(self, properties: dict[str, Any], required: list[str]) -> None:
        """Writes the schema, as `astro sync` does."""
        self.schema.parent.mkdir(parents=True, exist_ok=True)
        posts = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
        self.schema.write_text(json.dumps({"$ref": "#/definitions/posts", "definitions": {"posts": posts}}))


def make_blog(root: Path) -> Blog:
    """The site with one post."""
    blog = Blog(root)
    blog.posts.mkdir(parents=True)
    (root / "astro.config.mjs").write_text("export default {};\n")
    (root / "src" / "content.config.ts").write_text(CONFIG)
    blog.ask_for(PROPERTIES, REQUIRED)
    blog.write(GOOD)
    return blog
