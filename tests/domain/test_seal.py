"""How long evidence is kept."""

from datetime import UTC, datetime

import pytest

from shared.domain.seal import keep_until
from testing.builders import a_course, a_decision


@pytest.mark.parametrize(("course_years", "expected"), [(None, 2036), (30, 2056), (1, 2027)])
def test_evidence_is_kept_as_long_as_its_course_asks(
    course_years: int | None, expected: int
) -> None:
    """The course's years at the decision count, or else the company's."""
    decision = a_decision(course=a_course(retention_years=course_years))

    until = keep_until(decision, 10)

    assert (until.year, until.month, until.day) == (expected, 3, 10)


def test_evidence_of_a_leap_day_is_kept_to_the_end_of_february() -> None:
    """Without a 29 February in the last year, it is kept to the end of the month."""
    decision = a_decision(finalized_at=datetime(2028, 2, 29, 12, 0, tzinfo=UTC))

    assert keep_until(decision, 10) == datetime(2038, 2, 28, 12, 0, tzinfo=UTC)
