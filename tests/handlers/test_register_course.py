"""PUT /courses/{courseId}."""

import pytest

from tests.handlers.calls import Json, send
from tests.handlers.stack import Stack

COURSE = {"title": "Working at Height", "requiresVerify": False}
BAD_VERSIONS: list[object] = ["", "v" * 41, 10**40, 1.5, True, []]
BAD_FIELDS = [
    ("title", None),
    ("title", ""),
    ("title", " \t"),
    ("title", 7),
    ("title", "x" * 301),
    ("requiresVerify", None),
    ("requiresVerify", "true"),
    ("requiresVerify", 1),
    ("validityMonths", 0),
    ("title", "\u3164"),
    ("version", "\u200b"),
    ("validityMonths", -1),
    ("validityMonths", 1201),
    ("validityMonths", "12"),
    ("validityMonths", 12.5),
    ("validityMonths", True),
    ("retentionYears", 0),
    ("retentionYears", 101),
    ("retentionYears", "10"),
]


def put(**fields: object) -> Json:
    """Register the course with these *fields*, and return the answer's body."""
    answer = send("register_course", body={**COURSE, **fields})
    assert answer.status == 200
    body: Json = answer.body
    return body


@pytest.mark.usefixtures("stack")
def test_course_is_answered_as_it_was_registered() -> None:
    """The answer shows the rules that sessions of the course will follow."""
    answer = send("register_course")

    assert answer.status == 200
    assert answer.headers == {
        "content-type": "application/json",
        "cache-control": "no-store",
        "etag": '"1"',
    }
    assert answer.body == {
        "courseId": "working-at-height",
        "title": "Working at Height",
        "version": "4.2",
        "requiresVerify": False,
        "validityMonths": 12,
    }


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("fields", [{}, {"validityMonths": None}])
def test_course_without_validity_never_expires(fields: Json) -> None:
    """Absent and null are the same, and the answer leaves the field out."""
    assert put(**fields) == {"courseId": "working-at-height", **COURSE}


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(("given", "read"), [("4.2", "4.2"), (7, "7"), (0, "0")])
def test_course_version_may_be_a_number(given: object, read: str) -> None:
    """Course modules count their versions or name them; here each is a name."""
    assert put(version=given)["version"] == read


@pytest.mark.usefixtures("stack")
def test_course_may_ask_for_its_evidence_to_be_kept_longer() -> None:
    """The years at the time of the finalization count for the seal."""
    assert put(retentionYears=30)["retentionYears"] == 30


def test_course_is_replaced_whole(stack: Stack) -> None:
    """A field that is not sent again is removed, and views of the old rules become outdated."""
    put(validityMonths=12, version="4.2")

    put()

    (item,) = stack.items("Courses")
    rules = item.keys() - {"changedAt", "auditHead"}
    assert rules == {"courseId", "title", "requiresVerify", "revision"}
    assert item["revision"] == {"N": "2"}


def test_course_change_is_told_of_with_its_author(stack: Stack) -> None:
    """Who made twelve months into 36 is in the course's trail; what changes nothing is not."""
    put(validityMonths=12)
    put(validityMonths=36)
    put(validityMonths=36)

    answer = send("view_audit", "course")

    assert answer.status == 200
    assert [entry["sequence"] for entry in answer.body["items"]] == [1, 2]
    last = answer.body["items"][1]
    assert last["by"] == {"id": "7c2e4f1a-90b3-4d6e-8f15-2a7b9c0d1e3f", "name": "Ingrid Solheim"}
    assert last["changes"] == [{"subject": "", "field": "validityMonths", "old": 12, "new": 36}]
    assert len(stack.items("CourseAudit")) == 2


@pytest.mark.parametrize(("field", "value"), BAD_FIELDS)
def test_course_with_a_bad_field_is_refused(field: str, value: object) -> None:
    """A value that would make records wrong for years is refused and pointed to."""
    answer = send("register_course", body={**COURSE, field: value})

    assert (answer.status, set(answer.pointers)) == (400, {f"/{field}"})


@pytest.mark.parametrize("version", BAD_VERSIONS)
def test_course_with_a_bad_version_is_refused(version: object) -> None:
    """A version is a short text or a whole number."""
    answer = send("register_course", body={**COURSE, "version": version})

    assert (answer.status, answer.pointers) == (400, ["/version"])


def test_course_refusal_names_every_bad_field() -> None:
    """A client can correct all faults after one answer."""
    answer = send("register_course", "bad_fields")

    assert answer.pointers == ["/title", "/requiresVerify", "/validityMonths"]


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("If-Match", '"1"', 200),
        ("If-Match", 'W/"1", "7"', 200),
        ("If-Match", "*", 200),
        ("If-Match", '"2"', 412),
        ("If-Match", '"1.1"', 412),
        ("If-Match", '"abc"1"def"', 412),
        ("If-None-Match", '"2"', 200),
        ("If-None-Match", "*", 412),
        ("If-None-Match", '"1"', 412),
        ("If-None-Match", "1", 400),
    ],
)
def test_course_is_changed_under_a_condition_that_holds(
    header: str, value: str, status: int
) -> None:
    """Two course modules do not overwrite each other's rules (RFC 9110 §13.1)."""
    seen = send("register_course").etag

    answer = send("register_course", headers={header: value})

    assert (seen, answer.status) == ('"1"', status)


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    ("header", "value", "status"),
    [("If-Match", "*", 412), ("If-Match", '"1"', 412), ("If-None-Match", "*", 200)],
)
def test_course_that_is_new_meets_its_condition_or_not(
    header: str, value: str, status: int
) -> None:
    """Whoever expects a course is told that there is none; whoever expects none creates it."""
    assert send("register_course", headers={header: value}).status == status
