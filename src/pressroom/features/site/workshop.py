"""What one process remembers between builds, so that the next one costs no more than what changed."""

from dataclasses import dataclass
from uuid import UUID
from weakref import WeakKeyDictionary

from pressroom.features.site.generator import Edition, Press
from pressroom.features.site.site_info import site_info, theme_folder
from pressroom.features.site.store import release_store
from pressroom.kernel.services import Services


@dataclass(slots=True)
class Progress:
    """The newest release this process made: what it shows, and up to which public revision."""

    release_id: UUID
    revision: int
    edition: Edition


class Workshop:
    """The press and the store of one site, and where work stands.

    It only ever saves work: when it does not know the newest release, everything is built anew.
    """

    def __init__(self, services: Services) -> None:
        self.store = release_store(services)
        self._settings = services.settings
        self._press: Press | None = None
        self.progress: Progress | None = None

    @property
    def press(self) -> Press:
        """The theme, read when it is first needed. Raises `BuildFailed` when it cannot be used."""
        if self._press is None:
            self._press = Press(site_info(self._settings), theme_folder(self._settings))
        return self._press


_WORKSHOPS: WeakKeyDictionary[Services, Workshop] = WeakKeyDictionary()


def workshop(services: Services) -> Workshop:
    """The one workshop of these services."""
    found = _WORKSHOPS.get(services)
    if found is None:
        found = _WORKSHOPS[services] = Workshop(services)
    return found
