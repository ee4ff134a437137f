"""What a route's declaration checks before its handler is called."""

from http import HTTPStatus
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import Response

from shared.contracts.session import SavedResponse
from shared.domain.people import ADMINS, Person, Role
from shared.runtime.http import Api, Route, answer
from tests.handlers.calls import Answer, Invocation, read, request

UNREADABLE = b"\xff"


class Desk:
    """A function with one route, which records the actors it served."""

    def __init__(self) -> None:
        self.app = Api()
        self.served: list[tuple[Person, str]] = []
        self.app.route("PUT", "/sessions/<session_id>", roles=ADMINS)(self._put)

    def ask(self, **changes: Any) -> Answer:  # noqa: ANN401 - as request takes them
        """Send the sample that registers a session, with these *changes*."""
        event = request("register_session", **changes)
        return read(self.app.handler()(event, Invocation("register_session")))

    def _put(self, session_id: str) -> Response[str]:
        self.app.body_bytes.decode()
        self.served.append((self.app.person, session_id))
        return answer(SavedResponse(updated=1, version=1))


@pytest.fixture
def desk() -> Desk:
    """Return a function that has not served any request yet."""
    return Desk()


def test_route_is_declared_with_its_roles(desk: Desk) -> None:
    """Routes and roles of a function can be read without calling it."""
    assert desk.app.routes == [Route("PUT", "/sessions/<session_id>", frozenset({Role.ADMIN}))]


def test_route_hands_on_id_and_person(desk: Desk) -> None:
    """The handler gets a checked id and the actor."""
    reply = desk.ask(session_id="crane-2026")

    ((person, session_id),) = desk.served
    assert reply.status == HTTPStatus.OK
    assert (person.name, session_id) == ("Ingrid Solheim", "crane-2026")


def test_route_refuses_a_role_before_anything_else(desk: Desk) -> None:
    """A caller without the role learns nothing else about the request."""
    reply = desk.ask(groups="trainer", session_id="-", body=UNREADABLE)

    assert reply.status == HTTPStatus.FORBIDDEN
    assert desk.served == []


def test_route_refuses_an_id_before_the_body(desk: Desk) -> None:
    """Nothing is read for an id that cannot exist."""
    reply = desk.ask(session_id="-", body=UNREADABLE)

    assert reply.status == HTTPStatus.BAD_REQUEST
    assert "sessionId" in reply.body["detail"]
    assert desk.served == []


def test_route_that_reads_can_be_asked_for_its_headers() -> None:
    """HEAD is GET without the body (RFC 9110 §9.3.2)."""
    app = Api()
    app.route("GET", "/sessions/<session_id>", roles=ADMINS)(
        lambda session_id: answer(SavedResponse(updated=1, version=1), etag=f'"{session_id}"')
    )
    event = request("register_session", session_id="crane-2026") | {"httpMethod": "HEAD"}

    result = app.handler()(event, Invocation("view_session"))

    assert (result["statusCode"], result["body"]) == (200, "")
    assert result["multiValueHeaders"]["ETag"] == ['"crane-2026"']


def test_route_without_roles_cannot_be_declared() -> None:
    """There is no default: a route cannot be opened by forgetting its roles."""
    declare: Any = Api().route

    with pytest.raises(TypeError, match="roles"):
        declare("GET", "/sessions")


def test_route_with_an_unknown_id_cannot_be_declared() -> None:
    """An id without a check reaches no handler."""
    with pytest.raises(KeyError, match="shoe_id"):
        Api().route("GET", "/shoes/<shoe_id>", roles=ADMINS)
