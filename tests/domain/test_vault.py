"""Where a seal lies, and how long it is kept."""

from datetime import UTC, datetime

import pytest

from shared.domain.vault import keep_until, seal_keys
from tests.builders import a_course, a_decision


def test_seal_lies_under_its_finalization() -> None:
    """Nobody else's seal can have these names."""
    keys = seal_keys("sess-1", a_decision(finalization_id="fin-1"))

    assert keys.manifest == "seals/sess-1/fin-1/manifest.json"
    assert keys.signature == "seals/sess-1/fin-1/manifest.sig"
    assert keys.trail_signature == "seals/sess-1/fin-1/trail.sig"
    assert keys.public_key == "seals/sess-1/fin-1/public-key.pem"


@pytest.mark.parametrize(("course_years", "expected"), [(None, 2036), (30, 2056), (1, 2027)])
def test_evidence_is_kept_as_long_as_its_course_asks(
    course_years: int | None, expected: int
) -> None:
    """The course's years as they were at the decision, or the company's."""
    decision = a_decision(course=a_course(retention_years=course_years))

    until = keep_until(decision, 10)

    assert (until.year, until.month, until.day) == (expected, 3, 10)


def test_evidence_of_a_leap_day_is_kept_to_the_end_of_february() -> None:
    """There is no 29 February in the year it ends."""
    decision = a_decision(finalized_at=datetime(2028, 2, 29, 12, 0, tzinfo=UTC))

    assert keep_until(decision, 10) == datetime(2038, 2, 28, 12, 0, tzinfo=UTC)
