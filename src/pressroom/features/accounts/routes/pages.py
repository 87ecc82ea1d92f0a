"""The pages that one-time links open: one form each, no script, no cookie, nothing from elsewhere.

A `GET` never uses a link up, because mail programs open links by themselves; the form's `POST` does.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from pressroom.features.accounts.deps import DeviceDep
from pressroom.features.accounts.errors import (
    EmailTaken,
    LinkDead,
    OwnerExists,
    PasswordRefused,
    RegistrationClosed,
    UsernameTaken,
)
from pressroom.features.accounts.names import InvalidName
from pressroom.features.accounts.page_words import words_for
from pressroom.features.accounts.passwords import check_policy
from pressroom.features.accounts.routes.forms import PAGES, FormPage, Submission
from pressroom.features.accounts.routes.rendering import Look
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.kernel.errors import TooManyRequests
from pressroom.kernel.http.access import anyone
from pressroom.kernel.http.deps import ServicesDep
from pressroom.kernel.http.forms import check_form
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.services import Services

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
DEAD = (LinkDead, OwnerExists, RegistrationClosed)
LONGEST = 2000
PLAIN_CODES = {
    "username": "username_length",
    "email": "email",
    "password": "password_length",
    "display_name": "display_name",
}


async def show(page: FormPage, request: Request, services: Services, token: str) -> Response:
    """The form of a link that is good; otherwise why it is not."""
    look = _look(page, request, services)
    try:
        await page.check(services, token)
    except DEAD as error:
        return look.dead(error.code, error.status)
    return look.form(token)


async def submit(page: FormPage, request: Request, services: Services, ip: str) -> Response:
    """Does what the page is for, in a unit of its own: a page that tells what is wrong has changed nothing."""
    look = _look(page, request, services)
    token, values = await _typed(page, request)
    try:
        await page.check(services, token)
        fields = page.schema.model_validate({name: value for name, value in values.items() if value})
        async with services.unit() as unit:
            username = await page.act(services, unit, Submission(token, fields, ip))
    except DEAD as error:
        return look.dead(error.code, error.status)
    except ValidationError as error:
        return look.form(token, status=422, values=values, wrong=_weak_password(services, values) | _wrong(error))
    except (PasswordRefused, UsernameTaken, EmailTaken, TooManyRequests) as error:
        return look.form(token, status=error.status, values=values, wrong=_refusal(error))
    return look.done(username, origin=str(request.base_url).rstrip("/"))


def _look(page: FormPage, request: Request, services: Services) -> Look:
    return Look(services, words_for(request.headers.get("accept-language", "")), page)


async def _typed(page: FormPage, request: Request) -> tuple[str, dict[str, str]]:
    check_form(request)
    form = await request.form(max_files=0, max_fields=20)
    typed = {name: value[:LONGEST] for name, value in form.items() if isinstance(value, str)}
    return typed.get("token", ""), {name: typed.get(name, "") for name in page.schema.model_fields}


def _wrong(error: ValidationError) -> dict[str, str]:
    codes: dict[str, str] = {}
    for item in error.errors():
        field = str(item["loc"][0])
        named = item.get("ctx", {}).get("error")
        codes.setdefault(field, named.code if isinstance(named, InvalidName) else PLAIN_CODES[field])
    return codes


def _weak_password(services: Services, values: dict[str, str]) -> dict[str, str]:
    """Told together with what is wrong elsewhere, so that nobody has to correct a form twice."""
    if "password" not in values:
        return {}
    shortest = services.settings[AccountsSettings].password_min_length
    names = (values.get("username", ""), values.get("email", ""))
    try:
        check_policy(values["password"], shortest=shortest, names=names)
    except PasswordRefused as error:
        return {"password": str(error.details["rule"])}
    return {}


def _refusal(error: PasswordRefused | UsernameTaken | EmailTaken | TooManyRequests) -> dict[str, str]:
    if isinstance(error, PasswordRefused):
        return {"password": str(error.details["rule"])}
    if isinstance(error, UsernameTaken):
        return {"username": "username_taken"}
    return {"email": "email_taken"} if isinstance(error, EmailTaken) else {"": "busy"}


def _add(page: FormPage) -> None:
    async def show_page(
        request: Request, services: ServicesDep, token: Annotated[str, Query(max_length=200)] = ""
    ) -> Response:
        return await show(page, request, services, token)

    async def submit_page(request: Request, services: ServicesDep, device: DeviceDep) -> Response:
        return await submit(page, request, services, device.ip)

    router.add_api_route(page.path, show_page, methods=["GET"], dependencies=[anyone])
    router.add_api_route(page.path, submit_page, methods=["POST"], dependencies=[anyone])


for form_page in PAGES:
    _add(form_page)
