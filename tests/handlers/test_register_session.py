"""PUT /sessions/{sessionId}."""

import pytest

from local import samples
from tests.handlers import steps
from tests.handlers.calls import Answer, Json, LateInvocation, call, request, send
from tests.handlers.steps import CALLED_OFF, FORKLIFT

SESSION = samples.sessions()[FORKLIFT]
PEOPLE = SESSION["attendees"]

BAD_FIELDS: list[tuple[str, object, str]] = [
    ("courseId", None, "/courseId"),
    ("courseId", "../x", "/courseId"),
    ("title", "", "/title"),
    ("title", "   ", "/title"),
    ("status", "COMPLETED", "/status"),
    ("status", "FINALIZING", "/status"),
    ("status", "in_progress", "/status"),
    ("startsAt", "2026-11-12T09:00:00", "/startsAt"),
    ("startsAt", "12.11.2026", "/startsAt"),
    ("startsAt", None, "/startsAt"),
    ("startsAt", 1783000000, "/startsAt"),
    ("startsAt", "9999-12-31T23:59:59Z", "/startsAt"),
    ("endsAt", "2026-11-12T08:59:59+01:00", "/endsAt"),
    ("endsAt", "9999-12-31T23:59:59-12:00", "/endsAt"),
    ("endsAt", "20261112", "/endsAt"),
    ("endsAt", "2026-02-30T09:00:00Z", "/endsAt"),
    ("timezone", "Berlin", "/timezone"),
    ("timezone", "", "/timezone"),
    ("timezone", "localtime", "/timezone"),
    ("timezone", "../../etc/passwd", "/timezone"),
    ("timezone", "+01:00", "/timezone"),
    ("location", "", "/location"),
    ("trainer", None, "/trainer"),
    ("trainer", {"id": "t-1"}, "/trainer/name"),
    ("trainer", {"id": "t-1", "name": " "}, "/trainer/name"),
    ("attendees", None, "/attendees"),
    ("attendees", [{"personnelId": "4711", "name": "N"}], "/attendees/0/personnelId"),
    ("attendees", [{"personnelId": "c" * 256, "name": "N"}], "/attendees/0/personnelId"),
    ("attendees", [{"personnelId": "c/abcdefghij", "name": "N"}], "/attendees/0/personnelId"),
    ("attendees", [{**PEOPLE[0], "name": "\u200b"}], "/attendees/0/name"),
    ("attendees", [{**PEOPLE[0], "name": "A\0B"}], "/attendees/0/name"),
    ("attendees", [{**PEOPLE[0], "jobTitle": "\u3164"}], "/attendees/0/jobTitle"),
    ("title", "\u2800", "/title"),
    ("location", "Hall\n3", "/location"),
    ("trainer", {"id": "\u115f", "name": "N"}, "/trainer/id"),
    ("trainer", {"id": "t-1", "name": "\u00ad"}, "/trainer/name"),
    ("trainer", {"id": "t-1", "name": "N", "qualification": "\t"}, "/trainer/qualification"),
    ("attendees", [{"personnelId": PEOPLE[0]["personnelId"]}], "/attendees/0/name"),
    ("attendees", [PEOPLE[0], PEOPLE[1], PEOPLE[0]], "/attendees/2/personnelId"),
]


def put(**fields: object) -> Answer:
    """Register the session with these *fields* changed."""
    return send("register_session", body={**SESSION, **fields})


def view() -> Json:
    """Return the session as a client sees it."""
    body: Json = send("view_session", session_id=FORKLIFT).body
    return body


@pytest.mark.usefixtures("stack")
def test_session_that_is_new_is_created() -> None:
    """The answer tells a new session from a replaced one, and has its tag."""
    steps.enter_course(SESSION["courseId"])

    answer = send("register_session")

    assert answer.status == 201
    assert answer.body == {
        "sessionId": FORKLIFT,
        "status": "IN_PROGRESS",
        "rosterCount": 6,
        "version": 1,
    }
    assert answer.headers == {
        "content-type": "application/json",
        "cache-control": "no-store",
        "etag": '"1.1"',
    }


@pytest.mark.usefixtures("stack")
def test_session_that_is_known_is_replaced() -> None:
    """A second PUT replaces the details."""
    steps.enter()

    answer = put(title="Forklift Operator, second day", location=None)

    assert (answer.status, answer.body["version"]) == (200, 2)
    assert view()["title"] == "Forklift Operator, second day"
    assert "location" not in view()


@pytest.mark.usefixtures("stack")
def test_session_replaced_keeps_the_marks_of_people_who_stay() -> None:
    """Planning and drafting can overlap; only people who leave the roster lose their marks."""
    steps.enter()
    steps.mark()

    put(attendees=[{**PEOPLE[1], "jobTitle": "Foreman"}, *PEOPLE[2:5]])
    answer = put()

    rows = {row["personnelId"]: row["isPresent"] for row in view()["attendees"]}
    assert answer.body["rosterCount"] == 6
    assert [rows[person["personnelId"]] for person in PEOPLE] == [False, *[True] * 4, False]


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    ("given", "before", "after"),
    [
        ("CANCELLED", "IN_PROGRESS", "CANCELLED"),
        ("SCHEDULED", "CANCELLED", "SCHEDULED"),
        (None, "IN_PROGRESS", "IN_PROGRESS"),
        (None, "CANCELLED", "CANCELLED"),
    ],
)
def test_session_status_is_what_is_asked_for_or_stays(
    given: str | None, before: str, after: str
) -> None:
    """A session can be cancelled and opened again; without a status it stays as it is."""
    steps.enter()
    put(status=before)

    answer = put(status=given)

    assert answer.body["status"] == after


@pytest.mark.usefixtures("stack")
def test_session_without_a_status_is_scheduled() -> None:
    """A new session without a status is planned."""
    steps.enter_course(SESSION["courseId"])

    answer = put(status=None)

    assert answer.body["status"] == "SCHEDULED"


@pytest.mark.usefixtures("stack")
def test_session_of_an_unknown_course_is_refused() -> None:
    """Records of such a session would have no rules."""
    answer = send("register_session", "unknown_course")

    assert (answer.status, answer.pointers) == (400, ["/courseId"])


@pytest.mark.parametrize(("field", "value", "pointer"), BAD_FIELDS)
def test_session_with_a_bad_field_is_refused(field: str, value: object, pointer: str) -> None:
    """Each bad field is pointed to."""
    answer = put(**{field: value})

    assert (answer.status, answer.pointers) == (400, [pointer])


@pytest.mark.usefixtures("stack")
def test_session_refusal_names_every_bad_field() -> None:
    """A client can correct all faults after one answer; nothing is saved."""
    steps.enter_course(SESSION["courseId"])

    answer = send("register_session", "bad_fields")

    assert send("view_session", session_id=FORKLIFT).status == 404

    assert answer.pointers == [
        "/status",
        "/startsAt",
        "/timezone",
        "/attendees/0/personnelId",
    ]


@pytest.mark.usefixtures("stack")
def test_session_may_end_when_it_starts() -> None:
    """A briefing without a duration is unusual, but allowed."""
    steps.enter_course(SESSION["courseId"])

    assert put(endsAt=SESSION["startsAt"]).status == 201


@pytest.mark.usefixtures("stack")
def test_session_may_have_no_attendee_yet() -> None:
    """A session may be planned before anyone is enrolled."""
    steps.enter_course(SESSION["courseId"])

    assert put(attendees=[]).body["rosterCount"] == 0


@pytest.mark.usefixtures("stack")
def test_session_that_was_called_off_can_be_corrected() -> None:
    """Cancelled is not locked: a mistake can be corrected."""
    steps.enter(CALLED_OFF)

    answer = send(
        "register_session",
        session_id=CALLED_OFF,
        body={**samples.sessions()[CALLED_OFF], "status": "SCHEDULED"},
    )

    assert (answer.status, answer.body["status"]) == (200, "SCHEDULED")


@pytest.mark.usefixtures("stack")
def test_session_that_takes_too_long_to_register_stops_in_time() -> None:
    """Nothing is saved without time for it, and the same request may come again."""
    steps.enter_course("forklift-operator-practical")

    answer = call("register_session", request("register_session"), LateInvocation)

    assert (answer.status, answer.slug) == (503, "saved-in-part")
    assert answer.body["saved"] == 0
    assert send("register_session").status == 201
