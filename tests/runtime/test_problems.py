"""The one table that gives each refusal its HTTP status."""

import json
from collections.abc import Iterator
from datetime import date
from http import HTTPStatus

import pytest

from shared.domain import errors
from shared.domain.errors import FieldError, InvalidRequest, TrainingError
from shared.runtime.problems import failure, refusal, status_of

STATUSES = {
    "InvalidRequest": 400,
    "UnknownAttendees": 400,
    "RosterTooLarge": 400,
    "EvidenceMissing": 400,
    "Forbidden": 403,
    "NotFound": 404,
    "AnswerTooLarge": 406,
    "SessionCancelled": 409,
    "SessionAlreadyFinalized": 409,
    "FinalizationInProgress": 409,
    "EvidenceBeingChecked": 409,
    "RosterIncomplete": 409,
    "SessionNotOver": 409,
    "SessionNotFinalized": 409,
    "SealPending": 409,
    "StaleView": 412,
    "SessionExists": 412,
    "StaleCourse": 412,
    "CourseExists": 412,
    "EvidenceTooLarge": 413,
    "UnsupportedEvidence": 415,
    "TrailTaken": 500,
    "Busy": 503,
    "ServiceUnavailable": 503,
    "SavedInPart": 503,
}
# Kinds of refusals that are never raised themselves.
ABSTRACT = {errors.Refused}


def below(kind: type[TrainingError]) -> Iterator[type[TrainingError]]:
    """Yield every subclass, at any depth."""
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


KINDS = [
    kind
    for kind in below(TrainingError)
    if kind not in ABSTRACT and kind.__module__ == errors.__name__
]


# Refusals that quote what they were given.
MADE: dict[type[TrainingError], TrainingError] = {
    errors.RosterTooLarge: errors.RosterTooLarge(5_000_000, 4_000_000),
    errors.SavedInPart: errors.SavedInPart(196, 250, 9),
    errors.SessionNotOver: errors.SessionNotOver(date(2026, 11, 12), "Europe/Berlin"),
    errors.UnknownAttendees: errors.UnknownAttendees(
        [FieldError("/attendees/0/personnelId", "unknown")]
    ),
}


def made(kind: type[TrainingError]) -> TrainingError:
    """Return a refusal of this kind."""
    if kind in MADE:
        return MADE[kind]
    try:
        return kind()  # type: ignore[call-arg] # most say themselves what to do
    except TypeError:
        return kind("Do something else.")


@pytest.mark.parametrize("kind", KINDS)
def test_status_is_given_to_every_refusal(kind: type[TrainingError]) -> None:
    """A refusal without a status would be a 500; a new one is added here with its status."""
    assert status_of(made(kind)) == STATUSES[kind.__name__]


def test_statuses_are_of_refusals_that_exist() -> None:
    """The table here has the whole hierarchy."""
    assert {kind.__name__ for kind in KINDS} == STATUSES.keys()


def test_slugs_tell_refusals_apart() -> None:
    """Programs tell refusals apart by slug, so each is unique and readable in an address."""
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
    """What is busy or being sealed is over soon; else retrying without a change is no use."""
    response = refusal(made(kind), "/", "request-1")

    is_over_soon = issubclass(kind, errors.Busy | errors.SealPending)
    assert ("Retry-After" in response.headers) is is_over_soon


def test_problem_points_to_bad_fields() -> None:
    """Each fault has its pointer and its text."""
    error = InvalidRequest("Correct it.", [FieldError("/a/0", "wrong"), FieldError("", "all")])

    problem = json.loads(refusal(error, "/", "request-1").body or "")

    assert problem["errors"] == [
        {"pointer": "/a/0", "detail": "wrong"},
        {"pointer": "", "detail": "all"},
    ]


def test_problem_of_a_new_kind_has_the_status_of_its_closest_ancestor() -> None:
    """A special case has the status of its general case, unless the table has its own."""

    class TooEarly(errors.EvidenceBeingChecked):
        """A refusal that a later release may add."""

    assert status_of(TooEarly()) is HTTPStatus.CONFLICT


def test_failure_tells_only_the_request() -> None:
    """The cause is for the log only."""
    response = failure("/v1/training/sessions/s-1", "request-1")

    problem = json.loads(response.body or "")
    assert (response.status_code, problem["type"]) == (500, "urn:problem:training:internal-error")
    assert (problem["instance"], problem["requestId"]) == (
        "/v1/training/sessions/s-1",
        "request-1",
    )


def test_problem_names_a_hundred_faults_and_counts_the_rest() -> None:
    """However much is wrong, a refusal can be read, and a Lambda can return it."""
    faults = [FieldError(f"/attendees/{number}", "x" * 2_000_000) for number in range(101)]

    problem = json.loads(refusal(InvalidRequest("y" * 9_999, faults), "/", "request-1").body or "")

    assert (len(problem["errors"]), problem["errorCount"]) == (100, 101)
    assert problem["errors"][0] == {"pointer": "/attendees/0", "detail": "x" * 497 + "..."}
    assert problem["detail"] == "y" * 497 + "..."


def test_problem_that_names_all_faults_counts_none() -> None:
    """What is listed needs no count."""
    faults = [FieldError(f"/attendees/{number}", "unknown") for number in range(100)]

    problem = json.loads(refusal(InvalidRequest("Nothing.", faults), "/", "request-1").body or "")

    assert len(problem["errors"]) == 100
    assert "errorCount" not in problem


def test_problem_says_how_far_the_request_got() -> None:
    """A program repeats it under the new version, and shows what is saved."""
    response = refusal(errors.SavedInPart(196, 250, 9), "/", "request-1")

    problem = json.loads(response.body or "")
    assert (problem["saved"], problem["version"]) == (196, 9)
    assert response.headers["ETag"] == '"9"'
    assert response.headers["Retry-After"] == "2"
