"""Who may do what: every role, and callers without one, on every route."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pytest

from testing.api import (
    Json,
    Session,
    a_course,
    a_session_to_finalize,
    a_sheet,
    described,
    file_part,
    marks,
)
from tests.routes import ROLES, ROUTES
from tests.stack.operator import Operator
from tests.stack.problems import FORBIDDEN, UNAUTHORIZED, problem

pytestmark = pytest.mark.stack

Body = Callable[[Session], Json]


def _nothing(_session: Session) -> Json:
    """Send no body."""
    return {}


@dataclass(frozen=True)
class Call:
    """A request to one of the routes, and its result for an allowed role."""

    method: str
    path: str
    status: int
    body: Body = _nothing

    @property
    def allowed(self) -> frozenset[str]:
        return ROUTES[self.method, self.path].roles

    def made_by(
        self, person: httpx.Client, session: Session, headers: httpx.Headers | None = None
    ) -> httpx.Response:
        """Make the call, about *session*."""
        path = self.path.format(
            courseId=session.course_id, sessionId=session.session_id, personnelId=session.people[0]
        )
        return person.request(self.method, path, headers=headers, **self.body(session))


SESSION = "/sessions/{sessionId}"
CALLS = {
    "course": Call(
        "PUT",
        "/courses/{courseId}",
        200,
        lambda _: {"json": {"title": "Rescue", "requiresVerify": False}},
    ),
    "course audit": Call("GET", "/courses/{courseId}/audit", 200),
    "plan": Call("PUT", SESSION, 200, lambda session: {"json": session.plan}),
    "list": Call("GET", "/sessions", 200),
    "view": Call("GET", SESSION, 200),
    "upload": Call("POST", f"{SESSION}/evidence", 202, lambda _: {"files": file_part(a_sheet())}),
    "announce": Call("POST", f"{SESSION}/evidence", 201, lambda _: {"json": described(a_sheet())}),
    "link": Call("GET", f"{SESSION}/evidence", 200),
    "attendance": Call(
        "PATCH", f"{SESSION}/attendance", 200, lambda session: {"json": marks(session)}
    ),
    "finalize": Call("POST", f"{SESSION}/finalize", 200),
    "records": Call("GET", f"{SESSION}/records", 200),
    "audit": Call("GET", f"{SESSION}/audit", 200),
    # There is no decision yet that could be verified or packed.
    "verification": Call("GET", f"{SESSION}/verification", 409),
    "pack": Call("GET", f"{SESSION}/audit-pack", 409),
    "compliance": Call("GET", "/personnel/{personnelId}/compliance", 200),
}
ALLOWED = [(name, role) for name, call in CALLS.items() for role in sorted(call.allowed)]
REFUSED = [(name, role) for name, call in CALLS.items() for role in sorted(ROLES - call.allowed)]


@pytest.fixture(scope="module")
def untouched(admin: httpx.Client) -> Session:
    """A session that no call in this module may change."""
    return a_session_to_finalize(admin, a_course(admin))


@pytest.fixture(scope="module")
def shared(admin: httpx.Client) -> Session:
    """A session that every call in this module may change; it is never finalized."""
    return a_session_to_finalize(admin, a_course(admin))


@pytest.mark.parametrize(("name", "role"), [pair for pair in ALLOWED if pair[0] != "finalize"])
def test_a_role_may_make_the_calls_of_its_row(
    name: str, role: str, client: Callable[[str], httpx.Client], shared: Session
) -> None:
    """The roles that the API table names for a call may make it."""
    call = CALLS[name]

    response = call.made_by(client(role), shared)

    assert response.status_code == call.status


@pytest.mark.parametrize(("name", "role"), REFUSED)
def test_a_role_may_make_no_other_call(
    name: str,
    role: str,
    client: Callable[[str], httpx.Client],
    untouched: Session,
    operator: Operator,
) -> None:
    """Every other role is refused for its role, and nothing changes."""
    before = operator.state(untouched), operator.course(untouched.course_id)

    response = CALLS[name].made_by(client(role), untouched)

    assert problem(response) == FORBIDDEN
    assert (operator.state(untouched), operator.course(untouched.course_id)) == before


def test_an_admin_may_finalize(admin: httpx.Client) -> None:
    """Only an admin finalizes, and succeeds once nothing is missing."""
    session = a_session_to_finalize(admin)

    response = CALLS["finalize"].made_by(admin, session)

    assert response.status_code == 200


@pytest.mark.parametrize("name", CALLS)
def test_a_person_without_a_role_may_do_nothing(
    name: str, outsider: httpx.Client, untouched: Session, operator: Operator
) -> None:
    """A person who can sign in and has no role may not even read."""
    before = operator.state(untouched)

    response = CALLS[name].made_by(outsider, untouched)

    assert problem(response) == FORBIDDEN
    assert operator.state(untouched) == before


@pytest.mark.parametrize("name", CALLS)
def test_no_call_is_answered_without_a_token(
    name: str, stranger: httpx.Client, untouched: Session, operator: Operator
) -> None:
    """A caller who has not signed in is refused by the gateway, and nothing changes."""
    before = operator.state(untouched)

    response = CALLS[name].made_by(stranger, untouched)

    assert problem(response) == UNAUTHORIZED
    assert operator.state(untouched) == before


def _garbled(_token: str) -> str:
    """Replace the token by something else."""
    return "not-a-token"


def _signed_by_another_key(token: str) -> str:
    """Leave the claims and change the signature."""
    header, claims, signature = token.split(".")
    return f"{header}.{claims}.{signature[::-1]}"


def _unsigned(token: str) -> str:
    """Claim that no signature is needed."""
    header = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    return f"{header}.{token.split('.')[1]}."


def _promoted(token: str) -> str:
    """Leave the signature and change the claims."""
    header, claims, signature = token.split(".")
    return f"{header}.{claims[:-4]}AAAA.{signature}"


@pytest.mark.parametrize("broken", [_garbled, _signed_by_another_key, _unsigned, _promoted])
def test_a_broken_token_opens_nothing(
    broken: Callable[[str], str],
    token: Callable[[str], str],
    stranger: httpx.Client,
    untouched: Session,
    operator: Operator,
) -> None:
    """A token that was changed since it was issued is refused."""
    before = operator.state(untouched)
    forged = httpx.Headers({"Authorization": f"Bearer {broken(token('admin'))}"})

    response = CALLS["finalize"].made_by(stranger, untouched, forged)

    assert problem(response) == UNAUTHORIZED
    assert operator.state(untouched) == before
