"""Local mode: no sign-in, so that only this machine's own pages and programs may ask.

A web page from elsewhere can make a browser send requests to 127.0.0.1. It cannot forge the Host that the
browser puts in, nor hide its Origin. Both are checked on every request.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pressroom.kernel.errors import ForeignHost

NAMES = {"127.0.0.1", "localhost", "::1"}


class LocalGuard:
    """Refuses requests that a foreign page could have caused."""

    def check(self, scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> None:
        """Raises `ForeignHost` unless peer, Host and Origin are this machine's."""
        client = scope.get("client")
        if client is None or _name(str(client[0])) not in NAMES:
            raise ForeignHost
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if _hostname(f"//{host}") not in NAMES:
            raise ForeignHost
        origin = headers.get(b"origin")
        if origin is not None and origin.decode("latin-1").lower() not in (f"http://{host}", f"https://{host}"):
            raise ForeignHost
        own_page = headers.get(b"sec-fetch-site", b"none") in (b"none", b"same-origin")
        if not own_page and not _is_link(scope, headers):
            raise ForeignHost


def _is_link(scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> bool:
    """Somebody follows a link from elsewhere: the page opens, and the one it came from sees nothing of it."""
    return scope.get("method") == "GET" and headers.get(b"sec-fetch-mode") == b"navigate"


def _name(address: str) -> str:
    return address.removeprefix("::ffff:")


def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
