"""One HTTP request and its answer."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def expect(self, *statuses: int) -> "Answer":
        """The answer itself, when its status is one of these.

        Raises:
            RuntimeError: it is another; with the beginning of the body.
        """
        if self.status not in statuses:
            raise RuntimeError(f"{self.status} instead of {statuses}: {self.body[:500].decode(errors='replace')}")
        return self


def exchange(
    connection: HTTPConnection,
    method: str,
    path: str,
    *,
    body: Any = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Sends one request, with a JSON body or a form if there is one, and reads the answer to its end."""
    kind, data = _encoded(body, form)
    connection.request(method, path, body=data, headers={**(headers or {}), **kind})
    response = connection.getresponse()
    content = response.read()
    held = {name.lower(): value for name, value in response.getheaders()}
    if held.get("content-encoding") == "gzip":
        content = gzip.decompress(content)
    return Answer(response.status, held, content)


def _encoded(body: Any, form: Mapping[str, str] | None) -> tuple[dict[str, str], bytes | None]:
    if form is not None:
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(form).encode()
    if body is not None:
        return {"Content-Type": "application/json"}, json.dumps(body).encode()
    return {}, None
