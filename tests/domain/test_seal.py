"""How long evidence is kept, and how long its seal is waited for."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.evidence import ObjectVersion
from shared.domain.seal import PATIENCE, is_being_sealed, keep_until
from shared.domain.seal_folder import SealFolder, SealPart
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


SECOND = timedelta(seconds=1)
ALL = {part: ObjectVersion(f"seals/s-1/{part}", "1") for part in SealPart}
SOME = {part: ALL[part] for part in (SealPart.MANIFEST, SealPart.SIGNATURE)}


@pytest.mark.parametrize(
    ("after", "folder", "expected"),
    [
        (timedelta(), SealFolder("seals/s-1/", {}, ()), True),
        (PATIENCE - SECOND, SealFolder("seals/s-1/", SOME, ()), True),
        (PATIENCE, SealFolder("seals/s-1/", SOME, ()), False),
        (-PATIENCE, SealFolder("seals/s-1/", SOME, ()), False),
        (SECOND, SealFolder("seals/s-1/", ALL, ()), False),
        (SECOND, SealFolder("seals/s-1/", SOME, ("something was put over it",)), False),
    ],
    ids=["nothing yet", "until 15 minutes", "then", "of a later day", "complete", "tampered with"],
)
def test_seal_is_waited_for(after: timedelta, folder: SealFolder, expected: bool) -> None:
    """What is missing is a fault only when it should be there."""
    decision = a_decision()

    assert is_being_sealed(decision, folder, decision.finalized_at + after) is expected
