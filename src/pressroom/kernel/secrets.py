"""Secrets that the program makes for itself on the first start."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from pressroom.kernel.errors import CannotStart

ROOT_BYTES = 32


class Secrets:
    """Keys derived from one root that lives in a file only its owner can read.

    Two processes that start at once agree on one root: the file is linked into place whole, and
    whoever comes second reads the first one's. A kill in between leaves at most a stray temporary file.
    """

    def __init__(self, data: Path) -> None:
        self._path = data / "secret.key"
        self._root: bytes | None = None

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose; the same on every start, unrelated between purposes."""
        return hmac.digest(self._load(), purpose.encode(), hashlib.sha256)

    def _load(self) -> bytes:
        if self._root is None:
            if not self._path.exists():
                self._make()
            self._root = self._read()
        return self._root

    def _read(self) -> bytes:
        try:
            root = base64.urlsafe_b64decode(self._path.read_bytes().strip())
        except ValueError:
            root = b""
        if len(root) != ROOT_BYTES:
            raise CannotStart(f"{self._path} is damaged. Put its backup back; a new one ends every session and link.")
        return root

    def _make(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f".secret.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(ROOT_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, self._path)
        except FileExistsError:
            pass  # another process was first; its secret is the one
        finally:
            draft.unlink()


def fingerprint(secret: str) -> str:
    """What is stored instead of a secret that only needs to be recognised (SHA-256, hexadecimal)."""
    return hashlib.sha256(secret.encode()).hexdigest()
