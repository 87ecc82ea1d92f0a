"""Who may see and steer a job."""

from uuid import UUID

from pressroom.kernel.auth import Actor, Role


def may_see(actor: Actor, *, asked_by: UUID | None) -> bool:
    """Whoever asked for it, and editors."""
    return actor.id == asked_by or actor.is_at_least(Role.editor)
