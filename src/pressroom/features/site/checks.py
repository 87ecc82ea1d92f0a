"""What `pressroom doctor` looks at for builds with the site's own command."""

import asyncio
import os
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from pressroom.features.site.building.footing import recognised
from pressroom.features.site.external.environment import build_environment
from pressroom.features.site.external.process import Limits
from pressroom.features.site.settings import BuildSettings
from pressroom.features.source.attachment import Attachment, find_attachment
from pressroom.features.source.recognise import SourceSite
from pressroom.kernel.diagnosis import Check, Complaint
from pressroom.kernel.errors import AppError
from pressroom.kernel.services import Services


async def checks(services: Services) -> Mapping[str, Check]:
    """Nothing where the built-in theme publishes."""
    async with services.reading() as session:
        attachment = await find_attachment(session)
    return {"site build": _BuildCheck(attachment)} if attachment and attachment.build else {}


@dataclass(frozen=True, slots=True)
class _BuildCheck:
    """Are the programs there that the site's build runs?"""

    attachment: Attachment

    async def __call__(self, services: Services) -> str:
        extra = dict(pair.split("=", 1) for pair in services.settings[BuildSettings].environment)
        return await asyncio.to_thread(self._look, extra)

    def _look(self, extra: Mapping[str, str]) -> str:
        try:
            site = recognised(self.attachment)
        except AppError as error:
            raise Complaint(error.detail) from error
        path = build_environment(site, os.environ, extra=extra, memory=Limits().memory)["PATH"]
        tools = {tool: shutil.which(tool, path=path) for tool in _tools(site)}
        if missing := [tool for tool, found in tools.items() if found is None]:
            raise Complaint(f"“{site.build}” needs {' and '.join(missing)}, not found in {path}. Install it")
        return f"“{site.build}” in {site.root} with {', '.join(map(str, tools.values()))}"


def _tools(site: SourceSite) -> tuple[str, ...]:
    """The program that the command names, and Node.js where it is a package manager's."""
    try:
        words = [word for word in shlex.split(site.build or "") if "=" not in word]
    except ValueError:
        words = []
    return tuple(dict.fromkeys([*words[:1], *(["node"] if site.packages else [])])) or ("sh",)
