"""Registering a course."""

import pytest

from functions.register_course.use_case import register_course
from shared.domain.errors import NotFound
from tests.builders import COURSE_ID, a_course
from tests.fakes import World


def test_register_course_makes_it_known() -> None:
    """From now on sessions can name it."""
    world = World()

    saved = register_course(a_course(), world.courses)

    assert world.courses.load(COURSE_ID) == saved


def test_register_course_replaces_all_its_rules() -> None:
    """What is left out is gone."""
    world = World(courses=[a_course(revision=4)])

    saved = register_course(a_course(validity_months=None, version=None), world.courses)

    assert world.courses.load(COURSE_ID) == saved
    assert (saved.validity_months, saved.version) == (None, None)


def test_register_course_counts_every_change() -> None:
    """A view that showed other rules can be told from one that showed these."""
    world = World(courses=[a_course(revision=4)])

    assert register_course(a_course(), world.courses).revision == 5
    assert register_course(a_course(), world.courses).revision == 6


def test_register_course_leaves_others_alone() -> None:
    """One course is replaced."""
    world = World(courses=[a_course()])

    register_course(a_course(course_id="other"), world.courses)

    assert world.courses.load(COURSE_ID) == a_course()
    with pytest.raises(NotFound):
        world.courses.load("nowhere")
