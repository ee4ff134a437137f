"""
What every API request passes: the check of its role, the check of its ids, then its handler.

Refusals become problem documents here, and every log line names actor and ids.
"""

import base64
import binascii
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.contracts.path import PathId, ids_of
from shared.contracts.response import ResponseBody
from shared.domain.audit import ChangeContext
from shared.domain.errors import InvalidRequest, NotFound, ServiceUnavailable, TrainingError
from shared.domain.people import Person, Role
from shared.domain.session_conditions import ExpectedVersion
from shared.runtime.delivery import Preferences, delivered
from shared.runtime.etag import expected_versions, is_well_formed, names
from shared.runtime.identity import actor_of
from shared.runtime.observability import count, logger, observed, release
from shared.runtime.problems import failure, refusal, status_of

# What all paths begin with, after the stage.
PREFIX = "/v1/training"

Handler = Callable[..., Response[str]]


@dataclass(frozen=True, slots=True)
class Route:
    """A path below the prefix, and the roles that may use it."""

    method: str
    path: str
    roles: frozenset[Role]


class Api:
    """
    The routes of one function; domain errors become problem documents, others a plain 500.

    The resolver is private, so that no route can be declared without its roles.
    """

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self._resolver = APIGatewayRestResolver()
        self._resolver.exception_handler(TrainingError)(self._refuse)
        self._resolver.exception_handler(Exception)(self._fail)
        self._resolver.not_found(self._no_route)

    def route(
        self, method: str, path: str, *, roles: Collection[Role]
    ) -> Callable[[Handler], Handler]:
        """
        Declare the handler of *path*, below the prefix, and the *roles* that may use it.

        The role is checked first, then the ids; only then is the body read. What is read by GET can
        be asked for by HEAD.
        """
        kinds = ids_of(path)
        methods = ["GET", "HEAD"] if method == "GET" else [method]

        def declare(handle: Handler) -> Handler:
            @self._resolver.route(PREFIX + path, methods)
            def admitted(**ids: str) -> Response[str]:
                self._admit(roles, kinds, ids)
                return self._deliver(handle(**ids))

            self.routes.append(Route(method, path, frozenset(roles)))
            return handle

        return declare

    @property
    def person(self) -> Person:
        """Who sent this request."""
        return actor_of(self._event).person

    def change(self) -> ChangeContext:
        """Who makes this request, when, its id, and what answers it: for the audit trail."""
        return ChangeContext(self.person, datetime.now(UTC), self.request_id, release())

    @property
    def expected(self) -> Sequence[ExpectedVersion] | None:
        """The versions the client names in If-Match; None if it sends no such header."""
        return expected_versions(self.header("if-match"))

    @property
    def unwanted(self) -> Sequence[ExpectedVersion]:
        """
        The versions that the client names in If-None-Match of a change: it must not meet them.

        Raises:
            InvalidRequest: The header cannot be understood.
        """
        header = self.header("if-none-match")
        if header is not None and not is_well_formed(header):
            raise InvalidRequest("If-None-Match must be * or a list of ETags. Nothing was saved.")
        return expected_versions(header) or ()

    @property
    def looks_again(self) -> bool:
        """Whether the client has an earlier answer, which may still be good."""
        return self.header("if-none-match") is not None

    def knows(self, tag: str) -> bool:
        """Whether the client has the answer of that tag."""
        return names(self.header("if-none-match") or "", tag)

    def header(self, name: str) -> str | None:
        """A header; one that is sent in several lines is one list (RFC 9110 §5.3)."""
        lines = self._event.multi_value_headers.get(name)
        return ", ".join(lines) if lines else self._event.headers.get(name)

    @property
    def query(self) -> Mapping[str, str]:
        return self._event.query_string_parameters

    @property
    def request_id(self) -> str:
        return self._event.request_context.request_id

    @property
    def context(self) -> LambdaContext:
        return self._resolver.lambda_context

    @property
    def body_bytes(self) -> bytes:
        """The body as sent; API Gateway passes it as text or as base64."""
        body = self._event.body or ""
        if not self._event.is_base64_encoded:
            # A lone surrogate is no text; as bytes it is refused by whoever reads the body.
            return body.encode(errors="surrogatepass")
        try:
            return base64.b64decode(body, validate=True)
        except binascii.Error as error:
            raise InvalidRequest("The body did not arrive whole. Send it again.") from error

    def handler(self) -> Callable[[dict[str, Any], LambdaContext], dict[str, Any]]:
        """The Lambda entry point: runs the route, with log context and metrics."""

        @observed(correlation_paths.API_GATEWAY_REST)
        def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
            return self._resolver.resolve(event, context)

        return lambda_handler

    @property
    def _event(self) -> APIGatewayProxyEvent:
        return self._resolver.current_event

    def _admit(
        self, roles: Collection[Role], kinds: Mapping[str, PathId], ids: Mapping[str, str]
    ) -> None:
        """
        Check role and ids, and add actor and ids to the log context.

        Raises:
            Forbidden: None of the caller's roles may use this path.
            InvalidRequest: One of the ids is not valid.
        """
        actor = actor_of(self._event)
        # An invalid id may be any text of any length, so it stays out of the logs.
        valid = {name: value for name, value in ids.items() if kinds[name].is_valid(value)}
        logger.append_keys(actor=actor.person.id, **valid)
        actor.require(roles)
        for name, value in ids.items():
            kinds[name].require(value)

    def _deliver(self, response: Response[str]) -> Response[str]:
        names_of_headers = ("accept", "accept-encoding", "if-none-match")
        wanted = (self.header(name) for name in names_of_headers)
        return delivered(response, Preferences(self._event.http_method.upper(), *wanted))

    def _refuse(self, error: TrainingError) -> Response[str]:
        about = {"slug": error.slug, "status": status_of(error).value}
        if isinstance(error, ServiceUnavailable):
            # Not the client's doing: whoever is on call finds an error, its cause and its number.
            count("ServicesUnavailable")
            logger.error("a service gave no answer", extra=about, exc_info=error)
        else:
            logger.info("refused", extra=about)
        return self._deliver(refusal(error, self._event.path, self.request_id))

    def _fail(self, error: Exception) -> Response[str]:
        logger.exception("failed", exc_info=error)
        return self._deliver(failure(self._event.path, self.request_id))

    def _no_route(self, _error: NotFoundError) -> Response[str]:
        return self._refuse(NotFound("There is nothing at this address."))


def answer(
    body: ResponseBody, status: HTTPStatus = HTTPStatus.OK, etag: str | None = None
) -> Response[str]:
    """A JSON answer; no cache stores it, because another person may ask next."""
    headers: dict[str, str | list[str]] = {"Cache-Control": "no-store"}
    if etag is not None:
        headers["ETag"] = etag
    return Response(status.value, "application/json", body.json_text(), headers)


def unchanged(etag: str) -> Response[str]:
    """The answer to a client that has the rest of it already."""
    return Response(HTTPStatus.OK.value, None, "", {"Cache-Control": "no-store", "ETag": etag})
