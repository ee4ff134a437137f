"""POST /sessions/{sessionId}/finalize: one result, and what it writes."""

import httpx
import pytest

from testing.api import a_course, a_session_to_finalize, etag, marks, records, seen
from tests.stack.operator import Operator

pytestmark = [pytest.mark.stack, pytest.mark.dynamodb]


def test_finalizing_answers_with_what_it_wrote(admin: httpx.Client) -> None:
    """The session is completed, and the numbers are those of the preview."""
    session = a_session_to_finalize(admin, people=4)
    absent, failed, *_ = session.people
    admin.patch(session.attendance, json=marks(session, [absent], [failed])).raise_for_status()
    preview = seen(admin, session)["finalization"]["preview"]

    response = admin.post(session.finalize)

    assert response.status_code == 200
    answer = response.json()
    assert preview == {
        "trainingRecords": 3,
        "competencyRecords": 0,
        "passed": 2,
        "failed": 1,
        "absent": 1,
    }
    assert {name: answer[name] for name in preview} == preview
    assert (answer["sessionId"], answer["status"]) == (session.session_id, "COMPLETED")
    assert answer["finalizedBy"]["name"] == "Ingrid Solheim"


def test_a_record_quotes_all_it_rests_on(admin: httpx.Client) -> None:
    """The session's sheet, course, trainer and remarks are copied to every record."""
    course_id = a_course(admin, title="Rescue", version="4", validityMonths=6)
    session = a_session_to_finalize(admin, course_id, people=2, endsAt="2026-03-31T15:00:00+02:00",
                                    startsAt="2026-03-31T08:00:00+02:00")  # fmt: skip
    admin.patch(session.attendance, json=marks(session, remarks="Harness B12")).raise_for_status()
    evidence = seen(admin, session)["evidence"]
    answer = admin.post(session.finalize).json()

    found = records(admin, session)

    assert found.keys() == set(session.people)
    for record in found.values():
        assert record["sessionId"] == session.session_id
        assert record["courseId"] == course_id
        assert (record["courseTitle"], record["courseVersion"]) == ("Rescue", "4")
        assert (record["sessionDate"], record["expiryDate"]) == ("2026-03-31", "2026-09-30")
        assert record["evidenceFileKey"] == evidence["attendanceFileKey"]
        assert record["evidenceFileVersionId"] == evidence["attendanceFileVersionId"]
        assert record["evidenceFileHash"] == evidence["attendanceFileHash"]
        assert record["remarks"] == "Harness B12"
        assert record["trainer"] == session.plan["trainer"]
        assert record["finalizedAt"] == answer["finalizedAt"]
        assert record["finalizedBy"] == answer["finalizedBy"]


def test_the_same_request_again_gets_the_first_answer(
    admin: httpx.Client, operator: Operator
) -> None:
    """
    A client whose connection broke repeats its request with key and condition, and learns the
    result.
    """
    session = a_session_to_finalize(admin)
    request = etag(admin, session) | {"Idempotency-Key": "4e7a9f4c-press-once"}
    first = admin.post(session.finalize, headers=request)
    before = operator.state(session)

    again = admin.post(session.finalize, headers=request)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert operator.state(session) == before
