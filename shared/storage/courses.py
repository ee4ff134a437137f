"""
Courses in DynamoDB.
"""

from dataclasses import replace
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.expressions.update import Action

from shared.domain.course import Course
from shared.domain.errors import NotFound
from shared.storage.mapping import course_from
from shared.storage.models import CourseItem
from shared.storage.writes import answered


class DynamoCourseStore:
    """
    Keeps the `CourseStore` port.
    """

    def load(self, course_id: str) -> Course:
        try:
            with answered():
                return course_from(CourseItem.get(course_id, consistent_read=True))
        except CourseItem.DoesNotExist as error:
            raise NotFound(f"There is no course {course_id}. Register the course first.") from error

    def save(self, course: Course) -> Course:
        item = CourseItem(course.course_id)
        # A repeat after a lost answer counts twice, which only makes older views stale sooner.
        with answered():
            item.update(
                actions=[
                    CourseItem.title.set(course.title),
                    CourseItem.requires_verify.set(course.requires_verify),
                    _set_or_remove(CourseItem.course_version, course.version),
                    _set_or_remove(CourseItem.validity_months, course.validity_months),
                    _set_or_remove(CourseItem.retention_years, course.retention_years),
                    CourseItem.revision.add(1),
                ]
            )
        return replace(course, revision=item.revision)


def _set_or_remove(attribute: Attribute[Any], value: object) -> Action:
    return attribute.remove() if value is None else attribute.set(value)
