from pressroom.features.posts.policy import may_edit, sees_all
from pressroom.kernel.auth import Actor, Role
from pressroom.kernel.ids import new_id


def test_authors_handle_their_own_posts_and_editors_all() -> None:
    for role in Role:
        actor = Actor(new_id(), "ada", "Ada", role)
        assert may_edit(actor, actor.id) == (role is not Role.member)
        assert may_edit(actor, new_id()) == sees_all(actor) == actor.is_at_least(Role.editor)
        assert may_edit(actor, None) == actor.is_at_least(Role.editor)
