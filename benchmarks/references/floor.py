"""A bare Starlette application that gives out bytes it holds: the least that an answer can cost here.

`python -m benchmarks.references.floor PORT ANSWERS` where ANSWERS is a JSON file: path → [content type, body].
"""

import json
import sys
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.references.serving import serve


def build(answers: dict[str, tuple[str, bytes]]) -> Starlette:
    """One route for all addresses, so that none waits for the others to be compared."""

    async def answer(request: Request) -> Response:
        kind, body = answers[request.scope["path"]]
        return Response(body, headers={"content-type": kind})

    return Starlette(routes=[Route("/{path:path}", answer)])


def main() -> None:
    port, file = sys.argv[1:]
    held = json.loads(Path(file).read_text("utf-8"))
    serve(build({path: (kind, body.encode()) for path, (kind, body) in held.items()}), port)


if __name__ == "__main__":
    main()
