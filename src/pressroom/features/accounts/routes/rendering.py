"""How the pages look: one template, one style that the policy names by its hash."""

import base64
import hashlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fastapi import Response

from pressroom.features.accounts.page_words import PageWords
from pressroom.features.accounts.routes.forms import FormPage
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.kernel.services import Services
from pressroom.kernel.settings import SiteSettings

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = files("pressroom.features.accounts") / "templates"
KINDS = {
    "username": ("text", "username"),
    "email": ("email", "email"),
    "display_name": ("text", "name"),
    "password": ("password", "new-password"),
}


@dataclass(frozen=True)
class Look:
    """One language's rendering of one page."""

    services: Services
    words: PageWords
    page: FormPage

    def form(
        self,
        token: str,
        *,
        status: int = 200,
        values: Mapping[str, str] | None = None,
        wrong: Mapping[str, str] | None = None,
    ) -> Response:
        """The form, with what was typed and what is wrong with it: codes by field."""
        texts = self.words.pages[self.page.name]
        form = {"path": self.page.path, "fields": list(self.page.schema.model_fields), "button": texts["button"]}
        errors = {field: self._error(code) for field, code in (wrong or {}).items()}
        told = {"title": texts["title"], "text": texts["lead"], "form": form, "token": token}
        return self._answer(status, **told, values=values or {}, errors=errors)

    def done(self, username: str, *, origin: str) -> Response:
        """What was done, and what comes next."""
        texts = self.words.pages[self.page.name]
        curl = ""
        if username:
            name, address = shlex.quote(f"username={username}"), shlex.quote(f"{origin}/token")
            curl = f"curl --data-urlencode {name} --data-urlencode 'password=…' {address}"
        return self._answer(200, title=texts["done"], text=texts["next"], curl=curl)

    def dead(self, code: str, status: int) -> Response:
        """Why the link does not work, and how to get one that does."""
        is_setup = self.page.name == "setup" and code == "accounts.link_dead"
        title, text = self.words.dead["setup" if is_setup else code]
        return self._answer(status, title=title, text=text)

    def _error(self, code: str) -> str:
        shortest = self.services.settings[AccountsSettings].password_min_length
        return self.words.errors[code].format(shortest=shortest)

    def _answer(self, status: int, **told: Any) -> Response:
        html = _template().render(
            words=self.words,
            site=self.services.settings[SiteSettings].title,
            shortest=self.services.settings[AccountsSettings].password_min_length,
            style=_style(),
            kinds=KINDS,
            **{"form": None, "errors": {}, "curl": "", **told},
        )
        return Response(html, status, _headers(self.words.lang), "text/html; charset=utf-8")


def _headers(language: str) -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Content-Language": language,
        "Referrer-Policy": "same-origin",  # the address holds the link's token
        "Vary": "Accept-Language",
    }


@cache
def _style() -> str:
    return (FOLDER / "account.css").read_text("utf-8")


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  # only when a page is asked for

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((FOLDER / "account.html").read_text("utf-8"))
