"""Who may do what: every role, and nobody at all, on every route."""

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from tests.stack.backstage import Backstage
from tests.stack.problems import FORBIDDEN, UNAUTHORIZED, problem
from tests.stack.story import (
    Json,
    Session,
    a_course,
    a_session_to_finalize,
    a_sheet,
    described,
    file_part,
    marks,
)

pytestmark = pytest.mark.stack

ROLES = ("admin", "trainer", "verifier", "auditor")
ADMINS = {"admin"}
DRAFTERS = {"admin", "trainer"}


@dataclass(frozen=True)
class Call:
    """One row of the API table."""

    method: str
    path: str
    allowed: frozenset[str]
    success: int
    body: Callable[[Session], Json] = field(default=lambda _: {})

    def made_by(
        self, person: httpx.Client, session: Session, headers: httpx.Headers | None = None
    ) -> httpx.Response:
        """Make the call, about *session*."""
        path = self.path.format(
            course=session.course_id, session=session.session_id, person=session.people[0]
        )
        return person.request(self.method, path, headers=headers, **self.body(session))


def _call(
    row: str,
    allowed: set[str],
    success: int,
    body: Callable[[Session], Json] = lambda _: {},
) -> Call:
    """Write a row of the API table."""
    method, path = row.split()
    return Call(method, path, frozenset(allowed), success, body)


EVERYBODY = set(ROLES)
CALLS = {
    "course": _call(
        "PUT /courses/{course}",
        ADMINS,
        200,
        lambda _: {"json": {"title": "Rescue", "requiresVerify": False}},
    ),
    "plan": _call("PUT /sessions/{session}", ADMINS, 200, lambda session: {"json": session.plan}),
    "list": _call("GET /sessions?limit=1", EVERYBODY, 200),
    "view": _call("GET /sessions/{session}", EVERYBODY, 200),
    "upload": _call(
        "POST /sessions/{session}/evidence",
        DRAFTERS,
        202,
        lambda _: {"files": file_part(a_sheet())},
    ),
    "announce": _call(
        "POST /sessions/{session}/evidence", DRAFTERS, 201, lambda _: {"json": described(a_sheet())}
    ),
    "link": _call("GET /sessions/{session}/evidence", EVERYBODY, 200),
    "attendance": _call(
        "PATCH /sessions/{session}/attendance",
        DRAFTERS,
        200,
        lambda session: {"json": marks(session)},
    ),
    "finalize": _call("POST /sessions/{session}/finalize", ADMINS, 200),
    "records": _call("GET /sessions/{session}/records", EVERYBODY, 200),
    "compliance": _call("GET /personnel/{person}/compliance", EVERYBODY, 200),
}
ALLOWED = [(name, role) for name, call in CALLS.items() for role in ROLES if role in call.allowed]
REFUSED = [
    (name, role) for name, call in CALLS.items() for role in ROLES if role not in call.allowed
]


@pytest.fixture(scope="module")
def untouched(admin: httpx.Client) -> Session:
    """A session that nobody in this module gets to change."""
    return a_session_to_finalize(admin, a_course(admin))


@pytest.fixture(scope="module")
def shared(admin: httpx.Client) -> Session:
    """A session that everybody in this module may change; it is never finalized."""
    return a_session_to_finalize(admin, a_course(admin))


@pytest.mark.parametrize(("name", "role"), [pair for pair in ALLOWED if pair[0] != "finalize"])
def test_a_role_may_make_the_calls_of_its_row(
    name: str, role: str, client: Callable[[str], httpx.Client], shared: Session
) -> None:
    """
    The roles that the API table names for a call may make it.
    """
    call = CALLS[name]

    response = call.made_by(client(role), shared)

    assert response.status_code == call.success


@pytest.mark.parametrize(("name", "role"), REFUSED)
def test_a_role_may_make_no_other_call(
    name: str,
    role: str,
    client: Callable[[str], httpx.Client],
    untouched: Session,
    backstage: Backstage,
) -> None:
    """
    Every other role is refused, by name and not by accident, and nothing changes.
    """
    before = backstage.state(untouched), backstage.course(untouched.course_id)

    response = CALLS[name].made_by(client(role), untouched)

    assert problem(response) == FORBIDDEN
    assert (backstage.state(untouched), backstage.course(untouched.course_id)) == before


def test_an_admin_may_finalize(admin: httpx.Client) -> None:
    """
    Finalizing is the admin's, and it succeeds once everything is there.
    """
    session = a_session_to_finalize(admin)

    response = CALLS["finalize"].made_by(admin, session)

    assert response.status_code == 200


@pytest.mark.parametrize("name", CALLS)
def test_somebody_without_a_role_may_do_nothing(
    name: str, outsider: httpx.Client, untouched: Session, backstage: Backstage
) -> None:
    """
    Being able to sign in is not a role: not even reading is allowed.
    """
    before = backstage.state(untouched)

    response = CALLS[name].made_by(outsider, untouched)

    assert problem(response) == FORBIDDEN
    assert backstage.state(untouched) == before


@pytest.mark.parametrize("name", CALLS)
def test_nobody_gets_in_without_a_token(
    name: str, stranger: httpx.Client, untouched: Session, backstage: Backstage
) -> None:
    """
    Whoever has not signed in is stopped at the front door, and nothing changes.
    """
    before = backstage.state(untouched)

    response = CALLS[name].made_by(stranger, untouched)

    assert problem(response) == UNAUTHORIZED
    assert backstage.state(untouched) == before


def _garbled(_token: str) -> str:
    """Replace the token by something else."""
    return "not-a-token"


def _signed_by_somebody_else(token: str) -> str:
    """Leave the claims and change the signature."""
    header, claims, signature = token.split(".")
    return f"{header}.{claims}.{signature[::-1]}"


def _unsigned(token: str) -> str:
    """Claim that no signature is needed."""
    nobody = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    return f"{nobody}.{token.split('.')[1]}."


def _promoted(token: str) -> str:
    """Leave the signature and change the claims."""
    header, claims, signature = token.split(".")
    return f"{header}.{claims[:-4]}AAAA.{signature}"


@pytest.mark.parametrize("broken", [_garbled, _signed_by_somebody_else, _unsigned, _promoted])
def test_a_broken_token_opens_nothing(
    broken: Callable[[str], str],
    token: Callable[[str], str],
    stranger: httpx.Client,
    untouched: Session,
    backstage: Backstage,
) -> None:
    """
    A token that was not issued as it stands counts as none.
    """
    before = backstage.state(untouched)
    forged = httpx.Headers({"Authorization": f"Bearer {broken(token('admin'))}"})

    response = CALLS["finalize"].made_by(stranger, untouched, forged)

    assert problem(response) == UNAUTHORIZED
    assert backstage.state(untouched) == before
