"""The kernel's own sections."""

import ipaddress
import re
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, SecretStr, field_validator

from pressroom.kernel.settings.section import Section, setting


class SiteSettings(Section):
    """What the publication is called and where it lives."""

    name: ClassVar[str] = "site"
    title: str = setting("Pressroom", "The publication's name", min_length=1, max_length=200)
    description: str = setting("A publication made with Pressroom", "One line about it", max_length=500)
    base_url: str = setting(
        "http://127.0.0.1:8000",
        "The address readers use, a host or subdomain of its own without a path; feeds and canonical links are made "
        "from it. When it is not set: the address that the server was last started at",
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
    )
    language: Literal["en", "zh"] = setting("en", "The language of the furniture: `en` or `zh`")
    timezone: str = setting("UTC", "The IANA time zone that decides which day a post belongs to, e.g. `Asia/Shanghai`")
    accent: str = setting("#9b2c2c", "The theme's one accent colour, `#rrggbb`", pattern=r"^#[0-9a-fA-F]{6}$")
    posts_per_page: int = setting(10, "Posts on a list page of the site", ge=1, le=100)
    keep_script_slugs: bool = setting(
        default=False, help_text="Keep addresses in their own script instead of Latin letters"
    )
    keep_releases: int = setting(5, "How many releases are kept for going back", ge=2, le=1000)
    theme_path: str = setting("", "A folder whose files override the built-in theme's one by one")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{name!r} is not a time zone; write one like Europe/Berlin") from None
        return name

    @field_validator("base_url")
    @classmethod
    def _is_a_whole_host(cls, url: str) -> str:
        """Links of the site begin at its root: below a path they would all lead out of it."""
        origin = url.rstrip("/")
        if "/" in origin.partition("://")[2]:
            raise ValueError(
                f"{url} has a path, out of which every link would lead; "
                "give the publication a host of its own and write it like https://blog.example.org"
            )
        return origin


class HttpSettings(Section):
    """How the server listens and what it refuses."""

    name: ClassVar[str] = "http"
    host: str = setting("127.0.0.1", "The address to listen on")
    port: int = setting(8000, "The port to listen on", ge=0, le=65535)
    trusted_proxies: tuple[str, ...] = setting((), "Addresses or networks whose `X-Forwarded-*` headers are believed")
    cors_origins: tuple[str, ...] = setting((), "Origins whose pages may call the API")
    max_body_bytes: int = setting(12 * 1024 * 1024, "The largest request body, in bytes", ge=1024)
    max_json_depth: int = setting(32, "How deep a JSON body may nest", ge=4, le=256)
    request_seconds: float = setting(30.0, "The longest a request may take, in seconds", gt=0)
    rate_per_second: float = setting(50.0, "Requests a second that one address may make on average", gt=0)
    rate_burst: int = setting(200, "Requests that one address may make at once", ge=1)
    read_side: bool = setting(default=True, help_text="Answer public reads from ready-made answers")
    read_side_bytes: int = setting(32 * 1024 * 1024, "Memory for ready-made answers, in bytes", ge=0)
    access_log: bool = setting(default=True, help_text="Write a line for each request")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        for entry in entries:
            ipaddress.ip_network(entry, strict=False)
        return entries

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        """As browsers send them, without a path; `*` would let every page in."""
        origins = tuple(entry.rstrip("/") for entry in entries)
        if not all(re.fullmatch(r"https?://[^\s/?#*@]+", origin) for origin in origins):
            raise ValueError("Each must be an origin such as https://example.org")
        return origins


class DatabaseSettings(Section):
    """Where the rows live."""

    name: ClassVar[str] = "database"
    url: SecretStr = setting(
        SecretStr(""),
        "Empty for SQLite in the data folder; otherwise `sqlite:///…` or `postgresql://…`",
        env=("DATABASE_URL",),
    )
    auto_upgrade: bool = setting(default=True, help_text="Upgrade the schema when the server starts")
    pool_size: int = setting(5, "Connections kept open to a database server", ge=1, le=100)
    pool_overflow: int = setting(10, "Further connections opened under load", ge=0, le=200)
    wait_seconds: float = setting(10.0, "How long to wait for a connection or a lock, in seconds", gt=0)
    synchronous: Literal["full", "normal"] = setting(
        "full", "SQLite: `full` survives a power cut; `normal` may lose the last moments in one"
    )


def _level(name: object) -> object:
    """As other programs write it, too: `info`, `warn`, `critical`."""
    upper = name.strip().upper() if isinstance(name, str) else name
    return {"WARN": "WARNING", "CRITICAL": "ERROR", "FATAL": "ERROR"}.get(str(upper), upper)


class LogSettings(Section):
    """What is written down about the running program."""

    name: ClassVar[str] = "log"
    level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_level)] = setting(
        "INFO", "The least important line that is written", env=("LOG_LEVEL",)
    )
    file: str = setting(
        "",
        "Write to this file instead of standard error; at midnight (UTC) it is kept as `FILE.2026-03-01`. "
        "Several processes may share it",
        env=("LOG_FILE",),
    )
    keep_days: int = setting(14, "Days of log files kept", ge=1)
    format: Literal["auto", "json", "text"] = setting("auto", "`auto` is text on a terminal and JSON elsewhere")


class JobsSettings(Section):
    """Work outside the request."""

    name: ClassVar[str] = "jobs"
    embedded: bool = setting(default=True, help_text="Run jobs inside `serve`; turn off where `pressroom worker` does")
    concurrency: int = setting(4, "Jobs that run at the same time", ge=1, le=64)
    lease_seconds: float = setting(30.0, "After this long without a heartbeat a job's worker counts as dead", ge=1)
    poll_seconds: float = setting(1.0, "How often other processes' jobs and due times are looked for", gt=0)
    keep_days: int = setting(30, "Days that finished jobs stay listed", ge=1)
