"""The `CourseStore` port."""

from dataclasses import replace

import pytest

from shared.application.retry import ConcurrentChange
from shared.domain.course import Course
from shared.domain.errors import NotFound
from shared.domain.validity import Validity
from testing.builders import COURSE_ID, a_course, a_course_change
from testing.origins import an_origin
from tests.storage.conftest import Stores


class TestCourseStore:
    """What holds for both stores."""

    @pytest.mark.parametrize(
        "course",
        [
            a_course(),
            a_course(requires_verify=True, validity=Validity(1200), retention_years=30),
            a_course(version=None, validity=None),
            a_course(title="Höhenarbeit 高所作業", version="0"),
        ],
    )
    def test_load_returns_what_was_saved(self, stores: Stores, course: Course) -> None:
        """Every field comes back as it went in."""
        first = a_course_change(replace(course, title="Before"))
        second = a_course_change(course, first.after)

        stores.courses.save(first)
        stores.courses.save(second)

        assert stores.courses.load(COURSE_ID) == second.after

    def test_unknown_course_is_not_found(self, stores: Stores) -> None:
        """The refusal names the id, and there is no trail."""
        with pytest.raises(NotFound, match="nowhere"):
            stores.courses.load("nowhere")

        assert list(stores.courses.entries("nowhere")) == []

    def test_save_keeps_every_entry_of_the_trail(self, stores: Stores) -> None:
        """They are read in order, from any of them on."""
        first = a_course_change(a_course())
        second = a_course_change(a_course(title="Rescue"), first.after)

        stores.courses.save(first)
        stores.courses.save(second)

        assert list(stores.courses.entries(COURSE_ID)) == [first.entry, second.entry]
        assert list(stores.courses.entries(COURSE_ID, 1)) == [second.entry]

    def test_entries_tell_who_wrote_them(self, stores: Stores) -> None:
        """As in a session's trail."""
        stores.courses.save(a_course_change(a_course()))

        (entry,) = stores.courses.entries(COURSE_ID)

        assert entry.origin == an_origin(entry.sha256)

    @pytest.mark.parametrize("is_new", [True, False])
    def test_save_does_not_write_over_another_change(self, stores: Stores, *, is_new: bool) -> None:
        """Of two changes of the same rules one is written; the other is decided again."""
        first = a_course_change(a_course())
        second = a_course_change(a_course(title="Rescue"), first.after)
        other = a_course_change(a_course(title="Ropes"), None if is_new else first.after)
        stores.courses.save(first)
        stores.courses.save(second)

        with pytest.raises(ConcurrentChange):
            stores.courses.save(other)

        assert stores.courses.load(COURSE_ID) == second.after
        assert list(stores.courses.entries(COURSE_ID)) == [first.entry, second.entry]

    def test_save_removes_what_is_left_out(self, stores: Stores) -> None:
        """A course without validity has none stored from the time before."""
        first = a_course_change(a_course(version="A", validity=Validity(12), retention_years=5))
        stores.courses.save(first)

        stores.courses.save(a_course_change(a_course(version=None, validity=None), first.after))

        after = stores.courses.load(COURSE_ID)
        assert (after.version, after.validity, after.retention_years) == (None, None, None)

    def test_save_leaves_other_courses_alone(self, stores: Stores) -> None:
        """Each course has its own trail."""
        other, own = a_course_change(a_course(course_id="other")), a_course_change(a_course())
        stores.courses.save(other)

        stores.courses.save(own)

        assert stores.courses.load("other") == other.after
        assert list(stores.courses.entries("other")) == [other.entry]
