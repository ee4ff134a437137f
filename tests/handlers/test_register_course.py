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
    """The answer shows what the course's sessions will follow."""
    answer = send("register_course")

    assert answer.status == 200
    assert answer.headers == {"content-type": "application/json", "cache-control": "no-store"}
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
    """Absent and null mean the same, and the answer leaves it out."""
    assert put(**fields) == {"courseId": "working-at-height", **COURSE}


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(("given", "read"), [("4.2", "4.2"), (7, "7"), (0, "0")])
def test_course_version_may_be_a_number(given: object, read: str) -> None:
    """Course modules count their versions or name them; here it is a name."""
    assert put(version=given)["version"] == read


@pytest.mark.usefixtures("stack")
def test_course_may_ask_for_its_evidence_to_be_kept_longer() -> None:
    """Sealing goes by the years that stand here when the session is finalized."""
    assert put(retentionYears=30)["retentionYears"] == 30


def test_course_is_replaced_whole(stack: Stack) -> None:
    """A field that is not sent again is gone, and views of the old rules become stale."""
    put(validityMonths=12, version="4.2")

    put()

    (item,) = stack.items("Courses")
    assert item.keys() == {"courseId", "title", "requiresVerify", "revision"}
    assert item["revision"] == {"N": "2"}


@pytest.mark.parametrize(("field", "value"), BAD_FIELDS)
def test_course_with_a_bad_field_is_refused(field: str, value: object) -> None:
    """What would make records wrong for years is refused and pointed to."""
    answer = send("register_course", body={**COURSE, field: value})

    assert (answer.status, set(answer.pointers)) == (400, {f"/{field}"})


@pytest.mark.parametrize("version", BAD_VERSIONS)
def test_course_with_a_bad_version_is_refused(version: object) -> None:
    """A version is a short text or a whole number."""
    answer = send("register_course", body={**COURSE, "version": version})

    assert (answer.status, answer.pointers) == (400, ["/version"])


def test_course_refusal_names_every_bad_field() -> None:
    """All that is wrong is said at once."""
    answer = send("register_course", "bad_fields")

    assert answer.pointers == ["/title", "/requiresVerify", "/validityMonths"]
