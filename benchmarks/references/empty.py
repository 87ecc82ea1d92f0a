"""An empty FastAPI application: what starting costs at least."""

import sys

from fastapi import FastAPI

from benchmarks.references.serving import serve

app = FastAPI()


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


if __name__ == "__main__":
    serve(app, sys.argv[1])
