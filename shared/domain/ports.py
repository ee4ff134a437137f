"""
What the use cases need from the world, as protocols. The stores in `shared.storage` keep them, and
so do the fakes in the tests; both pass the same contract tests.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from shared.domain.audit import Action, AuditEntry, Cell, Change
from shared.domain.compliance import Compliance
from shared.domain.contention import GoOn
from shared.domain.course import Course
from shared.domain.events import Event
from shared.domain.outbox import OutboxEntry
from shared.domain.plan import Plan
from shared.domain.records import Record
from shared.domain.session import Attendee, Session, SessionStatus, SessionSummary, Snapshot
from shared.domain.step import Step


class SessionStore(Protocol):
    def load(self, session_id: str) -> Session:
        """
        Read the session itself, consistently.

        Raises:
            NotFound: There is no such session.
        """

    def read(self, session_id: str) -> Snapshot:
        """
        Read session and attendees in one consistent query; see `Snapshot.is_whole` for what that is
        worth.

        Raises:
            NotFound: There is no such session.
        """

    def attendees(self, session_id: str, personnel_ids: Collection[str]) -> list[Attendee]:
        """
        Those of the named people who are on the roster, read consistently, in no particular order.
        """

    def page(
        self, statuses: Iterable[SessionStatus], limit: int, after: str | None
    ) -> list[SessionSummary]:
        """
        At most *limit* sessions in one of *statuses*, latest start first, from behind position
        *after*.
        """

    def save(self, step: Step) -> None:
        """
        Write the step's session, rows and audit entry in one transaction, over the session as it
        was before.

        The version decides who comes first; a row must still be as it was before, because a read
        may have seen the session of an accepted change without its rows. A lost answer is settled
        by reading back.

        Raises:
            LostRace: The stored session or a row is no longer what the step was taken from.
            Busy: Contention or throttling lasted.
        """


class AuditTrail(Protocol):
    def entries(self, session_id: str, after: int = 0) -> Iterator[AuditEntry]:
        """
        The entries of a session behind the one numbered *after*, in order, read consistently and
        only as far as they are asked for.
        """

    def append(
        self, session_id: str, action: Action, change: Change, cells: Sequence[Cell]
    ) -> AuditEntry:
        """
        Add an entry about a session that is locked, and so does not change any more itself.

        Raises:
            Busy: Contention or throttling lasted.
        """

    def append_once(
        self, session_id: str, action: Action, change: Change, cells: Sequence[Cell], after: int
    ) -> AuditEntry:
        """
        The entry of that *action* behind the one numbered *after*, added unless it is there: also
        of several who add it at the same moment only one does.

        Raises:
            Busy: Contention or throttling lasted.
        """


class CourseStore(Protocol):
    def load(self, course_id: str) -> Course:
        """
        Read a course's rules, consistently.

        Raises:
            NotFound: There is no such course.
        """

    def save(self, course: Course) -> Course:
        """
        Replace the course's rules and return them with their new revision.
        """


class FinalizationStore(Protocol):
    def fits_one_transaction(self, plan: Plan) -> bool:
        """
        True if the database takes session, records and outbox entry at once.
        """

    def commit(self, plan: Plan) -> None:
        """
        Write the completed session, all records and the outbox entry in one transaction.

        Raises:
            LostRace: The session is no longer the one the plan was made for.
            Busy: Contention or throttling lasted.
        """

    def seal(self, plan: Plan) -> None:
        """
        Write the sealed session and the outbox entry in one transaction.

        Raises:
            LostRace: The session is no longer the one the plan was made for.
            Busy: Contention or throttling lasted.
        """

    def stage(self, records: Sequence[Record], go_on: GoOn) -> None:
        """
        Write the records of a sealed session and return when every one is acknowledged.

        They do not count before the session is completed. Writing them again writes the same bytes.

        Raises:
            OutOfTime: *go_on* said so; some may be written.
            Busy: Contention or throttling lasted.
        """

    def complete(self, plan: Plan) -> None:
        """
        Write the completed session over the sealed one.

        Raises:
            Busy: Contention or throttling lasted.
        """


class RecordStore(Protocol):
    """
    Records, as far as they count: those of people who were present at a completed session.
    """

    def of_session(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        """
        The records these people got in *session*, in the order of the ids.

        Whoever is missing is looked for again, because the records of a session that was just
        completed may appear one after another; a record that was deleted by hand stays missing.
        """

    def stored(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        """
        Whatever is stored as these people's records of *session*, whether they should have one or
        not, in no particular order.
        """

    def written(self, session: Session, personnel_ids: Sequence[str]) -> int:
        """
        How many of these people's records are written already, whether they count yet or not.
        """

    def of_person(self, personnel_id: str) -> list[Record]:
        """
        All of a person's records, consistently. What is stored for somebody whom the session's list
        has not, or has as absent, was written by nobody's decision and is left out.
        """


class ComplianceStore(Protocol):
    def of_person(self, personnel_id: str) -> list[Compliance]:
        """
        A person's standing in every course it was calculated for, consistently.
        """

    def in_course(self, course_id: str, personnel_ids: Sequence[str]) -> list[Compliance]:
        """
        The standings of these people in one course, in no particular order; who has none is left
        out.
        """

    def save(self, compliance: Compliance) -> None:
        """
        Write a calculation as the successor of the one numbered one less.

        Raises:
            LostRace: Another calculation came first; it may have seen more records.
        """


class Outbox(Protocol):
    def due(self, now: datetime) -> Iterable[OutboxEntry]:
        """
        The entries due by *now*, the oldest first.
        """

    def remove(self, entry: OutboxEntry) -> None:
        """
        Forget an entry whose work is done; forgetting twice is harmless.
        """


class EventPublisher(Protocol):
    def publish(self, events: Sequence[Event]) -> list[bool]:
        """
        Offer *events* to the bus and say of each, by position, whether it was taken.

        Never raises for an event that was refused or a bus that does not answer: what was not taken
        is still owed.
        """
