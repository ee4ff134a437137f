"""Registering a course."""

import json
from dataclasses import replace

import pytest

from functions.register_course.use_case import register_course
from shared.domain.course import Course
from shared.domain.errors import Busy, NotFound
from testing.builders import COURSE_ID, a_change, a_course, a_course_change
from testing.fakes import FakeWiring, always, at, no_pause


def register(world: FakeWiring, course: Course | None = None, request_id: str = "r-1") -> Course:
    """Register *course*."""
    return register_course(course or a_course(), a_change(request_id), world.courses, no_pause)


def test_register_course_makes_it_known() -> None:
    """From then on sessions can name it."""
    world = FakeWiring()

    saved = register(world)

    assert world.courses.load(COURSE_ID) == saved


def test_register_course_replaces_all_its_rules() -> None:
    """A rule that is left out is removed."""
    world = FakeWiring(courses=[a_course(revision=4)])

    saved = register(world, a_course(validity=None, version=None))

    assert world.courses.load(COURSE_ID) == saved
    assert (saved.validity, saved.version) == (None, None)


def test_register_course_counts_every_change() -> None:
    """A view of older rules can be told from a view of these."""
    world = FakeWiring(courses=[a_course(revision=4)])

    assert register(world, a_course(title="Rescue")).revision == 5
    assert register(world).revision == 6


def test_register_course_of_the_same_rules_changes_nothing() -> None:
    """It is no new revision, so that no view becomes outdated, and leaves no entry."""
    world = FakeWiring()
    first = register(world)

    assert register(world, request_id="r-2") == first
    assert len(list(world.courses.entries(COURSE_ID))) == 1


def test_register_course_leaves_an_entry_with_each_change() -> None:
    """The entry names the request that made the change."""
    world = FakeWiring()
    register(world)

    register(world, a_course(title="Rescue"), "r-2")

    entries = [json.loads(entry.content) for entry in world.courses.entries(COURSE_ID)]
    assert [entry["requestId"] for entry in entries] == ["r-1", "r-2"]


def test_register_course_after_a_lost_race_tells_of_the_change_that_won_it() -> None:
    """The old value in the entry is the one that was replaced."""
    world = FakeWiring(courses=[a_course()])
    rival = a_course_change(a_course(title="Ropes"), a_course())
    world.courses.before_write = at(1, lambda: world.courses.save(rival))

    register(world, a_course(title="Rescue"))

    last = json.loads(list(world.courses.entries(COURSE_ID))[-1].content)
    assert [(change["old"], change["new"]) for change in last["changes"]] == [("Ropes", "Rescue")]


def test_register_course_gives_up_when_rivals_never_cease() -> None:
    """Conflicts that outlast all attempts are reported as busy; nothing was saved."""
    world = FakeWiring(courses=[a_course()])

    def outrun() -> None:
        known = world.courses.load(COURSE_ID)
        world.courses.put(replace(known, title=f"Title {known.revision}"))

    world.courses.before_write = always(outrun)

    with pytest.raises(Busy):
        register(world, a_course(title="Rescue"))

    assert list(world.courses.entries(COURSE_ID)) == []


def test_register_course_leaves_others_alone() -> None:
    """Only the course named is replaced."""
    world = FakeWiring(courses=[a_course()])

    register(world, a_course(course_id="other"))

    assert world.courses.load(COURSE_ID) == a_course()
    with pytest.raises(NotFound):
        world.courses.load("nowhere")
