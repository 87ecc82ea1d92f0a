"""The usual loop over a folder of posts: python-frontmatter over every file, at every request.

`python -m benchmarks.references.loop PORT FOLDER` answers `/posts?limit=20`, newest first.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import frontmatter
from fastapi import FastAPI

from benchmarks.references.serving import serve


def build(folder: Path) -> FastAPI:
    """The application over this folder."""
    app = FastAPI()

    @app.get("/posts")
    def list_posts(limit: int = 20) -> dict[str, Any]:
        posts = sorted(read(folder), key=lambda post: str(post["date"]), reverse=True)
        return {"data": posts[:limit], "meta": {"total": len(posts)}}

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return app


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """Every file that can be read, as its front matter says."""
    for path in folder.rglob("*.md"):
        try:
            post = frontmatter.load(str(path))
        except Exception:  # noqa: BLE001 - the loop passes over what it cannot read
            continue
        date = post.get("date") or post.get("published") or post.get("pubDate")
        yield {"slug": path.stem, "title": post.get("title"), "date": date, "tags": post.get("tags")}


if __name__ == "__main__":
    serve(build(Path(sys.argv[2])), sys.argv[1])
