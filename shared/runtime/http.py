"""
The way of every API request: one resolver, refusals translated once, ids on every log line.
"""

import base64
import binascii
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.contracts.shape import Shape
from shared.domain.audit import Change
from shared.domain.errors import InvalidRequest, NotFound, TrainingError
from shared.domain.people import Person, Role
from shared.domain.session import View
from shared.runtime.etag import seen_views
from shared.runtime.identity import actor_of
from shared.runtime.observability import logger, observed
from shared.runtime.problems import failure, refusal, status_of

Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]


class Api(APIGatewayRestResolver):
    """
    The resolver every API function uses: domain errors become problem documents, others a plain
    500.
    """

    def __init__(self) -> None:
        super().__init__()
        self.exception_handler(TrainingError)(self._refuse)
        self.exception_handler(Exception)(self._fail)
        self.not_found(self._no_route)

    def admit(self, allowed: Collection[Role], **ids: str) -> Person:
        """
        Let in whoever has an *allowed* role; every log line from here on names them and the *ids*.

        Raises:
            Forbidden: The role does not allow it.
        """
        actor = actor_of(self.current_event)
        logger.append_keys(actor=actor.person.id, **ids)
        return actor.require(allowed)

    def change(self, person: Person) -> Change:
        """
        What this request changes, for the audit trail.
        """
        return Change(person, datetime.now(UTC), self.request_id)

    @property
    def seen(self) -> Sequence[View] | None:
        """
        The states the client names in If-Match; None if it sets no condition.
        """
        return seen_views(self.current_event.headers.get("if-match"))

    @property
    def request_id(self) -> str:
        return self.current_event.request_context.request_id

    @property
    def body_bytes(self) -> bytes:
        """
        The body as sent, whether API Gateway passed it as text or as base64.
        """
        body = self.current_event.body or ""
        if not self.current_event.is_base64_encoded:
            return body.encode()
        try:
            return base64.b64decode(body, validate=True)
        except binascii.Error as error:
            raise InvalidRequest("The body did not arrive whole. Send it again.") from error

    def handler(self) -> Handler:
        """
        The Lambda entry point: log context in, metrics out, then the route.
        """

        @observed(correlation_paths.API_GATEWAY_REST)
        def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
            return self.resolve(event, context)

        return lambda_handler

    def _refuse(self, error: TrainingError) -> Response[str]:
        logger.info("refused", extra={"slug": error.slug, "status": status_of(error).value})
        return refusal(error, self.current_event.path, self.request_id)

    def _fail(self, error: Exception) -> Response[str]:
        logger.exception("failed", exc_info=error)
        return failure(self.current_event.path, self.request_id)

    def _no_route(self, _error: NotFoundError) -> Response[str]:
        return self._refuse(NotFound("There is nothing at this address."))


def answer(
    shape: Shape, status: HTTPStatus = HTTPStatus.OK, etag: str | None = None
) -> Response[str]:
    """
    A JSON answer.
    """
    headers: dict[str, str | list[str]] = {"Cache-Control": "no-store"}
    if etag is not None:
        headers["ETag"] = etag
    return Response(status.value, "application/json", shape.json_text(), headers)
