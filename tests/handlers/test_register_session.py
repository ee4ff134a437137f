"""PUT /sessions/{sessionId}."""

import pytest

from local import samples
from tests.handlers import steps
from tests.handlers.calls import Answer, Json, send
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
    ("endsAt", "2026-11-12T08:59:59+01:00", ""),
    ("endsAt", "2026-02-30T09:00:00Z", "/endsAt"),
    ("timezone", "Berlin", "/timezone"),
    ("timezone", "", "/timezone"),
    ("timezone", "../../etc/passwd", "/timezone"),
    ("timezone", "+01:00", "/timezone"),
    ("location", "", "/location"),
    ("trainer", None, "/trainer"),
    ("trainer", {"id": "t-1"}, "/trainer/name"),
    ("trainer", {"id": "t-1", "name": " "}, "/trainer/name"),
    ("attendees", None, "/attendees"),
    ("attendees", [{"personnelId": "4711", "name": "N"}], "/attendees/0/personnelId"),
    ("attendees", [{"personnelId": "c" * 256, "name": "N"}], "/attendees/0/personnelId"),
    ("attendees", [{"personnelId": PEOPLE[0]["personnelId"]}], "/attendees/0/name"),
    ("attendees", [PEOPLE[0], PEOPLE[1], PEOPLE[0]], "/attendees/2/personnelId"),
]


def put(**fields: object) -> Answer:
    """Register the session with these *fields* changed."""
    return send("register_session", body={**SESSION, **fields})


def view() -> Json:
    """Return the session as everybody sees it."""
    body: Json = send("view_session", session_id=FORKLIFT).body
    return body


@pytest.mark.usefixtures("stack")
def test_session_that_is_new_is_created() -> None:
    """The answer tells a new session from a replaced one, and gives the tag of what it made."""
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
    """The same address again replaces the details."""
    steps.enter()

    answer = put(title="Forklift Operator, second day", location=None)

    assert (answer.status, answer.body["version"]) == (200, 2)
    assert view()["title"] == "Forklift Operator, second day"
    assert "location" not in view()


@pytest.mark.usefixtures("stack")
def test_session_replaced_keeps_the_marks_of_people_who_stay() -> None:
    """Planning and drafting go on side by side; who leaves the roster loses their marks."""
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
    """A session can be called off and set back; without a status it stays as it is."""
    steps.enter()
    put(status=before)

    answer = put(status=given)

    assert answer.body["status"] == after


@pytest.mark.usefixtures("stack")
def test_session_without_a_status_is_scheduled() -> None:
    """What is new and says nothing else is planned."""
    steps.enter_course(SESSION["courseId"])

    answer = put(status=None)

    assert answer.body["status"] == "SCHEDULED"


@pytest.mark.usefixtures("stack")
def test_session_of_an_unknown_course_is_refused() -> None:
    """Its records would not know their rules."""
    answer = send("register_session", "unknown_course")

    assert (answer.status, answer.pointers) == (400, ["/courseId"])


@pytest.mark.parametrize(("field", "value", "pointer"), BAD_FIELDS)
def test_session_with_a_bad_field_is_refused(field: str, value: object, pointer: str) -> None:
    """Each thing that is wrong is pointed to."""
    answer = put(**{field: value})

    assert (answer.status, answer.pointers) == (400, [pointer])


@pytest.mark.usefixtures("stack")
def test_session_refusal_names_every_bad_field() -> None:
    """All that is wrong is said at once, and nothing is saved."""
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
    """A briefing without a duration is odd, but no mistake to be refused."""
    steps.enter_course(SESSION["courseId"])

    assert put(endsAt=SESSION["startsAt"]).status == 201


@pytest.mark.usefixtures("stack")
def test_session_may_have_nobody_yet() -> None:
    """A session is planned before anybody is enrolled."""
    steps.enter_course(SESSION["courseId"])

    assert put(attendees=[]).body["rosterCount"] == 0


@pytest.mark.usefixtures("stack")
def test_session_that_was_called_off_can_be_corrected() -> None:
    """Cancelled is not locked: whoever called it off by mistake sets it back."""
    steps.enter(CALLED_OFF)

    answer = send(
        "register_session",
        session_id=CALLED_OFF,
        body={**samples.sessions()[CALLED_OFF], "status": "SCHEDULED"},
    )

    assert (answer.status, answer.body["status"]) == (200, "SCHEDULED")
