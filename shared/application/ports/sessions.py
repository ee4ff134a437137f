"""
The ports to sessions, their audit trails and the courses they teach.

The stores in `shared.storage` implement every port here, and so do the fakes in the tests; both
pass the same contract tests.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from shared.domain.audit import Action, AuditEntry, ChangeContext, FieldChange
from shared.domain.course import Course
from shared.domain.course_trail import CourseChange, CourseEntry
from shared.domain.roster import RowChange
from shared.domain.session import Attendee, Session, SessionStatus, SessionSummary, Snapshot
from shared.domain.transition import Transition


class SessionStore(Protocol):
    def load(self, session_id: str) -> Session:
        """
        Read the session itself, consistently.

        Raises:
            NotFound: There is no such session.
        """

    def read(self, session_id: str) -> Snapshot:
        """
        Read session and attendees in one consistent query; `Snapshot.is_whole` says whether any
        change is missing.

        Raises:
            NotFound: There is no such session.
        """

    def attendees(self, session_id: str, personnel_ids: Collection[str]) -> list[Attendee]:
        """
        Those of the named people who are on the roster, read consistently, in no particular
        order.
        """

    def page(
        self, statuses: Iterable[SessionStatus], limit: int, after: str | None
    ) -> list[SessionSummary]:
        """
        At most *limit* sessions in one of *statuses*, latest start first, beginning after the
        position *after*.
        """

    @property
    def rows_at_once(self) -> int:
        """How many row changes one `save` takes if all of them are short."""

    def first_batch(self, changes: Sequence[RowChange]) -> Sequence[RowChange]:
        """As many of *changes*, from the first on, as one `save` takes; at least one."""

    def save(self, transition: Transition) -> None:
        """
        Write the transition's session, rows and audit entry in one transaction (optimistic lock).

        The session's version must still be that before the transition, and so must every row's
        revision, because a read may have seen the session of an accepted change without its rows.
        After a lost answer the outcome is read back.

        Raises:
            ConcurrentChange: The stored session or a row is no longer as it was before.
            Busy: Contention or throttling lasted.
        """


class SessionIndex(Protocol):
    """
    Lists the ids of sessions. Only keys are read, so that a damaged session does not end a walk
    through all of them.
    """

    def started_since(
        self, status: SessionStatus, moment: datetime, finalized_since: datetime | None = None
    ) -> Iterator[str]:
        """
        The ids of the sessions in *status* that started at *moment* or later, latest start first;
        with *finalized_since* only those finalized since then.
        """

    def started_before(self, status: SessionStatus, moment: datetime) -> Iterator[str]:
        """Lazily, the ids of *status* sessions that started before *moment*, latest start first."""


class AuditTrail(Protocol):
    def entries(self, session_id: str, after: int = 0) -> Iterator[AuditEntry]:
        """The entries of a session after number *after*, in order, read consistently, lazily."""

    def latest_first(self, session_id: str) -> Iterator[AuditEntry]:
        """All entries of a session, the last one first, read consistently, lazily."""

    def append(
        self, session_id: str, action: Action, change: ChangeContext, changed: Sequence[FieldChange]
    ) -> AuditEntry:
        """
        Add an entry about a locked session, which itself does not change any more.

        Raises:
            Busy: Contention or throttling lasted.
        """

    def append_once(
        self,
        session_id: str,
        action: Action,
        change: ChangeContext,
        changed: Sequence[FieldChange],
        after: int,
    ) -> AuditEntry:
        """
        Return the entry of *action* after number *after*; add it if there is none.

        Idempotent: of several callers at the same moment only one adds it.

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

    def save(self, change: CourseChange) -> None:
        """
        Write the course and the entry of its trail in one transaction.

        Raises:
            ConcurrentChange: The stored course is no longer as it was before.
            Busy: Contention or throttling lasted.
        """

    def entries(self, course_id: str, after: int = 0) -> Iterator[CourseEntry]:
        """The entries of a course's trail after number *after*, in order, lazily."""
