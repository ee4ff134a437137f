"""The `CourseStore` port."""

from dataclasses import replace

import pytest

from shared.domain.course import Course
from shared.domain.errors import NotFound
from tests.builders import COURSE_ID, a_course
from tests.storage.conftest import Stores


class TestCourseStore:
    """What both stores keep."""

    @pytest.mark.parametrize(
        "course",
        [
            a_course(),
            a_course(requires_verify=True, validity_months=1200, retention_years=30),
            a_course(version=None, validity_months=None),
            a_course(title="Höhenarbeit 高所作業", version="0"),
        ],
    )
    def test_load_returns_what_was_saved(self, stores: Stores, course: Course) -> None:
        """Every field comes back as it went in, under its revision."""
        saved = stores.courses.save(course)

        assert stores.courses.load(COURSE_ID) == saved == a_course_like(course, saved.revision)

    def test_unknown_course_is_not_found(self, stores: Stores) -> None:
        """What does not exist is said to, by its id."""
        with pytest.raises(NotFound, match="nowhere"):
            stores.courses.load("nowhere")

    def test_save_counts_from_one(self, stores: Stores) -> None:
        """The count is the store's, whatever the course says."""
        first = stores.courses.save(a_course(revision=40))
        second = stores.courses.save(a_course(revision=40))

        assert (first.revision, second.revision) == (1, 2)

    def test_save_removes_what_is_left_out(self, stores: Stores) -> None:
        """A course that expires no more has no validity left behind."""
        stores.courses.save(a_course(version="A", validity_months=12, retention_years=5))

        stores.courses.save(a_course(version=None, validity_months=None))

        after = stores.courses.load(COURSE_ID)
        assert (after.version, after.validity_months, after.retention_years) == (None, None, None)

    def test_save_leaves_other_courses_alone(self, stores: Stores) -> None:
        """Each is counted by itself."""
        stores.courses.save(a_course(course_id="other"))

        assert stores.courses.save(a_course()).revision == 1
        assert stores.courses.load("other").revision == 1


def a_course_like(course: Course, revision: int) -> Course:
    """Return *course* under another revision."""
    return replace(course, revision=revision)
