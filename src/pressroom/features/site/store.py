"""Where the releases of a publication lie."""

from pressroom.features.site.releases import ReleaseStore
from pressroom.kernel.services import Services


def release_store(services: Services) -> ReleaseStore:
    """The releases of this publication, in its data folder."""
    return ReleaseStore(services.settings.data / "site")
