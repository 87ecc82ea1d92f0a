import pytest

from pressroom.features.accounts.policy import may_grant, may_manage
from pressroom.kernel.auth import Actor, Role
from pressroom.kernel.ids import new_id


def actor(role: Role) -> Actor:
    return Actor(new_id(), "x", "X", role)


@pytest.mark.parametrize("role", list(Role))
def test_an_owner_manages_everybody_and_others_only_those_below(role: Role) -> None:
    assert may_manage(actor(Role.owner), role)
    assert may_manage(actor(Role.admin), role) == (role in (Role.editor, Role.author, Role.member))


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_a_role_above_their_own(role: Role) -> None:
    assert may_grant(actor(Role.admin), role) == (role is not Role.owner)
    assert may_grant(actor(Role.owner), role)
