import asyncio

import bcrypt
import pytest

from pressroom.features.accounts import passwords
from pressroom.features.accounts.errors import PasswordRefused
from pressroom.features.accounts.passwords import check_password, check_policy
from pressroom.kernel.errors import TooManyRequests


def refused(password: str, *names: str) -> str:
    with pytest.raises(PasswordRefused) as caught:
        check_policy(password, shortest=10, names=names)
    return str(caught.value.details["rule"])


def test_the_policy_names_the_rule() -> None:
    assert refused("too short") == "password_length"
    assert refused("x" * 1025) == "password_length"
    assert refused("Password123") == "password_common"
    assert refused("abababababab") == "password_common"
    assert refused("Zoe.Mueller", "zoe.mueller") == "password_personal"
    assert refused("zoe.mueller@example.com", "zoe", "zoe.mueller@example.com") == "password_personal"


def test_a_sentence_is_accepted() -> None:
    check_policy("correct horse battery", shortest=10, names=("zoe", "zoe@example.com"))
    check_policy("用中文写的一句话也可以", shortest=10, names=())


async def test_a_bcrypt_hash_verifies_and_is_upgraded() -> None:
    old = bcrypt.hashpw(b"correct horse", bcrypt.gensalt(4)).decode()
    checked = await check_password("correct horse", old)
    assert checked.is_right
    assert str(checked.better_hash).startswith("$argon2id$")
    assert not (await check_password("wrong horse", old)).is_right


async def test_hashes_that_cannot_be_read_and_passwords_that_bcrypt_cannot_take_are_wrong() -> None:
    old = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    assert not (await check_password("x" * 100, old)).is_right
    assert not (await check_password("anything", "md5$0123456789abcdef")).is_right


async def test_nobody_has_no_password(hashed: str) -> None:
    checked = await check_password("anything", None)
    assert not checked.is_right
    assert checked.better_hash is None


async def test_one_spelling_of_a_character_is_as_good_as_the_other() -> None:
    one = await passwords.hash_password("Zoë was here")
    assert (await check_password("Zoe\u0308 was here", one)).is_right


async def test_a_flood_is_told_to_wait_and_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "LONGEST_QUEUE", 1)
    answers = await asyncio.gather(*(check_password("x", None) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(answer, TooManyRequests) for answer in answers) == 3
    assert not (await check_password("x", None)).is_right
