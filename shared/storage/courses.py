"""Courses and their trails in DynamoDB."""

from collections.abc import Iterator

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from shared.application.retry import Pause
from shared.domain.course import Course
from shared.domain.course_trail import CourseChange, CourseEntry
from shared.domain.errors import NotFound
from shared.domain.origin import OriginOf
from shared.storage.audit import is_stored
from shared.storage.mapping import course_audit_item, course_entry_from, course_from, course_item
from shared.storage.models import CourseAuditItem, CourseItem
from shared.storage.writes import busy_if_unanswered, write_and_confirm


class DynamoCourseStore:
    """Implements the `CourseStore` port."""

    def __init__(self, connection: Connection, pause: Pause, origin_of: OriginOf) -> None:
        self._connection = connection
        self._pause = pause
        self._origin_of = origin_of

    def load(self, course_id: str) -> Course:
        try:
            with busy_if_unanswered():
                return course_from(CourseItem.get(course_id, consistent_read=True))
        except CourseItem.DoesNotExist as error:
            raise NotFound(f"There is no course {course_id}. Register the course first.") from error

    def save(self, change: CourseChange) -> None:
        def write() -> None:
            with TransactWrite(connection=self._connection) as transaction:
                transaction.save(course_item(change.after), condition=_is_still(change.before))
                transaction.save(
                    course_audit_item(change.entry, self._origin_of(change.entry.sha256)),
                    condition=CourseAuditItem.course_id.does_not_exist(),
                )

        write_and_confirm(
            write,
            lambda: is_stored(CourseAuditItem, change.entry.course_id, change.entry),
            self._pause,
        )

    def entries(self, course_id: str, after: int = 0) -> Iterator[CourseEntry]:
        with busy_if_unanswered():
            items = CourseAuditItem.query(
                course_id, CourseAuditItem.sequence > after, consistent_read=True
            )
            yield from (course_entry_from(item) for item in items)


def _is_still(before: Course | None) -> Condition:
    if before is None:
        return CourseItem.course_id.does_not_exist()
    return CourseItem.revision == before.revision
