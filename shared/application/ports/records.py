"""The ports to records: writing them, reading those that count, and a person's compliance."""

from collections.abc import Sequence
from typing import Protocol

from shared.application.time_left import HasTimeLeft
from shared.domain.compliance import Compliance
from shared.domain.plan import Plan
from shared.domain.records import Record
from shared.domain.session import Session


class FinalizationStore(Protocol):
    def fits_one_transaction(self, plan: Plan) -> bool:
        """True if the database takes session, records and outbox entry at once."""

    def commit(self, plan: Plan) -> None:
        """
        Write the completed session, all records and the outbox entry in one transaction.

        Raises:
            ConcurrentChange: The session is no longer the one the plan was made for.
            Busy: Contention or throttling lasted.
        """

    def lock(self, plan: Plan) -> None:
        """
        Write the locked session and the outbox entry in one transaction.

        Raises:
            ConcurrentChange: The session is no longer the one the plan was made for.
            Busy: Contention or throttling lasted.
        """

    def stage(self, records: Sequence[Record], has_time_left: HasTimeLeft) -> None:
        """
        Write the records of a locked session and return when every one is acknowledged.

        They do not count before the session is completed. Writing them again writes the same bytes.

        Raises:
            OutOfTime: There is no time left; some records may be written.
            Busy: Contention or throttling lasted.
        """

    def complete(self, plan: Plan) -> None:
        """
        Write the completed session over the locked one.

        Raises:
            Busy: Contention or throttling lasted.
        """


class RecordStore(Protocol):
    """Records. They count if their session is completed and their person was present."""

    def of_session(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        """
        The records these people got in *session*, in the order of the ids.

        Missing records are read again a few times, because those of a session that was just
        completed may appear one after another. A record that was deleted by hand stays missing.
        """

    def stored(self, session: Session, personnel_ids: Sequence[str]) -> list[Record]:
        """
        All stored records of these people in *session*, in no particular order: those that count
        and those that do not.
        """

    def written(self, session: Session, personnel_ids: Sequence[str]) -> int:
        """How many of these people's records are written, whether they count yet or not."""

    def of_person(self, personnel_id: str) -> list[Record]:
        """
        All of a person's records that count, read consistently. A record of a session whose roster
        does not have the person, or has them as absent, follows from no decision and is left out.
        """


class ComplianceStore(Protocol):
    def of_person(self, personnel_id: str) -> list[Compliance]:
        """A person's standing in every course it was calculated for, read consistently."""

    def in_course(self, course_id: str, personnel_ids: Sequence[str]) -> list[Compliance]:
        """
        The standings of these people in one course, in no particular order; people without one are
        left out.
        """

    def save(self, compliance: Compliance) -> None:
        """
        Write a calculation, if the stored one has the revision before it.

        Raises:
            ConcurrentChange: Another calculation was written first; it may have seen more records.
        """
