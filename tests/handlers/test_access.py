"""Who may call what, and which addresses there are."""

import pytest

from tests.handlers import steps
from tests.handlers.calls import PROBLEM, call, request, send

ROLES = ("admin", "trainer", "verifier", "auditor")
ALLOWED = {
    ("register_course", "happy_path"): {"admin"},
    ("register_session", "happy_path"): {"admin"},
    ("view_session", "list"): {*ROLES},
    ("view_session", "happy_path"): {*ROLES},
    ("view_session", "records"): {*ROLES},
    ("view_session", "evidence"): {*ROLES},
    ("upload_evidence", "happy_path"): {"admin", "trainer"},
    ("upload_evidence", "large_file"): {"admin", "trainer"},
    ("save_attendance", "happy_path"): {"admin", "trainer"},
    ("finalize_session", "happy_path"): {"admin"},
    ("verify_session", "happy_path"): {"admin", "auditor"},
    ("build_audit_pack", "happy_path"): {"admin", "auditor"},
    ("view_audit", "happy_path"): {"admin", "auditor", "verifier"},
    ("view_compliance", "happy_path"): {*ROLES},
}
BY_ID = [
    ("register_session", "happy_path"),
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


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", ALLOWED, ids="/".join)
def test_access_goes_by_role(route: tuple[str, str], role: str) -> None:
    """Each route lets in the roles of the API table and turns all others away."""
    answer = send(*route, groups=role)

    assert (answer.status == 403) is (role not in ALLOWED[route])


@pytest.mark.parametrize("route", ALLOWED, ids="/".join)
def test_access_needs_a_role_of_ours(route: tuple[str, str]) -> None:
    """Whoever is signed in but in none of our groups may not even read."""
    answer = send(*route, groups="planners")

    assert (answer.status, answer.slug) == (403, "forbidden")


@pytest.mark.parametrize("groups", ["", "[]", "Admin", "administrators", "adminx,xadmin", "admin;"])
def test_access_takes_groups_at_their_word(groups: str) -> None:
    """A group that only resembles one of ours is none of ours."""
    answer = send("view_session", groups=groups)

    assert answer.status == 403


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    "groups",
    ["admin", "admin,trainer", "trainer,admin", "[admin trainer]", "[trainer admin]", "[admin]"],
)
def test_access_reads_groups_however_they_are_written(groups: str) -> None:
    """AWS joins groups by commas, the embedded stack by spaces in brackets; any one is enough."""
    answer = send("register_course", groups=groups)

    assert answer.status == 200


def test_access_without_any_group_is_refused() -> None:
    """The token of a user in no group lacks the claim."""
    event = request("view_session")
    del event["requestContext"]["authorizer"]["claims"]["cognito:groups"]

    answer = call("view_session", event)

    assert answer.status == 403


def test_access_refusal_says_whom_to_ask() -> None:
    """The refusal names the roles that may."""
    answer = send("upload_evidence", "auditor_refused")

    assert answer.headers["content-type"] == PROBLEM
    assert answer.body["title"] == "Forbidden"
    assert "admin or trainer" in answer.body["detail"]


@pytest.mark.parametrize("route", BY_ID, ids="/".join)
def test_address_is_checked_by_every_route(route: tuple[str, str]) -> None:
    """Ids are checked before anything uses them, whatever the gateway let through."""
    answer = send(*route, session_id="..%2Fcourses")

    assert (answer.status, answer.slug) == (400, "invalid-request")


@pytest.mark.parametrize("session_id", BAD_IDS.values(), ids=BAD_IDS)
def test_address_with_a_bad_session_id_is_refused(session_id: str) -> None:
    """An id has 1 to 64 letters, digits, hyphens or underscores, a letter or digit first."""
    answer = send("view_session", session_id=session_id)

    assert answer.status == 400
    assert "sessionId" in answer.body["detail"]


@pytest.mark.parametrize("course_id", BAD_IDS.values(), ids=BAD_IDS)
def test_address_with_a_bad_course_id_is_refused(course_id: str) -> None:
    """Courses are named by the same rule as sessions."""
    answer = send("register_course", course_id=course_id)

    assert answer.status == 400
    assert "courseId" in answer.body["detail"]


@pytest.mark.parametrize("personnel_id", ["4711", "c1234-5678", "..", "c%2F345678-", "c" * 256])
def test_address_with_a_bad_person_is_refused(personnel_id: str) -> None:
    """People are named by their cuid."""
    answer = send("view_compliance", personnel_id=personnel_id)

    assert answer.status == 400
    assert "personnelId" in answer.body["detail"]


@pytest.mark.parametrize("session_id", ["", "a/b", "../.."])
def test_address_of_nothing_is_not_found(session_id: str) -> None:
    """What fits no route is nothing's address, even if a function is asked for it."""
    answer = send("save_attendance", session_id=session_id)

    assert (answer.status, answer.slug) == (404, "not-found")


@pytest.mark.usefixtures("stack")
def test_address_takes_the_longest_id() -> None:
    """An id has up to 64 characters."""
    answer = send("register_course", course_id="c" * 64)

    assert answer.status == 200


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("route", BY_ID[1:], ids="/".join)
def test_address_of_an_unknown_session_is_not_found(route: tuple[str, str]) -> None:
    """Who asks for a session that was never registered is told so."""
    answer = send(*route, session_id=steps.UNKNOWN)

    assert (answer.status, answer.slug) == (404, "not-found")
    assert steps.UNKNOWN in answer.body["detail"]


def test_address_with_another_method_is_not_found() -> None:
    """A method that a function does not serve is answered, not crashed on."""
    event = request("save_attendance") | {"httpMethod": "DELETE"}

    answer = call("save_attendance", event)

    assert answer.status == 404
