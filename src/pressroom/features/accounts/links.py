"""Links that are mailed: the id of a row, signed, so that neither the mail's job nor the database tells it."""

import base64
import binascii
import hashlib
import hmac
from enum import StrEnum
from uuid import UUID

from pressroom.kernel.secrets import Secrets

ID_BYTES = 16
SEAL_BYTES = 16


class Purpose(StrEnum):
    """What a link is for."""

    invite = "invite"
    register = "register"
    change_email = "change_email"
    reset_password = "reset_password"  # noqa: S105  # a purpose, not a password

    @property
    def page(self) -> str:
        """The page that the link opens."""
        pages = {Purpose.invite: "/account/join", Purpose.reset_password: "/account/password"}
        return pages.get(self, "/account/confirm")


class LinkSeal:
    """Turns the id of a link into the token in its address, and back."""

    def __init__(self, secrets: Secrets) -> None:
        self._key = secrets.key("accounts.links")

    def token(self, link_id: UUID) -> str:
        """43 characters that only we can make."""
        return base64.urlsafe_b64encode(link_id.bytes + self._seal(link_id.bytes)).rstrip(b"=").decode()

    def link_id(self, token: str) -> UUID | None:
        """The id inside a token that we made; otherwise `None`."""
        try:
            raw = base64.b64decode(token.encode("ascii") + b"=", altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            return None
        raw_id, seal = raw[:ID_BYTES], raw[ID_BYTES:]
        if len(raw) != ID_BYTES + SEAL_BYTES or not hmac.compare_digest(seal, self._seal(raw_id)):
            return None
        return UUID(bytes=raw_id)

    def _seal(self, raw_id: bytes) -> bytes:
        return hmac.digest(self._key, raw_id, hashlib.sha256)[:SEAL_BYTES]
