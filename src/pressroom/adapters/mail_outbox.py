"""Mail as `.eml` files in a folder: readable with any mail program, sent by nobody."""

import asyncio
import os
from pathlib import Path

from pressroom.kernel.clock import Clock
from pressroom.kernel.ids import new_id
from pressroom.kernel.ports import Mail


class OutboxMailer:
    """Writes each message whole (write, fsync, rename); a kill in between leaves no half message.

    Messages carry links that sign people in, so only the owner of the process may read them.
    """

    def __init__(self, folder: Path, clock: Clock, *, sender: str = "pressroom@localhost") -> None:
        self._folder = folder
        self._clock = clock
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        await asyncio.to_thread(self._write, self._compose(mail))

    def _compose(self, mail: Mail) -> bytes:
        from email.message import EmailMessage  # noqa: PLC0415  # at the first letter
        from email.policy import SMTP  # noqa: PLC0415  # the same
        from email.utils import format_datetime, make_msgid  # noqa: PLC0415  # the same

        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = make_msgid(domain="pressroom.invalid")
        message.set_content(mail.text)
        if mail.html is not None:
            message.add_alternative(mail.html, subtype="html")
        return message.as_bytes()

    def _write(self, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{new_id()}.eml"
        draft = path.with_name(f".{path.name}.part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    async def check(self) -> None:
        """Raises when the folder cannot be made or written."""
        await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        if not os.access(self._folder, os.W_OK):
            raise PermissionError(f"{self._folder} cannot be written")

    async def close(self) -> None:
        """A folder needs no closing."""
