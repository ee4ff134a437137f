"""Events of the first release are still understood, and still published the same way."""

import json

import pytest

from shared.contracts.events import (
    ComplianceRecalculationRequestedDetail,
    EventDetail,
    SessionFinalizedDetail,
    detail_text,
    detail_type,
)
from shared.domain.events import Event, finalization_events
from tests.first_release import FULL, frozen

PUBLISHED = json.loads(
    frozen(
        "contracts/events.v1.json",
        "fc001b89b3acf9a6f47b84657b239f7a3a4e61817e53e87ead9f92edd2b36a1e",
    )
)
CLOSED, REQUESTED = finalization_events(FULL.session.decided(), FULL.attendees)


@pytest.mark.parametrize("event", [CLOSED, REQUESTED], ids=detail_type)
def test_event_of_the_first_release_is_published_as_it_was(event: Event) -> None:
    """The id is the same, so that a repetition by a later release is recognized."""
    detail = json.loads(detail_text(event))

    assert detail == PUBLISHED[detail_type(event)]


@pytest.mark.parametrize(
    ("event", "contract"),
    [(CLOSED, SessionFinalizedDetail), (REQUESTED, ComplianceRecalculationRequestedDetail)],
    ids=["SessionFinalized", "ComplianceRecalculationRequested"],
)
def test_event_of_the_first_release_is_understood(
    event: Event, contract: type[EventDetail]
) -> None:
    """An event may wait in a queue or an archive until a later release reads it."""
    text = json.dumps(PUBLISHED[detail_type(event)])

    detail = contract.model_validate_json(text)

    assert detail == contract.model_validate(event)
