"""What the tests of accounts share."""

import asyncio
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from pressroom.features.accounts.passwords import hash_password
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings

PASSWORD = "a sentence is long enough"


@pytest.fixture(scope="session")
def hashed() -> str:
    """The hash of `PASSWORD`, made once: hashing is slow on purpose."""
    return asyncio.run(hash_password(PASSWORD))


@pytest.fixture
def accounts() -> dict[str, Any]:
    """Settings of the slice that a test wants: `@pytest.mark.parametrize("accounts", [{"registration": "open"}])`."""
    return {}


@pytest.fixture
def settings(settings: Settings, accounts: dict[str, Any]) -> Settings:
    return settings.replacing(AccountsSettings(**accounts))


@pytest.fixture
def mails(services: Services) -> Callable[[], list[EmailMessage]]:
    """The mails that were posted so far, the oldest first."""

    def read() -> list[EmailMessage]:
        paths = sorted((services.settings.data / "outbox").glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default) for path in paths]

    return read
