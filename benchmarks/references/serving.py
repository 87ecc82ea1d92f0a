"""The same server with the same options as `pressroom serve`."""

from typing import Any

import uvicorn


def serve(app: Any, port: str) -> None:
    """Serves until the process is stopped."""
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(port),
        loop="auto",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=30,
        backlog=2048,
    )
