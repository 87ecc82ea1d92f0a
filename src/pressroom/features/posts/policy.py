"""Who may do what with a post. Pure."""

from uuid import UUID

from pressroom.kernel.auth import Actor, Role


def may_write(actor: Actor) -> bool:
    """Authors and above write; members read."""
    return actor.is_at_least(Role.author)


def may_edit(actor: Actor, author_id: UUID | None) -> bool:
    """Authors handle their own posts, publishing included; editors and above handle all."""
    return actor.is_at_least(Role.editor) or (may_write(actor) and author_id == actor.id)


def sees_all(actor: Actor) -> bool:
    """Whether the editorial lists show the posts of everybody."""
    return actor.is_at_least(Role.editor)
