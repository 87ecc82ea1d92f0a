"""Who may do what with the site."""

from pressroom.kernel.auth import Actor, Role
from pressroom.kernel.errors import NotPermitted


def check_may_publish(actor: Actor) -> None:
    """Whoever may publish may look at builds and ask for one."""
    if not actor.is_at_least(Role.author):
        raise NotPermitted("Authors and above see builds and releases.")


def check_may_run(actor: Actor) -> None:
    """Going back and pinning change what every reader sees."""
    if not actor.is_at_least(Role.editor):
        raise NotPermitted("Editors and above decide which release is live.")
