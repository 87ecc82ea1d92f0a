from datetime import UTC, datetime, timedelta

from pressroom.features.posts.states import Standing, Status, Visibility, published, recovered, redated

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEFORE, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)


def test_publishing_takes_the_posts_own_date_and_waits_for_one_that_lies_ahead() -> None:
    assert published(None, NOW) == Standing(Status.published, NOW)
    assert published(BEFORE, NOW) == Standing(Status.published, BEFORE)
    assert published(LATER, NOW) == Standing(Status.scheduled, LATER)


def test_readers_see_a_post_that_is_out_and_not_private_and_not_deleted() -> None:
    out = Standing(Status.published, BEFORE)
    assert out.public_at(Visibility.public, deleted=False) == BEFORE
    assert out.public_at(Visibility.members, deleted=False) == BEFORE
    assert out.public_at(Visibility.private, deleted=False) is None
    assert out.public_at(Visibility.public, deleted=True) is None
    for status in (Status.draft, Status.scheduled, Status.archived):
        assert Standing(status, BEFORE).public_at(Visibility.public, deleted=False) is None


def test_a_new_date_moves_a_public_post_into_the_future_and_back() -> None:
    assert redated(Status.published, before=BEFORE, after=LATER, now=NOW) == Standing(Status.scheduled, LATER)
    assert redated(Status.scheduled, before=LATER, after=BEFORE, now=NOW) == Standing(Status.published, BEFORE)
    assert redated(Status.published, before=BEFORE, after=None, now=NOW) == Standing(Status.published, BEFORE)
    assert redated(Status.draft, before=BEFORE, after=None, now=NOW) == Standing(Status.draft, None)


def test_a_scheduled_post_whose_moment_passed_in_the_trash_waits_for_a_person() -> None:
    assert recovered(Status.scheduled, BEFORE, NOW) == Standing(Status.draft, BEFORE)
    assert recovered(Status.scheduled, LATER, NOW) == Standing(Status.scheduled, LATER)
    assert recovered(Status.published, BEFORE, NOW) == Standing(Status.published, BEFORE)
