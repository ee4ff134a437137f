"""POST /sessions/{sessionId}/finalize: the gate, and what passes through it."""

import httpx
import pytest

from tests.stack.backstage import Backstage
from tests.stack.problems import (
    EVIDENCE_MISSING,
    FINALIZED,
    INVALID,
    NOT_FOUND,
    ROSTER_INCOMPLETE,
    STALE_VIEW,
    problem,
)
from tests.stack.story import (
    Session,
    a_course,
    a_finalized_session,
    a_plan,
    a_session,
    a_session_to_finalize,
    etag,
    fresh,
    hand_in,
    marks,
    records,
    seen,
)

pytestmark = pytest.mark.stack


def test_finalizing_answers_with_what_it_wrote(admin: httpx.Client) -> None:
    """
    The session is completed, and the numbers are those of the preview.
    """
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


def test_a_finalized_session_shows_who_finalized_it_and_when(admin: httpx.Client) -> None:
    """
    The lock's time stamp and its author are part of the session from then on (spec §2).
    """
    session = a_session_to_finalize(admin)
    answer = admin.post(session.finalize).json()

    view = seen(admin, session)

    assert view["status"] == "COMPLETED"
    finalization = view["finalization"]
    assert finalization["finalizedAt"] == answer["finalizedAt"]
    assert finalization["finalizedBy"] == answer["finalizedBy"]
    assert (finalization["allowed"], finalization["blockers"]) == (False, ["session-finalized"])


def test_everybody_who_was_present_gets_a_record_and_nobody_else(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    A pass and a failure are both kept, the failure as proof of the attempt; absence is no record.
    """
    session = a_session_to_finalize(admin)
    passed, failed, absent = session.people
    admin.patch(session.attendance, json=marks(session, [absent], [failed])).raise_for_status()

    admin.post(session.finalize).raise_for_status()

    outcome = {
        person: (record["kind"], record["result"], record["status"])
        for person, record in records(admin, session).items()
    }
    assert outcome == {
        passed: ("TRAINING", "PASSED", "PASSED"),
        failed: ("TRAINING", "FAILED", "FAILED"),
    }
    assert len(backstage.records(session)) == 2


def test_a_record_quotes_all_it_rests_on(admin: httpx.Client) -> None:
    """
    The session's one sheet, its course, its trainer and its remarks are copied to every record.
    """
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


def test_a_course_that_requires_verification_yields_pending_competencies(
    admin: httpx.Client,
) -> None:
    """
    Whatever the result, the record waits for a verifier; it carries the result all the same.
    """
    course_id = a_course(admin, requiresVerify=True, validityMonths=24)
    session = a_session_to_finalize(admin, course_id, people=2)
    passed, failed = session.people
    admin.patch(session.attendance, json=marks(session, failed=[failed])).raise_for_status()

    answer = admin.post(session.finalize).json()

    assert (answer["trainingRecords"], answer["competencyRecords"]) == (0, 2)
    outcome = {
        person: (record["kind"], record["result"], record["status"])
        for person, record in records(admin, session).items()
    }
    assert outcome == {
        passed: ("COMPETENCY", "PASSED", "PENDING_VERIFICATION"),
        failed: ("COMPETENCY", "FAILED", "PENDING_VERIFICATION"),
    }


@pytest.mark.parametrize(
    ("ends_at", "timezone", "months", "dates"),
    [
        ("2026-01-31T12:00:00Z", "UTC", 1, ("2026-01-31", "2026-02-28")),
        ("2024-02-29T12:00:00Z", "UTC", 12, ("2024-02-29", "2025-02-28")),
        ("2026-03-11T02:00:00Z", "America/New_York", 12, ("2026-03-10", "2027-03-10")),
        ("2026-03-10T23:30:00Z", "Pacific/Auckland", 12, ("2026-03-11", "2027-03-11")),
        ("2026-03-10T12:00:00Z", "UTC", None, ("2026-03-10", None)),
    ],
)
def test_a_record_expires_by_the_calendar_of_the_place(
    ends_at: str,
    timezone: str,
    months: int | None,
    dates: tuple[str, str | None],
    admin: httpx.Client,
) -> None:
    """
    Calendar months from the day the session ended where it took place, clamped to the month's end.
    """
    session = a_session_to_finalize(
        admin,
        a_course(admin, validityMonths=months),
        people=1,
        startsAt="2024-01-01T00:00:00Z",
        endsAt=ends_at,
        timezone=timezone,
    )

    admin.post(session.finalize).raise_for_status()

    (record,) = records(admin, session).values()
    assert (record["sessionDate"], record.get("expiryDate")) == dates


def test_a_session_that_nobody_came_to_is_finalized_without_records(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    Nobody present is allowed: zero records, and the session is closed (DESIGN §5.1).
    """
    session = a_session(admin)
    hand_in(admin, session)

    response = admin.post(session.finalize)

    assert response.status_code == 200
    assert (response.json()["trainingRecords"], response.json()["absent"]) == (0, 3)
    assert records(admin, session) == {}
    assert backstage.records(session) == []


def test_records_keep_the_rules_they_were_written_under(admin: httpx.Client) -> None:
    """
    What becomes of the course afterwards reaches neither the session nor its records.
    """
    course_id = a_course(admin, validityMonths=12)
    session = a_finalized_session(admin, course_id)
    before = records(admin, session), seen(admin, session)

    admin.put(
        f"/courses/{course_id}",
        json={"title": "Something else", "requiresVerify": True, "validityMonths": 1},
    ).raise_for_status()

    assert (records(admin, session), seen(admin, session)) == before
    assert before[1]["course"]["title"] == "Working at Height"


def test_records_are_read_page_by_page(auditor: httpx.Client, admin: httpx.Client) -> None:
    """
    A cursor leads through all records without a gap, and ends.
    """
    session = a_finalized_session(admin, people=5)
    found: list[str] = []
    query = {"limit": "2"}

    for _ in range(3):
        page = auditor.get(session.records, params=query).json()
        found += [record["personnelId"] for record in page["items"]]
        query["cursor"] = page.get("nextCursor", "")

    assert found == sorted(session.people)
    assert query["cursor"] == ""


def test_without_a_sheet_nothing_is_finalized(admin: httpx.Client, backstage: Backstage) -> None:
    """
    No evidence, no records: 400 "Evidence Missing", and nothing is written (spec §4 C).
    """
    session = a_session(admin)
    admin.patch(session.attendance, json=marks(session)).raise_for_status()
    before = backstage.state(session)

    response = admin.post(session.finalize)

    assert problem(response) == EVIDENCE_MISSING
    assert response.json()["title"] == "Evidence Missing"
    assert backstage.state(session) == before


def test_a_rejected_sheet_is_no_sheet(admin: httpx.Client, backstage: Backstage) -> None:
    """
    A file was uploaded, and still the evidence is missing.
    """
    session = a_session(admin)
    hand_in(admin, session, b"no sheet at all")
    before = backstage.state(session)

    response = admin.post(session.finalize)

    assert problem(response) == EVIDENCE_MISSING
    assert backstage.state(session) == before


def test_a_session_that_is_not_there_cannot_be_finalized(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    404, and nothing comes into being.
    """
    session = Session(fresh("session"), a_plan("any"))

    response = admin.post(session.finalize)

    assert problem(response) == NOT_FOUND
    assert backstage.rows(session) == []


def test_a_session_is_finalized_only_once(admin: httpx.Client, backstage: Backstage) -> None:
    """
    The second time is a conflict, and not one byte differs afterwards.
    """
    session = a_finalized_session(admin)
    before = backstage.state(session)

    response = admin.post(session.finalize)

    assert problem(response) == FINALIZED
    assert backstage.state(session) == before


def test_the_same_request_again_gets_the_first_answer(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    A client whose connection broke repeats its request, key and condition included, and learns
    what it did.
    """
    session = a_session_to_finalize(admin)
    request = etag(admin, session) | {"Idempotency-Key": "4e7a9f4c-press-once"}
    first = admin.post(session.finalize, headers=request)
    before = backstage.state(session)

    again = admin.post(session.finalize, headers=request)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert backstage.state(session) == before


def test_another_request_does_not_get_the_first_answer(admin: httpx.Client) -> None:
    """
    Somebody else's key does not make the second finalize a repeat.
    """
    session = a_session_to_finalize(admin)
    admin.post(session.finalize, headers={"Idempotency-Key": "mine"}).raise_for_status()

    response = admin.post(session.finalize, headers={"Idempotency-Key": "yours"})

    assert problem(response) == FINALIZED


@pytest.mark.parametrize("key", ["", "two words", "x" * 256])
def test_a_key_that_is_none_is_refused(key: str, admin: httpx.Client, backstage: Backstage) -> None:
    """
    A key that cannot be told apart from others protects nobody: refused before anything happens.
    """
    session = a_session_to_finalize(admin)
    before = backstage.state(session)

    response = admin.post(session.finalize, headers={"Idempotency-Key": key})

    assert problem(response) == INVALID
    assert backstage.state(session) == before


def test_the_view_that_was_confirmed_is_finalized(admin: httpx.Client) -> None:
    """
    If-Match with the current ETag lets the finalization through.
    """
    session = a_session_to_finalize(admin)

    response = admin.post(session.finalize, headers=etag(admin, session))

    assert response.status_code == 200


def test_a_stale_view_is_not_finalized(
    trainer: httpx.Client, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    The number in the confirmation dialog is the number that is written, or none is.
    """
    session = a_session_to_finalize(admin)
    confirmed = etag(admin, session)
    trainer.patch(session.attendance, json=marks(session, session.people[:1])).raise_for_status()
    before = backstage.state(session)

    response = admin.post(session.finalize, headers=confirmed)

    assert problem(response) == STALE_VIEW
    assert backstage.state(session) == before


def test_a_view_of_other_course_rules_is_not_finalized(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    The kind of the records was part of what was confirmed, and it comes from the course.
    """
    session = a_session_to_finalize(admin, a_course(admin))
    confirmed = etag(admin, session)
    admin.put(f"/courses/{session.course_id}", json={"title": "T", "requiresVerify": True})
    before = backstage.state(session)

    response = admin.post(session.finalize, headers=confirmed)

    assert problem(response) == STALE_VIEW
    assert backstage.state(session) == before


def test_half_a_roster_is_not_finalized(admin: httpx.Client, backstage: Backstage) -> None:
    """
    A replacement of the roster that broke off must be completed first; sending it again does.
    """
    session = a_session_to_finalize(admin)
    backstage.edit(session, "rosterChange", {"S": "broke-off"})
    before = backstage.state(session)

    refused = admin.post(session.finalize)

    assert problem(refused) == ROSTER_INCOMPLETE
    assert backstage.state(session) == before
    admin.put(session.path, json=session.plan).raise_for_status()
    assert admin.post(session.finalize).status_code == 200
