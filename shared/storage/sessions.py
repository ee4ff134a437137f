"""
Sessions and their attendees in DynamoDB.
"""

from collections.abc import Collection, Iterable
from itertools import chain, islice

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from shared.domain.contention import Pause
from shared.domain.errors import NotFound
from shared.domain.roster import RowChange, can_be_enrolled
from shared.domain.session import Attendee, Session, SessionStatus, SessionSummary, Snapshot
from shared.domain.step import Step
from shared.storage.audit import is_new, is_written
from shared.storage.mapping import (
    attendee_from,
    attendee_item,
    attendee_key,
    audit_item,
    session_from,
    session_item,
    summary_from,
)
from shared.storage.models import (
    SESSION,
    AttendeeItem,
    SessionItem,
    SessionPartition,
)
from shared.storage.sheets import new_use
from shared.storage.writes import answered, settle


class DynamoSessionStore:
    """
    Keeps the `SessionStore` port.
    """

    def __init__(self, connection: Connection, pause: Pause) -> None:
        self._connection = connection
        self._pause = pause

    def load(self, session_id: str) -> Session:
        try:
            with answered():
                return session_from(SessionItem.get(session_id, SESSION, consistent_read=True))
        except SessionItem.DoesNotExist as error:
            raise _unknown(session_id) from error

    def read(self, session_id: str) -> Snapshot:
        with answered():
            items = list(SessionPartition.query(session_id, consistent_read=True))
        sessions = [session_from(item) for item in items if isinstance(item, SessionItem)]
        if not sessions:
            raise _unknown(session_id)
        attendees = (attendee_from(item) for item in items if isinstance(item, AttendeeItem))
        return Snapshot(sessions[0], tuple(attendees))

    def attendees(self, session_id: str, personnel_ids: Collection[str]) -> list[Attendee]:
        # The others can be on no roster, and DynamoDB would refuse to look for them.
        wanted = filter(can_be_enrolled, personnel_ids)
        keys = [attendee_key(session_id, personnel_id) for personnel_id in wanted]
        with answered():
            return [
                attendee_from(item) for item in AttendeeItem.batch_get(keys, consistent_read=True)
            ]

    def page(
        self, statuses: Iterable[SessionStatus], limit: int, after: str | None
    ) -> list[SessionSummary]:
        with answered():
            items = chain.from_iterable(self._latest(status, limit, after) for status in statuses)
            found = [summary_from(item) for item in items]
        return list(
            islice(sorted(found, key=lambda summary: summary.position, reverse=True), limit)
        )

    def save(self, step: Step) -> None:
        def write() -> None:
            with TransactWrite(connection=self._connection) as transaction:
                write_step(transaction, step)

        settle(write, lambda: is_written(step.entry), self._pause)

    @staticmethod
    def _latest(status: SessionStatus, limit: int, after: str | None) -> Iterable[SessionItem]:
        behind = None if after is None else SessionItem.start_order < after
        return SessionItem.by_status.query(status, behind, scan_index_forward=False, limit=limit)


def write_step(transaction: TransactWrite, step: Step) -> None:
    """
    Add to *transaction* all of *step*, provided everything is still as it was before.
    """
    replacing = None if step.before is None else step.before.version
    transaction.save(session_item(step.after), condition=version_is(replacing))
    transaction.save(audit_item(step.entry), condition=is_new())
    use = new_use(step)
    if use is not None:
        transaction.save(use)
    for change in step.rows:
        _write_row(transaction, step.after.session_id, change)


def version_is(version: int | None) -> Condition:
    """
    The condition that the stored session is at *version*, or that there is none.
    """
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
