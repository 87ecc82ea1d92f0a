"""Files that are code. Pure."""

from pressroom.features.source.errors import CodeForAdmins
from pressroom.kernel.auth import Actor, Role


def check_code(path: str, actor: Actor | None) -> None:
    """Refuses whoever may not change this file. `None` is the program itself.

    Raises:
        CodeForAdmins: it is run when the site is built.
    """
    if actor and path.lower().endswith(".mdx") and not actor.is_at_least(Role.admin):
        raise CodeForAdmins
