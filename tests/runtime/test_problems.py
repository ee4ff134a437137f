"""The one table that gives each refusal its HTTP status."""

import json
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from shared.domain import errors
from shared.domain.errors import FieldError, InvalidRequest, TrainingError
from shared.runtime.problems import failure, refusal, status_of

STATUSES = {
    "InvalidRequest": 400,
    "UnknownAttendees": 400,
    "EvidenceMissing": 400,
    "Forbidden": 403,
    "NotFound": 404,
    "SessionCancelled": 409,
    "SessionFinalized": 409,
    "FinalizationInProgress": 409,
    "EvidenceBeingChecked": 409,
    "RosterIncomplete": 409,
    "StaleView": 412,
    "EvidenceTooLarge": 413,
    "UnsupportedEvidence": 415,
    "Busy": 503,
}
# No refusal of its own: what its subclasses have in common.
ABSTRACT = {errors.Refused}


def below(kind: type[TrainingError]) -> Iterator[type[TrainingError]]:
    """Yield every subclass, however deep."""
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


KINDS = [
    kind
    for kind in below(TrainingError)
    if kind not in ABSTRACT and kind.__module__ == errors.__name__
]


def made(kind: type[TrainingError]) -> TrainingError:
    """Return a refusal of this kind."""
    if kind is errors.UnknownAttendees:
        return errors.UnknownAttendees([FieldError("/attendees/0/personnelId", "unknown")])
    try:
        return kind()  # type: ignore[call-arg] # most say themselves what to do
    except TypeError:
        return kind("Do something else.")


@pytest.mark.parametrize("kind", KINDS)
def test_status_is_given_to_every_refusal(kind: type[TrainingError]) -> None:
    """A refusal without a status would be a 500; whoever adds one says here what it gets."""
    assert status_of(made(kind)) == STATUSES[kind.__name__]


def test_statuses_are_of_refusals_that_exist() -> None:
    """The table here is the whole hierarchy."""
    assert {kind.__name__ for kind in KINDS} == STATUSES.keys()


def test_slugs_tell_refusals_apart() -> None:
    """Programs go by the slug, so no two share one, and each reads well in an address."""
    slugs = [kind.slug for kind in KINDS]

    assert len(set(slugs)) == len(slugs)
    assert all(slug == slug.lower() and slug.replace("-", "").isalpha() for slug in slugs)


@pytest.mark.parametrize("kind", KINDS)
def test_problem_is_complete(kind: type[TrainingError]) -> None:
    """Every refusal has a type, a title, and a sentence that tells a person what to do."""
    error = made(kind)

    response = refusal(error, "/v1/training/sessions/s-1", "request-1")

    problem = json.loads(response.body or "")
    assert response.status_code == problem["status"] == STATUSES[kind.__name__]
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert problem["type"] == f"urn:problem:training:{kind.slug}"
    assert problem["title"] == kind.title
    assert problem["detail"] == error.detail
    assert error.detail.endswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_problem_names_a_time_to_retry_only_if_that_helps(kind: type[TrainingError]) -> None:
    """Busy is over soon; all else stays as it is until somebody changes it."""
    response = refusal(made(kind), "/", "request-1")

    assert ("Retry-After" in response.headers) is (kind is errors.Busy)


def test_problem_points_to_bad_fields() -> None:
    """Each fault has its pointer and its words."""
    error = InvalidRequest("Correct it.", [FieldError("/a/0", "wrong"), FieldError("", "all")])

    problem = json.loads(refusal(error, "/", "request-1").body or "")

    assert problem["errors"] == [
        {"pointer": "/a/0", "detail": "wrong"},
        {"pointer": "", "detail": "all"},
    ]


def test_problem_of_a_new_kind_has_the_status_of_its_closest_ancestor() -> None:
    """A special case of a refusal is that refusal, unless the table says otherwise."""

    class TooEarly(errors.EvidenceBeingChecked):
        """Some day's refusal."""

    assert status_of(TooEarly()) is HTTPStatus.CONFLICT


def test_failure_tells_only_the_request() -> None:
    """What went wrong is for the log."""
    response = failure("/v1/training/sessions/s-1", "request-1")

    problem = json.loads(response.body or "")
    assert (response.status_code, problem["type"]) == (500, "urn:problem:training:internal-error")
    assert (problem["instance"], problem["requestId"]) == (
        "/v1/training/sessions/s-1",
        "request-1",
    )
