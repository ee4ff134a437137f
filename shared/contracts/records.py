"""Records and compliance as JSON."""

from collections.abc import Iterable
from datetime import date, datetime

from shared.contracts.paging import PAGE_BYTES, fitting
from shared.contracts.response import PersonResponse, ResponseBody
from shared.contracts.session import TrainerResponse
from shared.domain.compliance import Colour
from shared.domain.records import RecordKind, RecordStatus, Result


class RecordResponse(ResponseBody):
    record_id: str
    kind: RecordKind
    personnel_id: str
    person_name: str
    job_title: str | None
    course_id: str
    course_title: str
    course_version: str | None
    session_id: str
    result: Result
    status: RecordStatus
    first_day: date | None
    session_date: date
    expiry_date: date | None
    expiry_rule: str
    time_zone: str | None
    evidence_file_key: str
    evidence_file_version_id: str
    evidence_file_hash: str
    remarks: str | None
    trainer: TrainerResponse
    finalized_at: datetime
    finalized_by: PersonResponse


class RecordPage(ResponseBody):
    """
    *missing* names the people whose record was removed after the session was completed, so that the
    page is not taken for the whole class; absent if there are none.
    """

    items: list[RecordResponse]
    missing: list[str] | None = None
    next_cursor: str | None = None


class StandingResponse(ResponseBody):
    """
    One course's standing, and the records it is based on; *calculated_at* is absent until the
    recalculation has run, *changes_at* if the colour stays, or was asked for on a calendar day.
    *older_records* says how many there are before those in *records*, where an answer has no room.
    """

    course_id: str
    status: Colour
    expiry_date: date | None
    changes_at: datetime | None
    based_on: str | None
    calculated_at: datetime | None
    records: list[RecordResponse]
    older_records: int | None = None

    def latest(self, room: int) -> "StandingResponse":
        """The same standing with as many records as fit *room*, from the latest back."""
        fit = fitting(reversed(self.records), room)
        older = len(self.records) - fit
        return self.model_copy(
            update={"records": self.records[older:], "older_records": older or None}
        )


def within_an_answer(standings: Iterable[StandingResponse]) -> list[StandingResponse]:
    """*standings*, of each the latest records only where an answer has no room for all."""
    shown = list(standings)
    records = [record for standing in shown for record in standing.records]
    if fitting(records) == len(records):
        return shown
    return [standing.latest(PAGE_BYTES // len(shown)) for standing in shown]


class ComplianceResponse(ResponseBody):
    """
    Judged as of a calendar day, or at the moment *judged_at*; then *as_of* is its day in UTC, which
    decides nothing.
    """

    personnel_id: str
    as_of: date
    judged_at: datetime | None
    items: list[StandingResponse]
