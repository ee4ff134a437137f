"""Which record an attendee gets, and everything that is copied into it."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.manifest import WRITERS
from shared.domain.people import Person
from shared.domain.plan import planned_records
from shared.domain.records import Record, RecordKind, RecordStatus, Result, record_id
from shared.domain.session import DecidedSession, Trainer
from shared.domain.validity import Validity
from testing.builders import (
    NOW,
    SESSION_ID,
    a_command,
    a_course,
    a_cuid,
    a_decided,
    a_plan,
    a_session,
    a_sheet,
    a_snapshot,
    an_attendee,
    some_details,
)

Outcome = tuple[RecordKind, Result, RecordStatus]
TRAINED: Outcome = (RecordKind.TRAINING, Result.PASSED, RecordStatus.PASSED)
FAILED: Outcome = (RecordKind.TRAINING, Result.FAILED, RecordStatus.FAILED)
PENDING: Outcome = (RecordKind.COMPETENCY, Result.PASSED, RecordStatus.PENDING_VERIFICATION)
PENDING_FAILED: Outcome = (
    RecordKind.COMPETENCY,
    Result.FAILED,
    RecordStatus.PENDING_VERIFICATION,
)
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", fullmatch=True)


def write(decided: DecidedSession | None = None, **fields_of_attendee: object) -> Record:
    """Write the record of one attendee, of the default session and course unless told."""
    (record,) = planned_records(decided or a_decided(), [an_attendee(1, **fields_of_attendee)])
    return record


@pytest.mark.parametrize(
    ("is_present", "has_passed", "requires_verify", "outcome"),
    [
        (True, True, False, TRAINED),
        (True, False, False, FAILED),
        (True, True, True, PENDING),
        (True, False, True, PENDING_FAILED),
        (False, True, False, None),
        (False, False, False, None),
        (False, True, True, None),
        (False, False, True, None),
    ],
)
def test_record_follows_presence_result_and_course(
    *, is_present: bool, has_passed: bool, requires_verify: bool, outcome: Outcome | None
) -> None:
    """A person present gets one record of the course's kind; an absent one gets none (§4 C)."""
    attendee = an_attendee(1, is_present=is_present, has_passed=has_passed)

    plan = a_plan(a_snapshot(attendee), a_course(requires_verify=requires_verify))

    found = [(record.kind, record.result, record.status) for record in plan.records]
    assert found == ([outcome] if outcome else [])


def test_record_inherits_the_sheet() -> None:
    """Every record points at one exact version of the sheet, and holds its SHA-256."""
    sheet = a_sheet(3, version_id="v-77", sha256="ab" * 32)

    record = write(a_decided(a_session(sheet=sheet)))

    assert record.evidence_file_key == sheet.key
    assert record.evidence_file_version_id == "v-77"
    assert record.evidence_file_hash == "ab" * 32


def test_records_of_one_session_share_the_sheet() -> None:
    """One sheet, one key, one hash for the whole class (spec §1)."""
    plan = a_plan(a_snapshot(*(an_attendee(number) for number in range(1, 15))))

    sheets = {
        (r.evidence_file_key, r.evidence_file_version_id, r.evidence_file_hash)
        for r in plan.records
    }

    assert len(plan.records) == 14
    assert sheets == {(a_sheet().key, a_sheet().version_id, a_sheet().sha256)}


def test_record_copies_the_person_as_they_were() -> None:
    """A record keeps the name and the job title of the day of the decision."""
    record = write(name="Ada Berg", job_title="Foreman")

    assert record.personnel_id == a_cuid(1)
    assert (record.person_name, record.job_title) == ("Ada Berg", "Foreman")


def test_record_of_a_person_without_job_title_has_none() -> None:
    """A job title that was not given stays absent."""
    assert write(job_title=None).job_title is None


@pytest.mark.parametrize("remarks", [None, "left at noon, came back"])
def test_record_copies_the_remarks(remarks: str | None) -> None:
    """Remarks about the person are part of the record."""
    assert write(remarks=remarks).remarks == remarks


def test_record_copies_the_course_as_it_was() -> None:
    """Title, version and validity are those under which the session was finalized."""
    course = a_course(title="Rescue", version="2025-C", validity=Validity(24))

    record = write(a_decided(course=course))

    assert record.course_id == course.course_id
    assert (record.course_title, record.course_version) == ("Rescue", "2025-C")
    assert record.validity == Validity(24)


def test_record_names_trainer_and_qualification() -> None:
    """Regulators ask who taught, and with which qualification."""
    trainer = Trainer("t-9", "Jo Lind", "First aid instructor")
    session = a_session(details=some_details(trainer=trainer))

    record = write(a_decided(session))

    assert record.trainer == trainer


def test_record_names_who_finalized_when() -> None:
    """The signature under the record is that of the person who finalized, not the attendee's."""
    by = Person("u-2", "Mary Shaw")
    decided = a_decided(finalization_id="fin-9", finalized_at=NOW, finalized_by=by)

    record = write(decided)

    assert (record.finalization_id, record.finalized_at, record.finalized_by) == ("fin-9", NOW, by)


@pytest.mark.parametrize(
    ("ends_at", "timezone", "session_date", "expiry_date"),
    [
        ("2026-01-31T00:30Z", "America/Los_Angeles", date(2026, 1, 30), date(2026, 2, 28)),
        ("2026-01-31T00:30Z", "Europe/Berlin", date(2026, 1, 31), date(2026, 2, 28)),
        ("2026-01-31T10:30Z", "Pacific/Kiritimati", date(2026, 2, 1), date(2026, 3, 1)),
    ],
)
def test_record_is_dated_where_the_training_took_place(
    ends_at: str, timezone: str, session_date: date, expiry_date: date
) -> None:
    """Training date and expiry follow the session's own zone, on either side of midnight UTC."""
    end = datetime.fromisoformat(ends_at)
    details = some_details(starts_at=end - timedelta(hours=1), ends_at=end, timezone=timezone)
    decided = a_decided(a_session(details=details), course=a_course(validity=Validity(1)))

    record = write(decided)

    assert (record.session_date, record.expiry_date) == (session_date, expiry_date)


def test_record_does_not_expire_later_if_it_was_finalized_later() -> None:
    """The day of the training counts, not the day it was finalized."""
    late = a_decided(finalized_at=datetime(2026, 9, 1, tzinfo=UTC))

    record = write(late)

    assert (record.session_date, record.expiry_date) == (date(2026, 3, 10), date(2027, 3, 10))


@pytest.mark.parametrize("has_passed", [True, False])
@pytest.mark.parametrize("requires_verify", [True, False])
def test_record_without_validity_never_expires(*, has_passed: bool, requires_verify: bool) -> None:
    """A course without validity gives records without an expiry date."""
    course = a_course(validity=None, requires_verify=requires_verify)

    plan = a_plan(a_snapshot(an_attendee(1, has_passed=has_passed)), course)

    assert [record.expiry_date for record in plan.records] == [None]


def test_record_names_its_session() -> None:
    """A record names the session it comes from."""
    assert write().session_id == SESSION_ID


def test_record_id_is_the_same_every_time() -> None:
    """A retry finds the record that exists and never writes a second one."""
    known = "1d2b7632-0aea-5d9a-991a-f5414366d3b2"

    assert record_id(SESSION_ID, a_cuid(1)) == known


@given(IDS, IDS, IDS, IDS)
def test_record_ids_of_two_records_differ(
    session: str, person: str, other_session: str, other_person: str
) -> None:
    """No other session or person ever gets the same id."""
    one, other = (session, f"c{person}"), (other_session, f"c{other_person}")

    assert (record_id(*one) == record_id(*other)) == (one == other)


def test_record_ids_do_not_depend_on_who_finalized() -> None:
    """Two concurrent finalizations aim at the same records, so only one can write them."""
    one = a_plan(a_snapshot(an_attendee(1)), command=a_command(finalization_id="fin-1"))
    other = a_plan(a_snapshot(an_attendee(1)), command=a_command(finalization_id="fin-2"))

    assert [r.record_id for r in one.records] == [r.record_id for r in other.records]


@pytest.mark.parametrize(
    ("days", "first_day"), [(0, None), (1, date(2026, 3, 9)), (4, date(2026, 3, 6))]
)
def test_record_of_several_days_names_the_first(days: int, first_day: date | None) -> None:
    """A training of one day has one date; one of several days has its first and its last."""
    details = some_details(starts_at=NOW - timedelta(days=days, hours=8))

    record = write(a_decided(a_session(details=details)))

    assert (record.first_day, record.session_date) == (first_day, date(2026, 3, 10))


def test_record_names_the_time_zone_of_its_days() -> None:
    """Its days are days where the training took place."""
    session = a_session(details=some_details(timezone="Asia/Tokyo"))

    assert write(a_decided(session)).time_zone == "Asia/Tokyo"


def test_record_of_an_earlier_decision_is_dated_as_it_was_then() -> None:
    """A session that was decided by the rules of version 1 is completed by them."""
    details = some_details(ends_at=datetime(2026, 3, 10, 23, 0, tzinfo=UTC))

    records = {
        version: write(a_decided(a_session(details=details), manifest_version=version))
        for version in WRITERS
    }

    assert {version: record.session_date for version, record in records.items()} == {
        1: date(2026, 3, 11),
        2: date(2026, 3, 10),
        3: date(2026, 3, 10),
    }
    assert (records[1].time_zone, records[1].first_day) == (None, None)


def test_record_says_all_there_is_to_say() -> None:
    """Every field of a full attendee, sheet, course, session and decision is copied."""
    details = some_details(starts_at=NOW - timedelta(days=2))

    record = write(a_decided(a_session(details=details)), remarks="left at noon")

    assert [field.name for field in fields(Record) if getattr(record, field.name) is None] == []
