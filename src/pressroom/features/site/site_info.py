"""From settings to what the generator is told."""

from pathlib import Path
from zoneinfo import ZoneInfo

from pressroom.features.site.generator import SiteInfo
from pressroom.kernel.settings import Settings, SiteSettings


def site_info(settings: Settings) -> SiteInfo:
    """The publication's description of itself."""
    site = settings[SiteSettings]
    return SiteInfo(
        title=site.title,
        description=site.description,
        base_url=site.base_url,
        language=site.language,
        accent=site.accent,
        posts_per_page=site.posts_per_page,
        timezone=ZoneInfo(site.timezone),
    )


def theme_folder(settings: Settings) -> Path | None:
    """The folder whose files override the built-in theme's, if there is one."""
    configured = settings[SiteSettings].theme_path
    return Path(configured) if configured else None
