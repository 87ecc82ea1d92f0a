"""Preview links: whoever has one sees the draft until it expires. Nothing is stored; the signature is the proof."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pressroom.features.posts.errors import PreviewExpired, PreviewNotFound
from pressroom.features.posts.models import Post
from pressroom.features.posts.settings import PostsSettings
from pressroom.kernel.services import Services
from pressroom.kernel.settings import SiteSettings

PREVIEW_PATH = "/preview"
_SIGNATURE = 16
_LENGTH = 16 + 5 + _SIGNATURE


def make_preview_link(services: Services, post: Post, hours: int | None = None) -> tuple[str, datetime]:
    """An address under the site's own, and the moment it expires (the settings' hours from now without `hours`)."""
    lasts = timedelta(hours=hours or services.settings[PostsSettings].preview_hours)
    expires = (services.clock.now() + lasts).replace(microsecond=0)
    signed = post.id.bytes + int(expires.timestamp()).to_bytes(5, "big")
    token = base64.urlsafe_b64encode(signed + _sign(services, signed)).decode().rstrip("=")
    base = services.settings[SiteSettings].base_url.rstrip("/")
    return f"{base}{PREVIEW_PATH}/{token}", expires


def check_preview_token(services: Services, token: str) -> UUID:
    """The post that the last part of a preview link shows.

    Raises:
        PreviewNotFound: the link was not made here, or was changed.
        PreviewExpired: its time is over.
    """
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise PreviewNotFound from None
    signed, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    if len(raw) != _LENGTH or not hmac.compare_digest(signature, _sign(services, signed)):
        raise PreviewNotFound
    if datetime.fromtimestamp(int.from_bytes(signed[16:], "big"), UTC) <= services.clock.now():
        raise PreviewExpired
    return UUID(bytes=signed[:16])


def _sign(services: Services, signed: bytes) -> bytes:
    return hmac.digest(services.secrets.key("preview"), signed, hashlib.sha256)[:_SIGNATURE]
