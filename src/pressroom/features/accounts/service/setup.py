"""The first start: a one-time link by which somebody becomes the owner."""

import contextlib
import fcntl
import hmac
import os
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.accounts.errors import LinkDead, OwnerExists
from pressroom.features.accounts.events import PersonRenamed
from pressroom.features.accounts.models import User
from pressroom.features.accounts.names import fold
from pressroom.features.accounts.repository import Users
from pressroom.features.accounts.service.identity import NewPerson, build_user, end_everything, hash_new_password
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.kernel.auth import Role
from pressroom.kernel.clock import rfc3339
from pressroom.kernel.secrets import fingerprint
from pressroom.kernel.services import Services
from pressroom.kernel.settings import SiteSettings
from pressroom.kernel.state import StoredSetting, find_value
from pressroom.kernel.uow import UnitOfWork

log = structlog.get_logger(__name__)
CLAIMED = "accounts.owner_claimed"
LOCAL_NAME = "local"
FILE = "setup.link"


async def ensure_setup_token(services: Services) -> str | None:
    """The token for `/setup?token=…`, the same for every process; `None` once there is an owner.

    It lives in a file of the data folder that only its owner can read, and is made anew when it has
    expired. The file is written whole or not at all.
    """
    path = services.settings.data / FILE
    async with services.reading() as session:
        claimed = await _is_claimed(session)
    if claimed:
        path.unlink(missing_ok=True)
        return None
    return _keep_token(services, path)


async def check_setup_token(services: Services, token: str) -> None:
    """Lets the link of the first start through.

    Raises:
        OwnerExists: somebody used it already.
        LinkDead: it is another one, or has expired.
    """
    async with services.reading() as session:
        if await _is_claimed(session):
            raise OwnerExists
    kept = _read(services.settings.data / FILE)
    is_ours = kept is not None and hmac.compare_digest(fingerprint(kept[0]), fingerprint(token))
    if kept is None or not is_ours or kept[1] <= services.clock.now():
        raise LinkDead


async def create_owner(services: Services, unit: UnitOfWork, *, token: str, person: NewPerson, password: str) -> User:
    """Makes the owner by the link of the first start. Of two who try at once exactly one becomes it.

    The owner that local mode made takes the name over, and keeps what was written. The unique row in
    `settings` decides; a kill before the commit leaves the link as it was.

    Raises:
        OwnerExists, LinkDead, PasswordRefused, UsernameTaken, EmailTaken
    """
    await check_setup_token(services, token)
    hashed = await hash_new_password(services, password, person.username, person.email)
    unit.session.add(StoredSetting(name=CLAIMED, value=rfc3339(services.clock.now())))
    try:
        await unit.session.flush()
    except IntegrityError:
        raise OwnerExists from None
    user = await _adopt_local_owner(services, unit, person) or build_user(services, person)
    user.hashed_password = hashed
    await Users(unit.session).add(user)
    await unit.announce(PersonRenamed(user.id))
    unit.after_commit(lambda: _forget_token(services))
    log.info("accounts.owner_created", user=str(user.id))
    return user


async def ensure_local_owner(services: Services) -> None:
    """In local mode somebody must own what is written: made once, without a password."""
    async with services.unit() as unit:
        users = Users(unit.session)
        if await users.owners():
            return
        taken = await users.find_by_login(LOCAL_NAME)
        name = f"{LOCAL_NAME}-owner" if taken else LOCAL_NAME
        title = services.settings[SiteSettings].title
        await users.add(build_user(services, NewPerson(name, None, Role.owner, display_name=title[:80])))


async def _is_claimed(session: AsyncSession) -> bool:
    if await find_value(session, CLAIMED) is not None:
        return True
    return any(owner.hashed_password for owner in await Users(session).owners())


async def _adopt_local_owner(services: Services, unit: UnitOfWork, person: NewPerson) -> User | None:
    owners = await Users(unit.session).owners(lock=True)
    if any(owner.hashed_password for owner in owners):
        raise OwnerExists
    if not owners:
        return None
    user = owners[0]
    user.username, user.username_key = person.username, fold(person.username)
    user.email, user.email_key = person.email, fold(person.email or "") or None
    user.display_name = person.display_name or person.username
    user.changed(services.clock.now())
    await end_everything(services, unit, user)
    return user


async def _forget_token(services: Services) -> None:
    (services.settings.data / FILE).unlink(missing_ok=True)


def _keep_token(services: Services, path: Path) -> str:
    now = services.clock.now()
    with _only_one(path):
        kept = _read(path)
        if kept is not None and kept[1] > now:
            return kept[0]
        token = secrets.token_urlsafe(24)
        until = now + timedelta(hours=services.settings[AccountsSettings].setup_hours)
        _write(path, f"{token} {rfc3339(until)}\n")
        return token


def _read(path: Path) -> tuple[str, datetime] | None:
    try:
        token, until = path.read_text("ascii").split()
        return token, datetime.fromisoformat(until)
    except (FileNotFoundError, ValueError):
        return None


def _write(path: Path, content: str) -> None:
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextlib.contextmanager
def _only_one(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
