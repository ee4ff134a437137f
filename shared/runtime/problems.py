"""
Refusals as RFC 9457 problem documents: the one table that gives each its HTTP status.
"""

from collections.abc import Mapping
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from shared.contracts.problem import FaultShape, Problem
from shared.domain import errors

RETRY_SECONDS = "2"

_STATUS: dict[type[errors.TrainingError], HTTPStatus] = {
    errors.InvalidRequest: HTTPStatus.BAD_REQUEST,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Refused: HTTPStatus.CONFLICT,
    errors.StaleView: HTTPStatus.PRECONDITION_FAILED,
    errors.EvidenceTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedEvidence: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: errors.TrainingError) -> HTTPStatus:
    """
    The status of the closest ancestor in the table.
    """
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def refusal(error: errors.TrainingError, instance: str, request_id: str) -> Response[str]:
    """
    The problem document for *error*.
    """
    status = status_of(error)
    problem = Problem(
        type=f"urn:problem:training:{error.slug}",
        title=error.title,
        status=status.value,
        detail=error.detail,
        instance=instance,
        request_id=request_id,
        errors=_faults(error),
    )
    busy = status is HTTPStatus.SERVICE_UNAVAILABLE
    return _response(problem, {"Retry-After": RETRY_SECONDS} if busy else {})


def failure(instance: str, request_id: str) -> Response[str]:
    """
    The problem document for a fault of ours: nothing of its inside, the request id for support.
    """
    problem = Problem(
        type="urn:problem:training:internal-error",
        title="Internal Error",
        status=HTTPStatus.INTERNAL_SERVER_ERROR.value,
        detail="Something went wrong on our side. Try again, or give support the request id.",
        instance=instance,
        request_id=request_id,
    )
    return _response(problem, {})


def _faults(error: errors.TrainingError) -> list[FaultShape] | None:
    faults = error.errors if isinstance(error, errors.InvalidRequest) else ()
    return [FaultShape.model_validate(fault) for fault in faults] or None


def _response(problem: Problem, headers: Mapping[str, str | list[str]]) -> Response[str]:
    return Response(
        problem.status,
        "application/problem+json",
        problem.json_text(),
        # A refusal is about this moment; no cache may repeat it.
        {"Cache-Control": "no-store", **headers},
    )
