"""What a build is asked to do."""

from pydantic import ConfigDict

from pressroom.kernel.schema import Schema


class BuildOrder(Schema):
    """Args of a build's job.

    Attributes:
        everything: make every page anew, even if nothing changed.
        smaller: go live even if the site lost many pages.
        asked: somebody waits for it, so it does not wait for a quiet moment.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    everything: bool = False
    smaller: bool = False
    asked: bool = False
