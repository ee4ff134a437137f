"""PUT /courses/{courseId}: what a course requires and how long it is valid."""

import httpx
import pytest

from tests.stack.backstage import Backstage
from tests.stack.problems import INVALID, pointers, problem
from tests.stack.story import Json, a_course, fresh

pytestmark = pytest.mark.stack

RULES = {"title": "Rescue at Height", "version": "3", "requiresVerify": True, "validityMonths": 24}


def test_a_course_is_answered_with_its_rules(admin: httpx.Client) -> None:
    """
    The answer states the rules as they are now in force.
    """
    course_id = fresh("course")

    response = admin.put(f"/courses/{course_id}", json=RULES)

    assert response.status_code == 200
    assert response.json() == {"courseId": course_id} | RULES


def test_a_course_is_replaced_as_a_whole(admin: httpx.Client, backstage: Backstage) -> None:
    """
    What a later PUT leaves out is gone: without a validity a pass never expires.
    """
    course_id = a_course(admin, version="1", validityMonths=12)

    response = admin.put(
        f"/courses/{course_id}", json={"title": "Site Induction", "requiresVerify": False}
    )

    assert response.status_code == 200
    stored = backstage.course(course_id)
    assert stored["title"] == {"S": "Site Induction"}
    assert not stored.keys() & {"version", "validityMonths"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": None}, "/title"),
        ({"title": " "}, "/title"),
        ({"requiresVerify": "true"}, "/requiresVerify"),
        ({"requiresVerify": 1}, "/requiresVerify"),
        ({"validityMonths": 0}, "/validityMonths"),
        ({"validityMonths": "12"}, "/validityMonths"),
        ({"validityMonths": 1.5}, "/validityMonths"),
    ],
)
def test_a_bad_rule_is_refused(
    change: Json, pointer: str, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    A rule that is none is named by its pointer, and the course is not stored.
    """
    course_id = fresh("course")

    response = admin.put(f"/courses/{course_id}", json=RULES | change)

    assert problem(response) == INVALID
    assert pointers(response) == {pointer}
    assert backstage.course(course_id) == {}


def test_every_bad_rule_is_named_at_once(admin: httpx.Client, backstage: Backstage) -> None:
    """
    Nobody has to send a course once per mistake.
    """
    course_id = fresh("course")

    response = admin.put(f"/courses/{course_id}", json={"validityMonths": -1})

    assert problem(response) == INVALID
    assert pointers(response) == {"/title", "/requiresVerify", "/validityMonths"}
    assert backstage.course(course_id) == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"a course"', b"\xff\xfe"])
def test_a_body_that_is_no_object_is_refused(
    body: bytes, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    What cannot be read as a JSON object is refused as such, whatever it is.
    """
    course_id = fresh("course")

    response = admin.put(f"/courses/{course_id}", content=body)

    assert problem(response) == INVALID
    assert backstage.course(course_id) == {}


@pytest.mark.parametrize("course_id", ["-begins-badly", "has%20space", "x" * 65, "dots.are.out"])
def test_an_address_that_is_no_id_is_refused(course_id: str, admin: httpx.Client) -> None:
    """
    An id has 1 to 64 letters, digits, "-" or "_", and begins with a letter or digit.
    """
    response = admin.put(f"/courses/{course_id}", json=RULES)

    assert problem(response) == INVALID
