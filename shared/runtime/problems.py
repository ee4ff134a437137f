"""Refusals as RFC 9457 problem documents, with the one table of their HTTP statuses."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from shared.contracts.problem import FaultResponse, Problem
from shared.domain import errors

RETRY_SECONDS = "2"
# A longer list helps no reader, and 10,000 rows may have 40,000 faults.
MOST_FAULTS = 100
LONGEST_ECHO = 500

_STATUS: dict[type[errors.TrainingError], HTTPStatus] = {
    errors.InvalidRequest: HTTPStatus.BAD_REQUEST,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Refused: HTTPStatus.CONFLICT,
    errors.StaleView: HTTPStatus.PRECONDITION_FAILED,
    errors.AnswerTooLarge: HTTPStatus.NOT_ACCEPTABLE,
    errors.EvidenceTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedEvidence: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    # A server error, so that the alarm of the API rings: no client can mend it.
    errors.TrailTaken: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: errors.TrainingError) -> HTTPStatus:
    """The status of the closest ancestor in the table."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def refusal(error: errors.TrainingError, instance: str, request_id: str) -> Response[str]:
    """The problem document for *error*."""
    status = status_of(error)
    faults = error.errors if isinstance(error, errors.InvalidRequest) else ()
    part = error if isinstance(error, errors.SavedInPart) else None
    problem = Problem(
        type=f"urn:problem:training:{error.slug}",
        title=error.title,
        status=status.value,
        detail=_shortened(error.detail),
        instance=_shortened(instance),
        request_id=request_id,
        errors=_listed(faults) or None,
        error_count=len(faults) if len(faults) > MOST_FAULTS else None,
        saved=part.saved if part else None,
        version=part.version if part else None,
    )
    return _response(problem, _headers(error, problem))


def failure(instance: str, request_id: str) -> Response[str]:
    """The problem document for an internal fault: no details, only the request id for support."""
    problem = Problem(
        type="urn:problem:training:internal-error",
        title="Internal Error",
        status=HTTPStatus.INTERNAL_SERVER_ERROR.value,
        detail="Something went wrong on our side. Try again, or give support the request id.",
        instance=_shortened(instance),
        request_id=request_id,
    )
    return _response(problem, {})


def _headers(error: errors.TrainingError, problem: Problem) -> dict[str, str | list[str]]:
    headers: dict[str, str | list[str]] = {}
    if isinstance(error, errors.Busy | errors.SealPending):
        headers["Retry-After"] = RETRY_SECONDS
    if problem.version is not None:
        headers["ETag"] = f'"{problem.version}"'
    return headers


def _listed(faults: Sequence[errors.FieldError]) -> list[FaultResponse]:
    return [
        FaultResponse(pointer=_shortened(fault.pointer), detail=_shortened(fault.detail))
        for fault in faults[:MOST_FAULTS]
    ]


def _shortened(text: str) -> str:
    """*text*, or its beginning: it may quote what was sent, of any length and of any characters."""
    text = text.encode(errors="replace").decode()
    return text if len(text) <= LONGEST_ECHO else f"{text[: LONGEST_ECHO - 3]}..."


def _response(problem: Problem, headers: Mapping[str, str | list[str]]) -> Response[str]:
    return Response(
        problem.status,
        "application/problem+json",
        problem.json_text(),
        # A refusal holds for this moment only, so no cache may store it.
        {"Cache-Control": "no-store", **headers},
    )
