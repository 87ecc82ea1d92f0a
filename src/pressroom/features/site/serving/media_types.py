"""What kind of thing a file is, by its name and, for feeds, by its first bytes."""

_UTF8 = "; charset=utf-8"

# A fixed table: the registry of the machine would make the same release answer differently elsewhere.
_TEXTS = {
    "css": "text/css",
    "csv": "text/csv",
    "htm": "text/html",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "map": "application/json",
    "md": "text/markdown",
    "mjs": "text/javascript",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "webmanifest": "application/manifest+json",
    "xml": "application/xml",
    "xsl": "application/xslt+xml",
}
_BINARIES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "gz": "application/gzip",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "png": "image/png",
    "ttf": "font/ttf",
    "wasm": "application/wasm",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "zip": "application/zip",
}


def media_type(name: str, head: bytes) -> str:
    """The content type of a file; `head` is how it begins."""
    suffix = name.rpartition(".")[2].lower()
    if suffix == "xml":
        return _feed_type(head) + _UTF8
    if suffix in _TEXTS:
        return _TEXTS[suffix] + _UTF8
    return _BINARIES.get(suffix, "application/octet-stream")


def is_text(name: str) -> bool:
    """Whether compressing a file of this name is worth it."""
    return name.rpartition(".")[2].lower() in _TEXTS


def _feed_type(head: bytes) -> str:
    if b"<rss" in head:
        return "application/rss+xml"
    if b"<feed" in head:
        return "application/atom+xml"
    return _TEXTS["xml"]
