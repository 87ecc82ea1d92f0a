"""What the program is made of: the ordered features, and the services they share."""

from collections.abc import Mapping
from pathlib import Path

from pressroom.adapters.cache_memory import MemoryCache
from pressroom.adapters.mail_outbox import OutboxMailer
from pressroom.adapters.storage_local import LocalStorage
from pressroom.features import FEATURES
from pressroom.kernel.address import at_last_address
from pressroom.kernel.clock import Clock, SystemClock
from pressroom.kernel.db.engine import Database
from pressroom.kernel.events import EventBus
from pressroom.kernel.jobs import JobCatalogue
from pressroom.kernel.revision_watch import revision_watch
from pressroom.kernel.secrets import Secrets
from pressroom.kernel.services import Services
from pressroom.kernel.settings import (
    DatabaseSettings,
    HttpSettings,
    JobsSettings,
    LogSettings,
    Section,
    Settings,
    SiteSettings,
    load_settings,
)

KERNEL_SECTIONS: tuple[type[Section], ...] = (SiteSettings, HttpSettings, DatabaseSettings, LogSettings, JobsSettings)
SECTIONS = (*KERNEL_SECTIONS, *(section for feature in FEATURES for section in feature.settings))


def read_settings(environ: Mapping[str, str], *, folder: Path, data: Path | None = None) -> Settings:
    """All settings of this program. See `load_settings` for where they come from."""
    return at_last_address(load_settings(SECTIONS, environ=environ, folder=folder, data=data))


def build_services(settings: Settings, *, clock: Clock | None = None, local: bool = False) -> Services:
    """Opens nothing yet: each service opens what it needs when it is first used."""
    clock = clock or SystemClock()
    bus = EventBus(subscription for feature in FEATURES for subscription in feature.subscriptions)
    database = Database(settings[DatabaseSettings], settings.data, bus)
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        cache=MemoryCache(clock),
        storage=LocalStorage(settings.data / "objects"),
        mailer=OutboxMailer(settings.data / "outbox", clock),
        secrets=Secrets(settings.data),
        jobs=JobCatalogue(kind for feature in FEATURES for kind in feature.jobs),
        revision=revision_watch(database),
        local=local,
        adapters={port: adapter for feature in FEATURES for port, adapter in feature.adapters.items()},
    )
