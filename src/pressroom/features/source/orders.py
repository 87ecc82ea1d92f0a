"""The slice's jobs by name, for those who ask for them."""

from uuid import UUID

from pydantic import ConfigDict

from pressroom.kernel.schema import Schema

COMMIT = "source.commit"
PUSH = "source.push"
PULL = "source.pull"


class CommitOrder(Schema):
    """Whose save of which post is to be committed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    post_id: UUID
    by: UUID | None
