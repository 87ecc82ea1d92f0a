"""Who may do what with the attached folder. Pure."""

from pressroom.kernel.auth import Actor, Role
from pressroom.kernel.errors import NotPermitted


def check_may_look(actor: Actor) -> None:
    """Paths of the server are for those who decide what readers see."""
    if not actor.is_at_least(Role.editor):
        raise NotPermitted("Editors and above see which folder is attached.")


def check_may_pull(actor: Actor) -> None:
    """A pull brings whatever the remote holds: posts of everybody, layouts, code that the build runs."""
    if not actor.is_at_least(Role.admin):
        raise NotPermitted("Administrators and owners pull.")
