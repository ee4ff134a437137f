"""What a client demands of a session before it changes it."""

import pytest

from shared.domain.errors import StaleView
from shared.domain.session_conditions import ExpectedVersion, require_current
from testing.builders import a_course, a_session


def test_require_current_accepts_a_client_without_a_condition() -> None:
    """Without a condition there is no refusal."""
    require_current(None, a_session())


def test_require_current_refuses_a_condition_that_names_no_state_of_ours() -> None:
    """A tag that the API never gave out matches no state."""
    with pytest.raises(StaleView):
        require_current([], a_session())


@pytest.mark.parametrize("version", [6, 8])
def test_require_current_refuses_another_version(version: int) -> None:
    """A client that decided on an older version is refused."""
    with pytest.raises(StaleView):
        require_current([ExpectedVersion(version)], a_session(version=7))


def test_require_current_accepts_one_current_view_of_several() -> None:
    """A client may name several states; one current one is enough."""
    require_current(
        [ExpectedVersion(3), ExpectedVersion(7), ExpectedVersion(8)], a_session(version=7)
    )


def test_require_current_refuses_a_view_under_other_course_rules() -> None:
    """The client saw another kind of records than there would be now."""
    with pytest.raises(StaleView):
        require_current(
            [ExpectedVersion(7, course_revision=3)], a_session(version=7), a_course(revision=4)
        )


@pytest.mark.parametrize("seen", [4, None])
def test_require_current_accepts_the_same_course_rules_or_none_seen(seen: int | None) -> None:
    """A tag that names the session alone does not bind the course."""
    require_current([ExpectedVersion(7, seen)], a_session(version=7), a_course(revision=4))


def test_require_current_ignores_the_course_where_it_does_not_matter() -> None:
    """Saving attendance does not depend on the course's rules."""
    require_current([ExpectedVersion(7, course_revision=1)], a_session(version=7))


def test_require_current_refuses_an_old_version_under_the_same_rules() -> None:
    """Both parts of a view have to be current."""
    with pytest.raises(StaleView):
        require_current([ExpectedVersion(6, 4)], a_session(version=7), a_course(revision=4))
