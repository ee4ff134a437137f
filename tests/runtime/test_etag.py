"""ETags: which state of a session a client saw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.session import View
from shared.runtime.etag import etag, seen_views
from tests.builders import a_course, a_session

SEEN: dict[str, list[View]] = {
    '"7.4"': [View(7, 4)],
    '"7"': [View(7, None)],
    'W/"7.4"': [View(7, 4)],
    '"7.4", "8.4"': [View(7, 4), View(8, 4)],
    '"7.4","8", W/"9.1"': [View(7, 4), View(8, None), View(9, 1)],
    "": [],
    "7.4": [],
    '"7.4': [],
    '""': [],
    '"a"': [],
    '"-7"': [],
    '"7.4.1"': [],
    '"7."': [],
    '"1234567890123456"': [],
}


def test_etag_names_session_and_course() -> None:
    """Both decide what Finalize would write."""
    assert etag(a_session(version=7), a_course(revision=4)) == '"7.4"'


def test_etag_without_the_course_names_the_session_alone() -> None:
    """Who only saves attendance has not read the course."""
    assert etag(a_session(version=7)) == '"7"'


def test_no_header_is_no_condition() -> None:
    """A client that names nothing decides on whatever there is."""
    assert seen_views(None) is None


@pytest.mark.parametrize("header", ["*", " * "])
def test_any_tag_is_any_state(header: str) -> None:
    """The condition is that there is something (RFC 9110)."""
    assert seen_views(header) == [View(None)]


@pytest.mark.parametrize(("header", "views"), SEEN.items())
def test_seen_views_are_those_that_are_named(header: str, views: list[View]) -> None:
    """What we never gave out names nothing, and so matches nothing."""
    assert seen_views(header) == views


@given(st.integers(0, 10**15 - 1), st.integers(0, 10**15 - 1))
def test_every_tag_of_ours_is_read_back(version: int, revision: int) -> None:
    """Whatever is given out is understood when it comes back, alone or among others."""
    tag = etag(a_session(version=version), a_course(revision=revision))

    assert seen_views(tag) == [View(version, revision)]
    assert seen_views(f'"0", W/{tag}') == [View(0), View(version, revision)]


@given(st.text())
def test_no_header_breaks_the_reading(header: str) -> None:
    """A client may send anything."""
    views = seen_views(header)

    assert views is not None
    assert all(view.version is None or view.version >= 0 for view in views)
