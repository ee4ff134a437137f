"""The `RecordStore` port: the records that count."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from shared.domain.records import Record, RecordKind, RecordStatus, Result, record_id
from shared.domain.roster import RowChange
from shared.domain.session import Session, SessionStatus, Trainer
from shared.storage.records import DynamoRecordStore
from testing.builders import (
    SESSION_ID,
    a_command,
    a_cuid,
    a_plan,
    a_record,
    a_snapshot,
    a_transition,
    an_absentee,
    an_attendee,
    attendees,
)
from tests.storage.conftest import Stores


def finalized(
    stores: Stores, *numbers: int, absentees: Sequence[int] = (), name: str = SESSION_ID
) -> Session:
    """Finalize a session of that name with these people, and return it."""
    people = [*map(an_attendee, numbers), *map(an_absentee, absentees)]
    snapshot = a_snapshot(*people, session_id=name)
    stores.sessions.save(
        a_transition(snapshot.session, None, [RowChange(None, person) for person in people])
    )
    plan = a_plan(snapshot, command=a_command(finalization_id=f"fin-{name}"))
    stores.finalizations.commit(plan)
    return plan.completed


def staged(stores: Stores, *records: Record) -> None:
    """Write records whose session is not completed."""
    stores.finalizations.stage(records, lambda: True)


def ids(records: list[Record]) -> list[str]:
    """Return the people whom these records are for."""
    return [record.personnel_id for record in records]


class TestRecordStore:
    """What holds for both stores."""

    @pytest.mark.parametrize(
        "record",
        [
            a_record(remarks="left at noon, came back"),
            a_record(first_day=date(2026, 3, 8), time_zone="Asia/Tokyo"),
            a_record(time_zone=None),
            a_record(
                job_title=None,
                course_version=None,
                validity=None,
                expiry_date=None,
                remarks=None,
                trainer=Trainer("t", "Jo Lind"),
            ),
            a_record(
                kind=RecordKind.COMPETENCY,
                result=Result.FAILED,
                status=RecordStatus.PENDING_VERIFICATION,
                expiry_date=date(2126, 2, 28),
            ),
            a_record(person_name="Zoë O'Brien 高", remarks="x" * 5_000),
        ],
    )
    def test_records_come_back_as_they_were_written(self, stores: Stores, record: Record) -> None:
        """Every field of a legal document is read back, to the letter."""
        session = finalized(stores, 1)
        staged(stores, record)

        assert stores.records.of_person(a_cuid(1)) == [record]
        assert stores.records.of_session(session, [a_cuid(1)]) == [record]

    def test_of_session_returns_records_in_the_order_asked_for(self, stores: Stores) -> None:
        """The answer has the order of the question."""
        session = finalized(stores, 1, 2, 3)

        found = stores.records.of_session(session, [a_cuid(3), a_cuid(1), a_cuid(2)])

        assert ids(found) == [a_cuid(3), a_cuid(1), a_cuid(2)]

    def test_of_session_leaves_out_who_has_none(self, stores: Stores) -> None:
        """Only people who were absent or whose record was deleted are left out."""
        session = finalized(stores, 1, 3)

        found = stores.records.of_session(session, [a_cuid(1), a_cuid(2), a_cuid(3)])

        assert ids(found) == [a_cuid(1), a_cuid(3)]

    def test_of_session_returns_only_records_of_that_session(self, stores: Stores) -> None:
        """A record of the same person from another session is left out."""
        finalized(stores, 1, name="other")
        session = finalized(stores, 2)

        assert stores.records.of_session(session, [a_cuid(1)]) == []

    def test_of_session_of_no_one_is_empty(self, stores: Stores) -> None:
        """Without ids the answer is empty."""
        assert stores.records.of_session(finalized(stores, 1), []) == []

    @pytest.mark.parametrize("status", set(SessionStatus) - {SessionStatus.COMPLETED})
    def test_of_session_is_empty_before_the_session_is_completed(
        self, stores: Stores, status: SessionStatus
    ) -> None:
        """Readers see all of the records, or none."""
        session = replace(finalized(stores, 1), status=status)

        assert stores.records.of_session(session, [a_cuid(1)]) == []

    def test_of_session_returns_more_than_one_answer_carries(self, stores: Stores) -> None:
        """DynamoDB answers for 100 keys at a time; further ones are asked for."""
        session = finalized(stores)
        for start in range(1, 151, 25):
            staged(stores, *(a_record(number) for number in range(start, start + 25)))

        people = [a_cuid(number) for number in range(1, 151)]

        assert ids(stores.records.of_session(session, people)) == people

    def test_of_person_returns_records_of_all_sessions(self, stores: Stores) -> None:
        """Records of every session of the person are returned."""
        for name in ("a", "b"):
            finalized(stores, 1, 2, name=name)

        found = stores.records.of_person(a_cuid(1))

        assert sorted(record.session_id for record in found) == ["a", "b"]
        assert ids(found) == [a_cuid(1), a_cuid(1)]

    def test_of_person_leaves_out_what_does_not_count_yet(self, stores: Stores) -> None:
        """A record of a session that is still being finalized covers no one."""
        finalized(stores, 1, name="done")
        plan = a_plan(a_snapshot(an_attendee(1), session_id="large"))
        stores.sessions.save(a_transition(plan.before, None, [RowChange(None, an_attendee(1))]))
        stores.finalizations.lock(plan)
        staged(stores, *plan.records)

        assert [r.session_id for r in stores.records.of_person(a_cuid(1))] == ["done"]
        stores.finalizations.complete(plan.after_lock())
        assert len(stores.records.of_person(a_cuid(1))) == 2

    def test_of_person_leaves_out_what_no_decision_wrote(self, stores: Stores) -> None:
        """A record has the id that follows from its session and person, or it does not count."""
        finalized(stores, 1)
        staged(stores, a_record(1, record_id="forged"))

        assert [record.record_id for record in stores.records.of_person(a_cuid(1))] == [
            record_id(SESSION_ID, a_cuid(1))
        ]

    @pytest.mark.parametrize("absentees", [(), (2,)], ids=["not on the list", "absent"])
    def test_of_person_leaves_out_who_was_not_there(
        self, stores: Stores, absentees: tuple[int, ...]
    ) -> None:
        """A record put into the table for a person who was absent covers no one."""
        finalized(stores, 1, absentees=absentees)
        staged(stores, a_record(2))

        assert stores.records.of_person(a_cuid(2)) == []

    def test_stored_returns_all_records_that_exist(self, stores: Stores) -> None:
        """It returns all records, whether they count or not."""
        session = finalized(stores, 1, 2)
        staged(stores, a_record(3))

        found = stores.records.stored(session, [a_cuid(number) for number in (1, 3, 9)])

        assert sorted(ids(found)) == [a_cuid(1), a_cuid(3)]

    def test_of_person_of_an_unknown_person_is_empty(self, stores: Stores) -> None:
        """A person who was never trained has no record."""
        assert stores.records.of_person(a_cuid(9)) == []

    def test_written_counts_records_that_do_not_count_yet(self, stores: Stores) -> None:
        """It says how far a large finalization is."""
        session = finalized(stores)
        staged(stores, a_record(1), a_record(2))

        everyone = [a_cuid(number) for number in (1, 2, 3)]

        assert stores.records.written(session, everyone) == 2
        assert (
            stores.records.written(replace(session, status=SessionStatus.FINALIZING), everyone) == 2
        )
        assert stores.records.written(session, []) == 0

    def test_written_counts_only_records_of_that_session(self, stores: Stores) -> None:
        """A record of the same person in another session does not count."""
        finalized(stores, 1, name="other")

        assert stores.records.written(finalized(stores), [a_cuid(1)]) == 0


def late(stores: Stores, *records: Record) -> Callable[[int], None]:
    """Let one record after another appear while a reader pauses."""
    left = list(records)

    def appear(_: int) -> None:
        if left:
            staged(stores, left.pop(0))

    return appear


class TestLateRecords:
    """What only DynamoDB does: items of one transaction appear one after another."""

    def test_of_session_waits_for_records_that_appear_late(self, real: Stores) -> None:
        """A reader who sees the session completed sees all its records."""
        session = finalized(real, 2)
        patient = DynamoRecordStore(late(real, a_record(3), a_record(1)))

        found = patient.of_session(session, [a_cuid(1), a_cuid(2), a_cuid(3)])

        assert ids(found) == [a_cuid(1), a_cuid(2), a_cuid(3)]

    def test_of_session_does_not_wait_without_end(self, real: Stores) -> None:
        """A record that was deleted by hand stays missing."""
        pauses: list[int] = []
        session = finalized(real, 1)

        found = DynamoRecordStore(pauses.append).of_session(session, [a_cuid(1), a_cuid(2)])

        assert ids(found) == [a_cuid(1)]
        assert 1 <= len(pauses) <= 8

    def test_of_session_does_not_wait_if_no_one_is_missing(self, real: Stores) -> None:
        """The usual reader is not delayed."""
        pauses: list[int] = []
        session = finalized(real, 1, 2)

        DynamoRecordStore(pauses.append).of_session(session, [a_cuid(1), a_cuid(2)])

        assert pauses == []

    def test_record_is_found_under_the_key_that_follows_from_person_and_session(
        self, real: Stores
    ) -> None:
        """There is no index: the keys follow from the frozen roster (DESIGN §4)."""
        finalized(real, 1)

        (record,) = real.records.of_person(a_cuid(1))

        assert record.record_id == record_id(SESSION_ID, a_cuid(1))


def test_absent_people_have_no_record(stores: Stores) -> None:
    """No record is written for a person who was absent."""
    snapshot = a_snapshot(*attendees(1), an_absentee(2))
    stores.sessions.save(a_transition(snapshot.session, None))
    stores.finalizations.commit(a_plan(snapshot))

    assert stores.records.of_person(a_cuid(2)) == []
