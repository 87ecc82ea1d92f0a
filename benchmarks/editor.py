"""Someone who is signed in and writes."""

from typing import Any, Self

from benchmarks.exchange import Answer, exchange
from benchmarks.processes import Server

NAME, PASSWORD = "bench", "a long enough password"
POSTS = "/api/v1/admin/posts"


class Editor:
    """A session over one kept connection. Copies share the session, each with a connection of its own."""

    def __init__(self, server: Server, token: str) -> None:
        self._server = server
        self._token = token
        self._connection = server.connect()

    @classmethod
    def sign_in(cls, server: Server) -> Self:
        """Signs in with name and password, as other programs do."""
        form = {"username": NAME, "password": PASSWORD}
        answer = exchange(server.connect(), "POST", "/token", form=form).expect(200)
        return cls(server, answer.json()["access_token"])

    def copy(self) -> "Editor":
        return Editor(self._server, self._token)

    def ask(self, method: str, path: str, body: Any = None, *, version: str | None = None) -> Answer:
        """One request; `version` is the ETag of the text that it replaces."""
        headers = {"Authorization": f"Bearer {self._token}"}
        if version is not None:
            headers["If-Match"] = version
        return exchange(self._connection, method, path, body=body, headers=headers)

    def create(self, title: str, content: str, **fields: Any) -> Answer:
        """A new draft."""
        return self.ask("POST", POSTS, {"title": title, "content": content, **fields}).expect(201)

    def publish(self, ref: str, *, version: str) -> Answer:
        return self.ask("POST", f"{POSTS}/{ref}/publish", version=version).expect(200)
