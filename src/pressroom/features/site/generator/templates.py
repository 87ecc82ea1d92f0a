"""The theme's templates, compiled once, and the account of where one of them failed."""

import re
import traceback
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from pressroom.features.site.generator.errors import BuildFailed
from pressroom.features.site.generator.theme import Theme

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Characters that neither HTML nor XML may hold."""


class Templates:
    """Renders pages: everything is escaped, an undefined name is an error, nothing is read from disk twice."""

    def __init__(self, theme: Theme, names: dict[str, Any]) -> None:
        self._folders = theme.template_folders
        self._environment = Environment(
            loader=FileSystemLoader(self._folders),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            cache_size=-1,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(names)

    def render(self, name: str, context: dict[str, Any], *, slug: str | None = None) -> bytes:
        """A page as UTF-8; whatever goes wrong raises `BuildFailed` with the post and the template's line."""
        try:
            page = self._environment.get_template(name).render(context)
            return NOT_TEXT.sub("", page).encode()
        except BuildFailed as failure:
            raise BuildFailed(failure.message, slug=slug, template=name) from failure
        except Exception as error:  # a template may raise anything; all of it is the theme's or the post's failure
            template, line = self._place(error) or (name, None)
            raise BuildFailed(_message(error), slug=slug, template=template, line=line) from error

    def _place(self, error: Exception) -> tuple[str, int | None] | None:
        if isinstance(error, TemplateError) and getattr(error, "lineno", None) and getattr(error, "name", None):
            return str(getattr(error, "name", "")), getattr(error, "lineno", None)
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            folder = next((one for one in self._folders if Path(frame.filename).is_relative_to(one)), None)
            if folder:
                return Path(frame.filename).relative_to(folder).as_posix(), frame.lineno
        return None


def trusted(html: str) -> Markup:
    """HTML that its maker has sanitised: it is not escaped again."""
    return Markup(html)  # noqa: S704  bodies reach the generator sanitised, by contract


def _message(error: Exception) -> str:
    kind = type(error).__name__
    return f"{kind}: {error}" if str(error) else kind
