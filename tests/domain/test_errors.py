"""Refusals are data: a slug for programs, a title and a text for people."""

import re
from datetime import date

import pytest

from shared.domain import errors
from shared.domain.errors import FieldError, InvalidRequest, Refused, TrainingError


def concrete(kind: type[TrainingError]) -> list[type[TrainingError]]:
    """Return the refusals under *kind* that can be raised."""
    below = [found for child in kind.__subclasses__() for found in concrete(child)]
    return ([kind] if "slug" in vars(kind) else []) + below


REFUSALS = concrete(TrainingError)
# Part of the API's contract: clients tell refusals apart by these.
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
    "session-not-over",
    "stale-view",
    "unknown-attendees",
    "unsupported-evidence",
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_refusal_has_a_slug_of_its_own(kind: type[TrainingError]) -> None:
    """A program can tell each refusal from every other."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug)
    assert [other.slug for other in REFUSALS].count(kind.slug) == 1


def test_slugs_never_change() -> None:
    """A slug that was published stays as it is."""
    assert {kind.slug for kind in REFUSALS} >= SLUGS


def test_evidence_missing_is_called_what_the_spec_calls_it() -> None:
    """The specification gives this refusal its name (§4 C)."""
    assert errors.EvidenceMissing.title == "Evidence Missing"


@pytest.mark.parametrize(
    "refusal",
    [
        errors.EvidenceMissing(),
        errors.SessionCancelled(),
        errors.SessionAlreadyFinalized(),
        errors.FinalizationInProgress(),
        errors.EvidenceBeingChecked(),
        errors.RosterIncomplete(),
        errors.SessionNotFinalized(),
        errors.SessionNotOver(date(2026, 3, 10), "Europe/Berlin"),
        errors.SealPending(),
        errors.StaleView(),
        errors.Busy(),
        errors.ServiceUnavailable(),
        errors.UnknownAttendees([FieldError("/attendees/0/personnelId", "who?")]),
    ],
)
def test_refusal_tells_a_person_in_whole_sentences(refusal: TrainingError) -> None:
    """The text is for the person who meets the refusal, and is also what a log shows."""
    assert re.fullmatch(r"[A-Z0-9].{30,}\.", refusal.detail)
    assert str(refusal) == refusal.detail


def test_invalid_request_names_fields_if_there_are_any() -> None:
    """A request can be wrong as a whole or in its fields."""
    fault = FieldError("/courseId", "There is no such course.")

    assert InvalidRequest("Wrong.").errors == ()
    assert InvalidRequest("Wrong.", [fault]).errors == (fault,)


def test_states_that_forbid_are_told_from_requests_that_are_wrong() -> None:
    """Only a refusal for the state of a session makes an accepted sheet a late one."""
    forbidden = {kind.slug for kind in concrete(Refused)}

    assert forbidden == {
        "evidence-being-checked",
        "finalization-in-progress",
        "roster-incomplete",
        "seal-pending",
        "session-cancelled",
        "session-finalized",
        "session-not-finalized",
        "session-not-over",
    }
