"""Refusals are data: a slug for programs, a title and a text for people."""

import re

import pytest

from shared.domain import errors
from shared.domain.errors import FieldError, InvalidRequest, Refused, TrainingError


def concrete(kind: type[TrainingError]) -> list[type[TrainingError]]:
    """Return the refusals under *kind* that somebody can meet."""
    below = [found for child in kind.__subclasses__() for found in concrete(child)]
    return ([kind] if "slug" in vars(kind) else []) + below


REFUSALS = concrete(TrainingError)
# The API's contract: clients tell refusals apart by these.
SLUGS = {
    "busy",
    "evidence-being-checked",
    "evidence-missing",
    "evidence-too-large",
    "finalization-in-progress",
    "forbidden",
    "invalid-request",
    "not-found",
    "roster-incomplete",
    "seal-pending",
    "session-cancelled",
    "session-finalized",
    "session-not-finalized",
    "stale-view",
    "unknown-attendees",
    "unsupported-evidence",
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_refusal_has_a_slug_of_its_own(kind: type[TrainingError]) -> None:
    """A program can tell it from every other."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug)
    assert [other.slug for other in REFUSALS].count(kind.slug) == 1


def test_slugs_never_change() -> None:
    """A slug once given out stays."""
    assert {kind.slug for kind in REFUSALS} >= SLUGS


def test_evidence_missing_is_called_what_the_spec_calls_it() -> None:
    """The spec names this refusal word for word (§4 C)."""
    assert errors.EvidenceMissing.title == "Evidence Missing"


@pytest.mark.parametrize(
    "refusal",
    [
        errors.EvidenceMissing(),
        errors.SessionCancelled(),
        errors.SessionFinalized(),
        errors.FinalizationInProgress(),
        errors.EvidenceBeingChecked(),
        errors.RosterIncomplete(),
        errors.SessionNotFinalized(),
        errors.SealPending(),
        errors.StaleView(),
        errors.Busy(),
        errors.UnknownAttendees([FieldError("/attendees/0/personnelId", "who?")]),
    ],
)
def test_refusal_tells_a_person_in_whole_sentences(refusal: TrainingError) -> None:
    """The text is for whoever meets it, and it is what the exception says in a log."""
    assert re.fullmatch(r"[A-Z0-9].{30,}\.", refusal.detail)
    assert str(refusal) == refusal.detail


def test_invalid_request_names_fields_if_there_are_any() -> None:
    """A request can be wrong as a whole or in its fields."""
    fault = FieldError("/courseId", "There is no such course.")

    assert InvalidRequest("Wrong.").errors == ()
    assert InvalidRequest("Wrong.", [fault]).errors == (fault,)


def test_states_that_forbid_are_told_from_requests_that_are_wrong() -> None:
    """A late sheet is told apart from a bad one by this."""
    forbidden = {kind.slug for kind in concrete(Refused)}

    assert forbidden == {
        "evidence-being-checked",
        "finalization-in-progress",
        "roster-incomplete",
        "seal-pending",
        "session-cancelled",
        "session-finalized",
        "session-not-finalized",
    }
