"""Where the publication is served when nobody has set an address: remembered, so that every command agrees."""

import os

from pressroom.kernel.settings import Settings, SiteSettings

FILE = "address"


def at_last_address(settings: Settings) -> Settings:
    """The settings with the address that the server was last started at, unless one is set."""
    path = settings.data / FILE
    if _is_set(settings) or not path.is_file():
        return settings
    return _at(settings, path.read_text("utf-8").strip())


def remember_address(settings: Settings, address: str) -> Settings:
    """Keeps the address that the server starts at, unless one is set; a kill leaves the old file or the new one."""
    if settings[SiteSettings].base_url == address or _is_set(settings):
        return settings
    settings.data.mkdir(parents=True, exist_ok=True)
    draft = settings.data / f".{FILE}.{os.getpid()}"
    draft.write_text(f"{address}\n", "utf-8")
    draft.replace(settings.data / FILE)
    return _at(settings, address)


def _is_set(settings: Settings) -> bool:
    return "base_url" in settings[SiteSettings].model_fields_set


def _at(settings: Settings, address: str) -> Settings:
    site = settings[SiteSettings]
    moved = site.model_construct(_fields_set=site.model_fields_set, **(dict(site) | {"base_url": address}))
    return settings.replacing(moved)
