"""Records as JSON."""

from shared.contracts.paging import PAGE_BYTES
from shared.contracts.records import RecordResponse, StandingResponse, within_an_answer
from shared.domain.compliance import Colour
from testing.builders import a_record

LARGE = "z" * (PAGE_BYTES // 4)


def standing(course_id: str, *remarks: str) -> StandingResponse:
    """Return a standing with a record for each of these remarks, oldest first."""
    return StandingResponse(
        course_id=course_id,
        status=Colour.GREEN,
        expiry_date=None,
        changes_at=None,
        based_on=None,
        calculated_at=None,
        records=[RecordResponse.model_validate(a_record(remarks=text)) for text in remarks],
    )


def remarks(shown: StandingResponse) -> list[str]:
    """Return the first letters of the remarks that are shown."""
    return [(record.remarks or "")[:5] for record in shown.records]


def test_standings_that_fit_an_answer_have_all_records() -> None:
    """However many courses there are."""
    all_of_them = [standing(f"course-{number}", "one", "two") for number in range(50)]

    assert within_an_answer(all_of_them) == all_of_them


def test_standings_that_are_too_large_have_the_latest_records() -> None:
    """Every course is judged and has at least one record; the older ones are counted."""
    crowded = standing("crane", *(f"{n}" + LARGE for n in range(4)))
    small = standing("forklift", "one", "two")

    first, second = within_an_answer([crowded, small])

    assert remarks(first) == ["3zzzz"]
    assert first.older_records == 3
    assert second == small
