"""`pressroom user …` and `pressroom token …`: for whoever sits at the machine, who may do everything."""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, TypeVar

import typer

from pressroom.features.accounts.errors import UserNotFound
from pressroom.features.accounts.models import User
from pressroom.features.accounts.names import InvalidName, clean_display_name, clean_email, clean_username
from pressroom.features.accounts.service.identity import NewPerson
from pressroom.features.accounts.service.people import Person, UserFilter, find_person, get_user, list_users
from pressroom.features.accounts.service.sessions import Device, open_fixed_session
from pressroom.features.accounts.service.users import UserAdministration, UserChange
from pressroom.kernel.auth import OPERATOR, Role
from pressroom.kernel.command import JsonFlag, answer, fail, run
from pressroom.kernel.services import Services

T = TypeVar("T")
MOST_LISTED = 10_000
user = typer.Typer(help="People: make them, list them, set their passwords and roles.", no_args_is_help=True)
token = typer.Typer(help="Access tokens for scripts.", no_args_is_help=True)
StdinFlag = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
Name = Annotated[str, typer.Argument(help="Username or email address.")]


def add_to(cli: typer.Typer) -> None:
    """Adds both groups."""
    cli.add_typer(user, name="user")
    cli.add_typer(token, name="token")


@user.command()
def create(  # each is an option of the command line
    ctx: typer.Context,
    *,
    username: Annotated[str | None, typer.Option(help="2 to 50 letters and digits of any script.")] = None,
    email: Annotated[str | None, typer.Option(help="For a new password if this one is forgotten.")] = None,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.member,
    display_name: Annotated[str | None, typer.Option(help="The name readers see; else the username.")] = None,
    password_stdin: StdinFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Make somebody. Asks for what is not given.

    For scripts: `printf %s "$PW" | pressroom user create --username NAME --email MAIL --role owner --password-stdin`
    """
    person = NewPerson(
        _clean(clean_username, username or _ask("Username")),
        _clean(clean_email, email or _ask("Email address")),
        role,
        display_name=_clean(clean_display_name, display_name) if display_name else "",
    )
    password = _password(from_stdin=password_stdin)

    async def work(services: Services) -> User:
        async with services.unit() as unit:
            return await UserAdministration(services, unit).create(OPERATOR, person, password=password)

    made = run(ctx, work)
    answer(_told(made), as_json=as_json, text=lambda: f"Made {made.username} ({made.role}).")


@user.command(name="list")
def list_everybody(
    ctx: typer.Context,
    *,
    role: Annotated[Role | None, typer.Option(help="Only these.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """List everybody, in the order they came."""

    async def work(services: Services) -> list[User]:
        async with services.reading() as session:
            rows, _ = await list_users(session, UserFilter(role=role), limit=MOST_LISTED, offset=0)
        return list(rows)

    found = run(ctx, work)
    answer([_told(one) for one in found], as_json=as_json, text=lambda: "\n".join(map(_line, found)) or "Nobody yet.")


@user.command()
def password(ctx: typer.Context, name: Name, *, password_stdin: StdinFlag = False, as_json: JsonFlag = False) -> None:
    """Set somebody's password. Every session of theirs ends."""
    new = _password(from_stdin=password_stdin)
    changed = _change(ctx, name, UserChange(given=frozenset({"password"}), password=new))
    answer(_told(changed), as_json=as_json, text=lambda: f"{changed.username} has a new password; all sessions ended.")


@user.command()
def role(
    ctx: typer.Context,
    name: Name,
    new: Annotated[Role, typer.Argument(metavar="ROLE", help="What they may do from now on.")],
    *,
    as_json: JsonFlag = False,
) -> None:
    """Give somebody another role. Every session of theirs ends."""
    changed = _change(ctx, name, UserChange(given=frozenset({"role"}), role=new))
    answer(
        _told(changed), as_json=as_json, text=lambda: f"{changed.username} is {changed.role} now; all sessions ended."
    )


@token.command(name="create")
def create_token(
    ctx: typer.Context,
    *,
    username: Annotated[str, typer.Option(help="Whose token: username or email address.")],
    hours: Annotated[int, typer.Option(min=1, max=8760, help="How long it is good.")] = 24,
    as_json: JsonFlag = False,
) -> None:
    """Print an access token for a script. It is a session like any other, and ends with the person's password."""
    lifetime = timedelta(hours=hours)

    async def work(services: Services) -> str:
        person = await _find(services, username)
        async with services.reading() as session:
            holder = await get_user(session, person.id)
        if not holder.is_active:
            raise UserNotFound(f"{person.username} is not active.")
        async with services.unit() as unit:
            device = Device(ip="", user_agent="pressroom token create")
            return await open_fixed_session(services, unit, user=holder, device=device, lifetime=lifetime)

    made = run(ctx, work)
    told = {"access_token": made, "token_type": "bearer", "expires_in": int(lifetime.total_seconds())}
    answer(told, as_json=as_json, text=lambda: made)


def _change(ctx: typer.Context, name: str, change: UserChange) -> User:
    async def work(services: Services) -> User:
        person = await _find(services, name)
        async with services.unit() as unit:
            return await UserAdministration(services, unit).change(OPERATOR, person.id, change)

    return run(ctx, work)


async def _find(services: Services, name: str) -> Person:
    async with services.reading() as session:
        found = await find_person(session, name)
    if found is None:
        raise UserNotFound(f"There is nobody called {name}. See: pressroom user list")
    return found


def _clean(clean: Callable[[str], str], text: str) -> str:
    try:
        return clean(text)
    except InvalidName as error:
        fail(f"{text!r}: {error}")


def _ask(what: str) -> str:
    if not sys.stdin.isatty():
        fail(f"{what} is missing. See: pressroom user create --help")
    return str(typer.prompt(what))


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.read().removesuffix("\n").removesuffix("\r")
    if not sys.stdin.isatty():
        fail("The password is missing. Send it to standard input and say --password-stdin.")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _told(one: User) -> dict[str, Any]:
    names = ("id", "username", "email", "display_name", "role", "is_active", "created_at", "last_sign_in_at")
    return {name: getattr(one, name) for name in names}


def _line(one: User) -> str:
    state = "" if one.is_active else "  (deactivated)"
    return f"{one.role:<7} {one.username}  {one.email or '–'}{state}"
