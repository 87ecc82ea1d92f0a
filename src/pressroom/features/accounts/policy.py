"""Who may do what to whom. Pure: no database, no request."""

from pressroom.kernel.auth import Actor, Role


def may_manage(actor: Actor, role: Role) -> bool:
    """Whether the actor may change somebody of this role: those below oneself, and everybody for an owner."""
    return actor.role is Role.owner or actor.role.rank > role.rank


def may_grant(actor: Actor, role: Role) -> bool:
    """Whether the actor may give this role: nobody raises anyone above their own."""
    return actor.role.includes(role)
