"""The views: the list, one session, and what is not there."""

from datetime import UTC, datetime

import httpx
import pytest

from tests.stack.problems import INVALID, NOT_FOUND, pointers, problem
from tests.stack.story import (
    Session,
    a_course,
    a_session,
    a_session_to_finalize,
    fresh,
    marks,
    seen,
)

pytestmark = pytest.mark.stack


def test_a_session_is_shown_with_all_it_is_made_of(
    auditor: httpx.Client, admin: httpx.Client
) -> None:
    """
    One answer holds the plan, the course's rules, the evidence, the grid and the preview.
    """
    course_id = a_course(admin, title="Rescue", version="2", requiresVerify=True)
    session = a_session(admin, course_id)

    view = seen(auditor, session)

    assert view["course"] == {
        "courseId": course_id,
        "title": "Rescue",
        "version": "2",
        "requiresVerify": True,
        "validityMonths": 12,
    }
    for name in ("title", "timezone", "location", "trainer"):
        assert view[name] == session.plan[name]
    assert view["evidence"] == {"state": "NONE"}
    assert datetime.fromisoformat(view["endsAt"]) == datetime.fromisoformat(session.plan["endsAt"])


def test_the_preview_says_what_is_missing(auditor: httpx.Client, admin: httpx.Client) -> None:
    """
    The Finalize button is disabled until the sheet is there (spec §5), and the view says why.
    """
    session = a_session(admin)

    finalization = seen(auditor, session)["finalization"]

    assert finalization["allowed"] is False
    assert finalization["blockers"] == ["evidence-missing"]


def test_the_preview_counts_what_finalizing_would_write(
    auditor: httpx.Client, admin: httpx.Client
) -> None:
    """
    "This will generate X Training Records" is the number that will be written (spec §5).
    """
    session = a_session_to_finalize(admin, people=5)
    first, second, *_ = session.people
    admin.patch(session.attendance, json=marks(session, absent=[first], failed=[second]))

    finalization = seen(auditor, session)["finalization"]

    assert finalization == {
        "allowed": True,
        "blockers": [],
        "preview": {
            "trainingRecords": 4,
            "competencyRecords": 0,
            "passed": 3,
            "failed": 1,
            "absent": 1,
        },
    }


def test_the_list_shows_the_sessions_of_a_status(
    auditor: httpx.Client, admin: httpx.Client
) -> None:
    """
    Asked for one status, the list holds sessions of that status and no others.
    """
    course_id = a_course(admin)
    cancelled = a_session(admin, course_id, status="CANCELLED")
    planned = a_session(admin, course_id)

    response = auditor.get("/sessions", params={"status": "CANCELLED", "limit": 1000})

    assert response.status_code == 200
    lines = {line["sessionId"]: line for line in response.json()["items"]}
    assert {line["status"] for line in lines.values()} == {"CANCELLED"}
    assert planned.session_id not in lines
    assert lines[cancelled.session_id]["rosterCount"] == 3
    assert lines[cancelled.session_id]["courseId"] == course_id


def test_the_list_is_read_page_by_page(auditor: httpx.Client, admin: httpx.Client) -> None:
    """
    The latest session comes first, whatever its status, and a cursor leads on without a gap.
    """
    course_id = a_course(admin)
    in_order = [
        a_session(
            admin,
            course_id,
            people=0,
            status=status,
            startsAt=datetime(2999, 1, day, tzinfo=UTC).isoformat(),
            endsAt=datetime(2999, 1, day, tzinfo=UTC).isoformat(),
        ).session_id
        for day, status in (
            (9, "SCHEDULED"),
            (8, "CANCELLED"),
            (7, "SCHEDULED"),
            (6, "IN_PROGRESS"),
        )
    ]

    first = auditor.get("/sessions", params={"limit": 2}).json()
    second = auditor.get("/sessions", params={"limit": 2, "cursor": first["nextCursor"]}).json()

    found = [line["sessionId"] for page in (first, second) for line in page["items"]]
    assert found == in_order


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"status": "DONE"}, "/status"),
        ({"limit": "0"}, "/limit"),
        ({"limit": "1001"}, "/limit"),
        ({"limit": "many"}, "/limit"),
        ({"cursor": "%%%"}, "/cursor"),
    ],
)
def test_a_bad_query_is_refused(query: dict[str, str], pointer: str, auditor: httpx.Client) -> None:
    """
    A list is not guessed at: what is wrong with the question is said.
    """
    response = auditor.get("/sessions", params=query)

    assert problem(response) == INVALID
    assert pointers(response) == {pointer}


@pytest.mark.parametrize("part", ["", "/evidence", "/records"])
def test_a_session_that_is_not_there_is_not_found(part: str, auditor: httpx.Client) -> None:
    """
    There is nothing to see of a session that nobody planned.
    """
    session = Session(fresh("session"), {})

    response = auditor.get(f"{session.path}{part}")

    assert problem(response) == NOT_FOUND


def test_a_link_to_a_sheet_that_is_not_there_is_not_found(
    auditor: httpx.Client, admin: httpx.Client
) -> None:
    """
    Before a sheet was accepted there is none to look at.
    """
    session = a_session(admin)

    response = auditor.get(session.evidence)

    assert problem(response) == NOT_FOUND


def test_a_session_that_is_not_finalized_has_no_records(
    auditor: httpx.Client, admin: httpx.Client
) -> None:
    """
    Records are not created in real time (spec §1).
    """
    session = a_session_to_finalize(admin)

    response = auditor.get(session.records)

    assert response.status_code == 200
    assert response.json() == {"items": []}
