"""Sessions and their attendees in DynamoDB."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from shared.application.retry import ConcurrentChange, Pause
from shared.domain.errors import NotFound, TrailTaken
from shared.domain.origin import OriginOf
from shared.domain.roster import RowChange, can_be_enrolled
from shared.domain.session import Attendee, Session, SessionStatus, SessionSummary, Snapshot
from shared.domain.transition import Transition
from shared.storage.audit import is_new, is_taken, is_written
from shared.storage.batching import first_batch
from shared.storage.limits import AWS, Limits
from shared.storage.mapping import (
    attendee_from,
    attendee_item,
    attendee_key,
    audit_item,
    session_from,
    session_item,
    start_key,
    summary_from,
)
from shared.storage.models import (
    ATTENDEE,
    SESSION,
    AttendeeItem,
    SessionItem,
    SessionPartition,
)
from shared.storage.sheets import new_use
from shared.storage.writes import busy_if_unanswered, write_and_confirm

# A session has 1 kB in the index, and reading one id reads a whole page.
_IDS_PER_PAGE = 100


class DynamoSessionStore:
    """Implements the `SessionStore` port."""

    def __init__(
        self, connection: Connection, pause: Pause, origin_of: OriginOf, limits: Limits = AWS
    ) -> None:
        self._connection = connection
        self._pause = pause
        self._origin_of = origin_of
        self._limits = limits

    @property
    def rows_at_once(self) -> int:
        return self._limits.rows

    def first_batch(self, changes: Sequence[RowChange]) -> Sequence[RowChange]:
        return first_batch(changes, self._limits)

    def load(self, session_id: str) -> Session:
        try:
            with busy_if_unanswered():
                return session_from(SessionItem.get(session_id, SESSION, consistent_read=True))
        except SessionItem.DoesNotExist as error:
            raise _unknown(session_id) from error

    def read(self, session_id: str) -> Snapshot:
        with busy_if_unanswered():
            items = {
                item.item: item for item in SessionPartition.query(session_id, consistent_read=True)
            }
        session = items.get(SESSION)
        if not isinstance(session, SessionItem):
            raise _unknown(session_id)
        rows = (item for item in items.values() if isinstance(item, AttendeeItem))
        # A row counts under its own key only: whatever else lies there was not put by a function.
        attendees = (attendee_from(row) for row in rows if row.item == ATTENDEE + row.personnel_id)
        return Snapshot(session_from(session), tuple(attendees))

    def attendees(self, session_id: str, personnel_ids: Collection[str]) -> list[Attendee]:
        # Other ids are on no roster, and DynamoDB refuses keys of their length.
        wanted = filter(can_be_enrolled, personnel_ids)
        keys = [attendee_key(session_id, personnel_id) for personnel_id in wanted]
        with busy_if_unanswered():
            return [
                attendee_from(item) for item in AttendeeItem.batch_get(keys, consistent_read=True)
            ]

    def page(
        self, statuses: Iterable[SessionStatus], limit: int, after: str | None
    ) -> list[SessionSummary]:
        with busy_if_unanswered():
            items = chain.from_iterable(self._latest(status, limit, after) for status in statuses)
            found = [summary_from(item) for item in items if item.item == SESSION]
        return list(
            islice(sorted(found, key=lambda summary: summary.position, reverse=True), limit)
        )

    def started_since(
        self, status: SessionStatus, moment: datetime, finalized_since: datetime | None = None
    ) -> Iterator[str]:
        recent = None if finalized_since is None else SessionItem.finalized_at >= finalized_since
        return _ids(status, SessionItem.start_order >= start_key(moment), recent)

    def started_before(self, status: SessionStatus, moment: datetime) -> Iterator[str]:
        return _ids(status, SessionItem.start_order < start_key(moment))

    def save(self, transition: Transition) -> None:
        def write() -> None:
            with TransactWrite(connection=self._connection) as transaction:
                self.add_to(transaction, transition)

        with self.unless_taken(transition):
            write_and_confirm(write, lambda: is_written(transition.entry), self._pause)

    @contextmanager
    def unless_taken(self, transition: Transition) -> Iterator[None]:
        """
        Tell a conflict that lasts from one that passes.

        Raises:
            TrailTaken: The number of the transition's entry is taken, and the session did not
                change: every change writes its entry with the session.
        """
        try:
            yield
        except ConcurrentChange:
            # The entry is looked for first: whoever wrote it with a change wrote the session then.
            if is_taken(transition.entry) and self._version(transition) < transition.entry.sequence:
                raise TrailTaken from None
            raise

    def _version(self, transition: Transition) -> int:
        try:
            return self.load(transition.after.session_id).version
        except NotFound:
            return 0

    def add_to(self, transaction: TransactWrite, transition: Transition) -> None:
        """Add all of *transition* to *transaction*, on condition that nothing changed meanwhile."""
        entry = transition.entry
        replacing = None if transition.before is None else transition.before.version
        transaction.save(session_item(transition.after), condition=version_is(replacing))
        transaction.save(audit_item(entry, self._origin_of(entry.sha256)), condition=is_new())
        use = new_use(transition)
        if use is not None:
            transaction.save(use)
        for change in transition.rows:
            _write_row(transaction, transition.after.session_id, change)

    @staticmethod
    def _latest(status: SessionStatus, limit: int, after: str | None) -> Iterable[SessionItem]:
        behind = None if after is None else SessionItem.start_order < after
        return SessionItem.by_status.query(status, behind, scan_index_forward=False, limit=limit)


def _ids(
    status: SessionStatus, started: Condition, condition: Condition | None = None
) -> Iterator[str]:
    with busy_if_unanswered():
        items = SessionItem.by_status.query(
            status,
            started,
            condition,
            scan_index_forward=False,
            page_size=_IDS_PER_PAGE,
            attributes_to_get=["sessionId"],
        )
        yield from (item.session_id for item in items)


def version_is(version: int | None) -> Condition:
    """The condition that the stored session has *version*; None: that there is no session."""
    return (
        SessionItem.session_id.does_not_exist()
        if version is None
        else SessionItem.version == version
    )


def _write_row(transaction: TransactWrite, session_id: str, change: RowChange) -> None:
    unchanged = (
        AttendeeItem.session_id.does_not_exist()
        if change.before is None
        else AttendeeItem.revision == change.before.revision
    )
    if change.after is not None:
        transaction.save(attendee_item(session_id, change.after), condition=unchanged)
    elif change.before is not None:
        transaction.delete(attendee_item(session_id, change.before), condition=unchanged)


def _unknown(session_id: str) -> NotFound:
    return NotFound(
        f"There is no session {session_id}. Check the id, or register the session first."
    )
