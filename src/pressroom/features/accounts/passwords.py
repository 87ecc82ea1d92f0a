"""Passwords: which are accepted, how they are kept, how they are checked.

Hashing costs 64 MiB and tens of milliseconds on purpose. Two threads do it for the whole process and
are its queue, so a flood of sign-ins costs time and not memory.
"""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pressroom.features.accounts.errors import PasswordRefused
from pressroom.kernel.errors import TooManyRequests

if TYPE_CHECKING:
    from pwdlib import PasswordHash

T = TypeVar("T")
LONGEST = 1024
FEWEST_DIFFERENT = 4
# RFC 9106's second recommended option.
MEMORY_KIB, PASSES, LANES = 65_536, 3, 4
# Somebody is checked against this when there is nobody to check against, so that both take as long.
NOBODY = f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$bm9ib2R5IGlzIGhlcmUh${'A' * 43}"
THREADS = 2
LONGEST_QUEUE = 64
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
_waiting = 0
COMMON = frozenset(
    """
    1234567890 0123456789 12345678910 123456789a 1234567891 0987654321 9876543210 1q2w3e4r5t 1qaz2wsx3edc
    qwertyuiop qwerty1234 qwerty12345 qwerty123456 asdfghjkl1 zxcvbnm123 q1w2e3r4t5 qazwsxedcr 1234qwerasdf
    password12 password123 password1234 passwordpassword password!! passw0rd12 passw0rd123 p@ssw0rd123
    iloveyou12 iloveyou123 welcome123 welcome1234 letmein123 letmein1234 admin12345 admin123456 administrator
    changeme12 changeme123 football123 baseball123 sunshine123 princess123 dragon1234 monkey1234 superman123
    woaini1314 woaini520520 5201314520 a123456789 aa12345678 qq123456789 abc1234567 abcdefghij abcd123456
    correcthorsebatterystaple pressroom1 pressroom123
    """.split()  # noqa: SIM905  # a table of words reads better than a list of strings
)


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password was right, and a better hash of it where the stored one is old-fashioned."""

    is_right: bool
    better_hash: str | None = None


def check_policy(password: str, *, shortest: int, names: tuple[str, ...]) -> None:
    """Accepts a new password or says why not.

    Args:
        password: in the clear.
        shortest: the fewest characters.
        names: what it must not be: the person's username and address.

    Raises:
        PasswordRefused: `details.rule` names the rule.
    """
    folded = password.casefold()
    if not shortest <= len(password) <= LONGEST:
        raise PasswordRefused(f"Use {shortest} to {LONGEST} characters.", details={"rule": "password_length"})
    if folded in COMMON or len(set(folded)) < FEWEST_DIFFERENT:
        raise PasswordRefused(
            "This password is among the first that are tried. Use another one.", details={"rule": "password_common"}
        )
    own = {part.casefold() for name in names if name for part in (name, name.split("@")[0])}
    if folded in own:
        raise PasswordRefused("A password must not be your name or address.", details={"rule": "password_personal"})


async def hash_password(password: str) -> str:
    """The hash to store (argon2id)."""
    return await _in_thread(_hash, password)


async def check_password(password: str, hashed: str | None) -> Checked:
    """Compares a password with a stored hash; with none it takes as long, and is wrong."""
    return await _in_thread(_check, password, hashed)


async def _in_thread(work: Callable[..., T], *arguments: Any) -> T:
    global _waiting  # noqa: PLW0603  # one count for the one pool of this process
    if _waiting >= LONGEST_QUEUE:
        raise TooManyRequests(5, "Too many people are signing in at once. Try again in a few seconds.")
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work, *arguments)
    finally:
        _waiting -= 1


def _hash(password: str) -> str:
    return _hasher().hash(_plain(password))


def _check(password: str, hashed: str | None) -> Checked:
    from pwdlib.exceptions import UnknownHashError  # noqa: PLC0415  # loaded with the hashers

    try:
        is_right, better = _hasher().verify_and_update(_plain(password), hashed or NOBODY)
    except (UnknownHashError, ValueError):  # a hash nobody can read; bcrypt with more than 72 bytes
        _hasher().verify(_plain(password), NOBODY)
        return Checked(is_right=False)
    return Checked(is_right and hashed is not None, better if hashed else None)


def _plain(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


@cache
def _hasher() -> "PasswordHash":
    from pwdlib import PasswordHash  # noqa: PLC0415  # only once somebody signs in
    from pwdlib.hashers.argon2 import Argon2Hasher  # noqa: PLC0415  # the same
    from pwdlib.hashers.bcrypt import BcryptHasher  # noqa: PLC0415  # the same

    return PasswordHash((Argon2Hasher(PASSES, MEMORY_KIB, LANES), BcryptHasher()))
