"""How people may be called, and when two spellings are the same one. Pure."""

import re
import unicodedata
from urllib.parse import urlsplit

SHORTEST_USERNAME, LONGEST_USERNAME = 2, 50
LONGEST_KEY = 200
LONGEST_EMAIL = 254
LONGEST_DISPLAY_NAME = 80
LONGEST_URL = 500
LONGEST_EMAIL_KEY = 640
JOINING = "._-"
# Unicode's Default_Ignorable_Code_Point: characters that take no place on a screen.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
HIDDEN = {"Cc", "Cs", "Co", "Zl", "Zp"}
DIRECTIONAL = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class InvalidName(ValueError):
    """A name that cannot be used; `code` names the rule for pages that have their own words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def fold(text: str) -> str:
    """The form in which two spellings of one name are equal (NFKC, case folded)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())


def clean_username(text: str) -> str:
    """The username as it is stored: 2 to 50 letters and digits of any script, with `.`, `_` and `-` between them."""
    name = unicodedata.normalize("NFC", text.strip())
    if _INVISIBLE.search(name):
        raise InvalidName("username_characters", "Use letters that can be seen.")
    if not SHORTEST_USERNAME <= len(name) <= LONGEST_USERNAME or len(fold(name)) > LONGEST_KEY:
        raise InvalidName("username_length", "A username has 2 to 50 characters.")
    inside = all(_is_letter(character) or character in JOINING for character in name)
    if not (inside and name[0].isalnum() and name[-1] not in JOINING):
        raise InvalidName(
            "username_characters",
            "Use letters and digits of any script; dots, hyphens and underscores only between them.",
        )
    return name


def clean_email(text: str) -> str:
    """The address as it is stored; its key is `fold` of it. Nothing is asked of the network."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  # only when someone names one

    wrong = InvalidName("email", "This is not an email address. Write it like name@example.com.")
    if len(text) > LONGEST_EMAIL:
        raise wrong
    try:
        address: str = validate_email(
            text.strip(), check_deliverability=False, globally_deliverable=False, test_environment=True
        ).normalized
    except (EmailNotValidError, UnicodeError):
        raise wrong from None
    if len(fold(address)) > LONGEST_EMAIL_KEY:
        raise wrong
    return address


def clean_display_name(text: str) -> str:
    """The name that readers see: 1 to 80 visible characters."""
    name = unicodedata.normalize("NFC", " ".join(text.split(" "))).strip()
    hidden = any(unicodedata.category(character) in HIDDEN or character in DIRECTIONAL for character in name)
    if not 1 <= len(name) <= LONGEST_DISPLAY_NAME or hidden or not _INVISIBLE.sub("", name).strip():
        raise InvalidName("display_name", "A name has 1 to 80 visible characters, on one line.")
    return name


def clean_avatar_url(text: str) -> str:
    """An address of a picture: `https://…`, `http://…`, or `/…` on this site."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    on_this_site = not parts.scheme and not parts.netloc and text.startswith("/")
    elsewhere = parts.scheme in ("http", "https") and bool(parts.netloc)
    if len(text) > LONGEST_URL or not text.isprintable() or " " in text or not (on_this_site or elsewhere):
        raise InvalidName("avatar_url", "Write an address that begins with https:// or with /.")
    return text


def _is_letter(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
