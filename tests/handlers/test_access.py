"""Who may call what, and which addresses exist."""

import pytest

from tests.handlers import steps
from tests.handlers.calls import EVENTS, PROBLEM, call, request, sample, send
from tests.routes import PREFIX, ROLES, ROUTES

REQUESTS = [
    (path.parent.name, path.stem)
    for path in sorted(EVENTS.glob("*/*.json"))
    if "httpMethod" in sample(path.parent.name, path.stem)
]
WITH_IDS = [case for case in REQUESTS if sample(*case)["pathParameters"]]
# Complete, so that nothing but the session blocks finalizing them.
ABOUT_SESSIONS = [
    ("view_session", "happy_path"),
    ("view_session", "records"),
    ("view_session", "evidence"),
    ("upload_evidence", "happy_path"),
    ("upload_evidence", "large_file"),
    ("save_attendance", "happy_path"),
    ("finalize_session", "happy_path"),
    ("view_audit", "happy_path"),
    ("verify_session", "happy_path"),
    ("build_audit_pack", "happy_path"),
]
BAD_IDS = {
    "parent folder": "..",
    "encoded slash": "a%2Fb",
    "encoded parent folder": "..%2F..%2Fcourses",
    "65 characters": "s" * 65,
    "hyphen first": "-a",
    "underscore first": "_a",
    "dot": "a.b",
    "space": "a b",
    "encoded newline": "a%0A",
    "letter with accent": "séance",
    "other digits": "١٢٣",
}


def address(function: str, case: str) -> tuple[str, str]:
    """Return method and path of a sample, as the table of routes has them."""
    event = sample(function, case)
    return event["httpMethod"], event["resource"].removeprefix(PREFIX)


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("case", REQUESTS, ids="/".join)
def test_access_goes_by_role(case: tuple[str, str]) -> None:
    """For any other content of a request, its route says which roles may send it."""
    method, path = address(*case)

    refused = {role for role in ROLES if send(*case, groups=role).status == 403}

    assert refused == ROLES - ROUTES[method, path].roles


@pytest.mark.parametrize("case", REQUESTS, ids="/".join)
def test_access_needs_a_role_of_ours(case: tuple[str, str]) -> None:
    """A person who is signed in without one of our roles may not even read."""
    answer = send(*case, groups="planners")

    assert (answer.status, answer.slug) == (403, "forbidden")


@pytest.mark.parametrize("groups", ["", "[]", "Admin", "administrators", "adminx,xadmin", "admin;"])
def test_access_takes_groups_at_their_word(groups: str) -> None:
    """A group with a similar name is not one of ours."""
    answer = send("view_session", groups=groups)

    assert answer.status == 403


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    "groups",
    ["admin", "admin,trainer", "trainer,admin", "[admin trainer]", "[trainer admin]", "[admin]"],
)
def test_access_reads_groups_however_they_are_written(groups: str) -> None:
    """
    AWS joins groups by commas, the embedded stack by spaces in brackets; one of ours
    is enough.
    """
    answer = send("register_course", groups=groups)

    assert answer.status == 200


def test_access_without_any_group_is_refused() -> None:
    """The token of a user in no group lacks the claim."""
    event = request("view_session")
    del event["requestContext"]["authorizer"]["claims"]["cognito:groups"]

    answer = call("view_session", event)

    assert answer.status == 403


def test_access_refusal_says_whom_to_ask() -> None:
    """The refusal names the roles that are allowed."""
    answer = send("upload_evidence", "auditor_refused")

    assert answer.headers["content-type"] == PROBLEM
    assert answer.body["title"] == "Forbidden"
    assert "admin or trainer" in answer.body["detail"]


@pytest.mark.parametrize("case", WITH_IDS, ids="/".join)
def test_address_is_checked_by_every_route(case: tuple[str, str]) -> None:
    """Ids are checked before anything else in a request, even if the gateway let them through."""
    bad = "..%2Fcourses"

    answer = send(*case, groups="admin", session_id=bad, course_id=bad, personnel_id=bad)

    assert (answer.status, answer.slug) == (400, "invalid-request")


@pytest.mark.parametrize("session_id", BAD_IDS.values(), ids=BAD_IDS)
def test_address_with_a_bad_session_id_is_refused(session_id: str) -> None:
    """An id has 1 to 64 letters, digits, hyphens or underscores, a letter or digit first."""
    answer = send("view_session", session_id=session_id)

    assert answer.status == 400
    assert "sessionId" in answer.body["detail"]


@pytest.mark.parametrize("course_id", BAD_IDS.values(), ids=BAD_IDS)
def test_address_with_a_bad_course_id_is_refused(course_id: str) -> None:
    """Courses have the same rule for ids as sessions."""
    answer = send("register_course", course_id=course_id)

    assert answer.status == 400
    assert "courseId" in answer.body["detail"]


@pytest.mark.parametrize("personnel_id", ["4711", "c1234-5678", "..", "c%2F345678-", "c" * 256])
def test_address_with_a_bad_person_is_refused(personnel_id: str) -> None:
    """The id of a person is a cuid."""
    answer = send("view_compliance", personnel_id=personnel_id)

    assert answer.status == 400
    assert "personnelId" in answer.body["detail"]


@pytest.mark.parametrize("session_id", ["", "a/b", "../.."])
def test_address_of_nothing_is_not_found(session_id: str) -> None:
    """A path without a route is not found, even if a function is called with it."""
    answer = send("save_attendance", session_id=session_id)

    assert (answer.status, answer.slug) == (404, "not-found")


@pytest.mark.usefixtures("stack")
def test_address_takes_the_longest_id() -> None:
    """An id has up to 64 characters."""
    answer = send("register_course", course_id="c" * 64)

    assert answer.status == 200


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("route", ABOUT_SESSIONS, ids="/".join)
def test_address_of_an_unknown_session_is_not_found(route: tuple[str, str]) -> None:
    """A session that was never registered is not found."""
    answer = send(*route, session_id=steps.UNKNOWN)

    assert (answer.status, answer.slug) == (404, "not-found")
    assert steps.UNKNOWN in answer.body["detail"]


def test_address_with_another_method_is_not_found() -> None:
    """A method that a function does not serve gets an answer, not an error."""
    event = request("save_attendance") | {"httpMethod": "DELETE"}

    answer = call("save_attendance", event)

    assert answer.status == 404
