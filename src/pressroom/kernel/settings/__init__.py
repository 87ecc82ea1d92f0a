"""Settings: a small class per slice, one loader, one table in the docs."""

from pressroom.kernel.settings.core import (
    DatabaseSettings,
    HttpSettings,
    JobsSettings,
    LogSettings,
    SiteSettings,
)
from pressroom.kernel.settings.loader import SettingsError, load_settings
from pressroom.kernel.settings.section import Environment, Section, Settings, setting

__all__ = [
    "DatabaseSettings",
    "Environment",
    "HttpSettings",
    "JobsSettings",
    "LogSettings",
    "Section",
    "Settings",
    "SettingsError",
    "SiteSettings",
    "load_settings",
    "setting",
]
