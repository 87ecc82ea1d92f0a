from pathlib import Path

import jwt
import pytest
from pydantic import SecretStr
from tests.conftest import MovableClock

from pressroom.composition import SECTIONS
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.features.accounts.tokens import AccessTokens, Claims, check_signing_secret
from pressroom.kernel.ids import new_id
from pressroom.kernel.secrets import Secrets
from pressroom.kernel.settings import SettingsError, load_settings

CLAIMS = Claims(new_id(), new_id(), 3)
GOOD = "bWFueSByYW5kb20gYnl0ZXMgYXJlIGEgZ29vZCBzZWNyZXQgaGVyZSAxMjM0NTY3ODkwCg"


def test_a_token_says_who_until_it_expires(tmp_path: Path, clock: MovableClock) -> None:
    tokens = AccessTokens(AccountsSettings(), Secrets(tmp_path), clock)
    token = tokens.issue(CLAIMS)
    assert tokens.read(token) == CLAIMS
    clock.move(minutes=14, seconds=59)
    assert tokens.read(token) == CLAIMS
    clock.move(seconds=1)
    assert tokens.read(token) is None


def test_the_subject_is_a_string_and_every_token_is_its_own(tmp_path: Path, clock: MovableClock) -> None:
    tokens = AccessTokens(AccountsSettings(), Secrets(tmp_path), clock)
    payload = jwt.decode(tokens.issue(CLAIMS), options={"verify_signature": False})
    assert payload["sub"] == str(CLAIMS.user_id)
    assert set(payload) == {"sub", "sid", "ver", "iat", "exp", "jti"}
    assert tokens.issue(CLAIMS) != tokens.issue(CLAIMS)


def test_foreign_broken_and_unsigned_tokens_say_nothing(tmp_path: Path, clock: MovableClock) -> None:
    tokens = AccessTokens(AccountsSettings(), Secrets(tmp_path), clock)
    other = AccessTokens(AccountsSettings(jwt_secret=SecretStr(GOOD)), Secrets(tmp_path), clock)
    payload = {"sub": str(CLAIMS.user_id), "sid": str(CLAIMS.session_id), "ver": 3, "exp": 9e9}
    unsigned = jwt.encode(payload, "", algorithm="none")
    odd = jwt.encode({**payload, "sub": "x", "exp": None}, tokens._key, algorithm="HS256")
    for token in (other.issue(CLAIMS), unsigned, odd, "", "a.b.c", "é" * 50, tokens.issue(CLAIMS)[:-2]):
        assert tokens.read(token) is None


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_every_algorithm_has_a_key_that_is_long_enough(tmp_path: Path, clock: MovableClock, algorithm: str) -> None:
    settings = AccountsSettings.model_validate({"jwt_algorithm": algorithm})
    tokens = AccessTokens(settings, Secrets(tmp_path), clock)
    assert tokens.read(tokens.issue(CLAIMS)) == CLAIMS


@pytest.mark.parametrize("secret", ["short", "your-secret-key-that-is-long-enough-12", "ab" * 40, "changeme" * 8])
def test_a_weak_secret_is_refused_in_production_and_only_there(tmp_path: Path, secret: str) -> None:
    environ = {"JWT_SECRET": secret, "PRESSROOM_ENVIRONMENT": "production"}
    with pytest.raises(SettingsError, match="JWT_SECRET"):
        check_signing_secret(load_settings(SECTIONS, environ=environ, folder=tmp_path, data=tmp_path))
    environ["PRESSROOM_ENVIRONMENT"] = "development"
    check_signing_secret(load_settings(SECTIONS, environ=environ, folder=tmp_path, data=tmp_path))


@pytest.mark.parametrize("name", ["JWT_SECRET", "JWT_SECRET_KEY"])
def test_a_good_secret_signs_so_that_other_programs_can_verify(tmp_path: Path, name: str) -> None:
    settings = load_settings(SECTIONS, environ={name: GOOD, "JWT_ALGORITHM": "HS512"}, folder=tmp_path, data=tmp_path)
    check_signing_secret(settings)
    token = AccessTokens(settings[AccountsSettings], Secrets(tmp_path), MovableClock()).issue(CLAIMS)
    assert jwt.decode(token, GOOD, algorithms=["HS512"], options={"verify_exp": False})["ver"] == 3
