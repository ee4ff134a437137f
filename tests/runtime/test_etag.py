"""ETags: the state of a session that a client saw."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.session import Session, SessionStatus
from shared.domain.session_conditions import ExpectedVersion
from shared.runtime.etag import etag, expected_versions, names, view_etag
from testing.builders import NOW, a_course, a_session, an_upload

SEEN: dict[str, list[ExpectedVersion]] = {
    '"7.4"': [ExpectedVersion(7, 4)],
    '"7"': [ExpectedVersion(7, None)],
    'W/"7.4"': [ExpectedVersion(7, 4)],
    '"7.4.0a1b2c3d"': [ExpectedVersion(7, 4)],
    '"7.4", "8.4"': [ExpectedVersion(7, 4), ExpectedVersion(8, 4)],
    '"7.4","8", W/"9.1"': [ExpectedVersion(7, 4), ExpectedVersion(8, None), ExpectedVersion(9, 1)],
    "": [],
    "7.4": [],
    '"7.4': [],
    '""': [],
    '"a"': [],
    '"-7"': [],
    '"7.4.1"': [],
    '"7."': [],
    '"1234567890123456"': [],
    '"\u0667.4"': [],
    ", ,\t": [],
    ', "7" ,': [ExpectedVersion(7)],
    '"a,b", "7"': [ExpectedVersion(7)],
    '"abc"7.4"def"': [],
    '"a" "7"': [],
    '"7", nonsense': [],
    '*, "7"': [],
    f"{',' * 5_000}{' ' * 5_000}x": [],
}
KNOWN = {
    '"7.4.0a1b2c3d"': True,
    'W/"7.4.0a1b2c3d"': True,
    '"1", "7.4.0a1b2c3d"': True,
    "*": True,
    '"7.4"': False,
    '"7.4.ffffffff"': False,
    "7.4.0a1b2c3d": False,
    "": False,
    '"abc"7.4.0a1b2c3d"def"': False,
}
LATER = NOW + timedelta(minutes=14, seconds=59)


def test_etag_names_session_and_course() -> None:
    """Both decide what Finalize would write."""
    assert etag(a_session(version=7), a_course(revision=4)) == '"7.4"'


def test_etag_without_the_course_names_the_session_alone() -> None:
    """A client that only saves attendance has not read the course."""
    assert etag(a_session(version=7)) == '"7"'


def test_no_header_is_no_condition() -> None:
    """A client without a header accepts any state."""
    assert expected_versions(None) is None


@pytest.mark.parametrize("header", ["*", " * "])
def test_any_tag_is_any_state(header: str) -> None:
    """The condition is that the session exists (RFC 9110)."""
    assert expected_versions(header) == [ExpectedVersion(None)]


@pytest.mark.parametrize(("header", "views"), SEEN.items())
def test_seen_views_are_those_that_are_named(header: str, views: list[ExpectedVersion]) -> None:
    """A tag that the API never gave out matches no state."""
    assert expected_versions(header) == views


@given(st.integers(0, 10**15 - 1), st.integers(0, 10**15 - 1))
def test_every_tag_of_ours_is_read_back(version: int, revision: int) -> None:
    """A tag from an answer is understood when a client sends it, alone or among others."""
    tag = etag(a_session(version=version), a_course(revision=revision))

    assert expected_versions(tag) == [ExpectedVersion(version, revision)]
    assert expected_versions(f'"0", W/{tag}') == [
        ExpectedVersion(0),
        ExpectedVersion(version, revision),
    ]


@given(st.text())
def test_no_header_breaks_the_reading(header: str) -> None:
    """Any header a client sends is read without an error."""
    views = expected_versions(header)

    assert views is not None
    assert all(view.version is None or view.version >= 0 for view in views)


@pytest.mark.parametrize(("header", "known"), KNOWN.items())
def test_view_is_known_to_whoever_names_its_tag(header: str, known: bool) -> None:
    """The comparison is weak; a list that is not well formed names nothing (RFC 9110 §13.1.2)."""
    assert names(header, '"7.4.0a1b2c3d"') is known


def view(session: Session, *other_uses: str, later: timedelta = timedelta()) -> str:
    """Return the tag of a view of *session*."""
    return view_etag(session, a_course(revision=4), other_uses, NOW + later)


def test_view_has_the_tag_of_its_version_and_a_part_of_its_own() -> None:
    """A change of the session is conditioned on the first two parts."""
    tag = view(a_session(version=7))

    assert tag.startswith('"7.4.')
    assert expected_versions(tag) == [ExpectedVersion(7, 4)]


def test_view_that_did_not_change_keeps_its_tag() -> None:
    """Whoever looks again soon has it already."""
    assert view(a_session(version=7)) == view(a_session(version=7), later=timedelta(seconds=1))


def test_view_changes_with_what_time_changes() -> None:
    """A check of a sheet that takes too long ends without a change of the session."""
    waiting = a_session(pending=an_upload())

    assert view(waiting) != view(waiting, later=timedelta(minutes=16))


def test_view_changes_with_another_use_of_its_sheet() -> None:
    """Another session's sheet shows on this one."""
    assert view(a_session()) != view(a_session(), "crane-2026")


def test_view_is_never_known_while_records_are_written() -> None:
    """Its progress changes without a change of the session."""
    locked = replace(a_session(), status=SessionStatus.FINALIZING)

    assert view(locked) != view(locked, later=timedelta(milliseconds=1))


def test_view_is_taken_anew_each_quarter_of_an_hour() -> None:
    """In every time zone a day begins on a quarter: what depends on the day is never outdated."""
    midnight = NOW.replace(minute=0, second=0, microsecond=0)
    tags = {
        view_etag(a_session(), a_course(), (), midnight + timedelta(minutes=minutes))
        for minutes in range(60)
    }

    assert len(tags) == 4
