"""Objects in a folder, through obstore. An object appears whole or not at all."""

import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pressroom.kernel.ports import StoredObject

if TYPE_CHECKING:
    from obstore.store import LocalStore


class LocalStorage:
    """The storage port over one folder; opened when it is first used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store: LocalStore | None = None

    @property
    def _opened(self) -> "LocalStore":
        if self._store is None:
            from obstore.store import LocalStore  # noqa: PLC0415  # a heavy import, for those who store

            self._store = LocalStore(self._folder, mkdir=True)
        return self._store

    async def put(self, key: str, data: bytes, *, content_type: str = "application/octet-stream") -> None:
        del content_type  # a folder keeps none; the media row does
        await self._opened.put_async(key, data)

    async def get(self, key: str) -> bytes:
        try:
            answer = await self._opened.get_async(key)
        except Exception as error:
            if _is_absence(error):
                raise KeyError(key) from None
            raise
        return bytes(await answer.bytes_async())

    async def find(self, key: str) -> StoredObject | None:
        try:
            meta = await self._opened.head_async(key)
        except Exception as error:
            if _is_absence(error):
                return None
            raise
        return StoredObject(key, meta["size"], meta["e_tag"] or "", meta["last_modified"])

    async def list(self, prefix: str = "") -> AsyncIterator[StoredObject]:
        async for batch in self._opened.list(prefix or None):
            for meta in batch:
                yield StoredObject(meta["path"], meta["size"], meta["e_tag"] or "", meta["last_modified"])

    async def delete(self, key: str) -> None:
        with suppress(FileNotFoundError):
            await self._opened.delete_async(key)

    async def check(self) -> None:
        """Raises when the folder cannot be written. Several may ask at once."""
        probe = f".check-{os.getpid()}"
        await self._opened.put_async(probe, b"")
        await self.delete(probe)

    async def close(self) -> None:
        self._store = None


def _is_absence(error: Exception) -> bool:
    """Whether the folder says in one way or another that there is no such object."""
    return isinstance(error, FileNotFoundError) or "NotADirectory" in str(error)
