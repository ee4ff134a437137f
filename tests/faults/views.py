"""Readers, recalculation and reconciliation under faults."""

from datetime import timedelta

import pytest

from functions.recalculate_compliance import use_case as recalculation
from functions.reconcile_sessions import use_case as reconciliation
from functions.register_course.use_case import register_course
from functions.view_audit.use_case import view_audit
from functions.view_session.use_case import view_session
from shared.application.completed import require_completed
from shared.domain.audit import Action
from shared.domain.compliance import Colour, Compliance
from shared.domain.errors import NotFound
from shared.domain.reconciliation import TOO_LONG
from shared.domain.session import SessionStatus
from shared.runtime.wiring import Wiring
from testing import builders
from testing.builders import COURSE_ID, NOW, a_change
from tests.faults import promises
from tests.faults.commands import finalize_anew, finalize_partly
from tests.faults.environment import forget_origin, forget_records, named, opened, wiring
from tests.faults.matrix import Trial

_MONTH = timedelta(days=30)
MANY = 1000


class Reading(Trial):
    """A client reads a finalized session in every way."""

    def __init__(self, present: int) -> None:
        self.prepared = opened(present)
        self._finalize()

    def attempt(self) -> None:
        """Read; every answer is complete."""
        view = view_session(
            self.prepared.session_id,
            wiring().sessions,
            wiring().courses,
            _anew().records,
            wiring().pause,
        )
        assert len(view.snapshot.attendees) == len(self.prepared.roster)
        assert view.written == self._written
        page = view_audit(self.prepared.session_id, 0, MANY, wiring().sessions, wiring().trail)
        numbers = [entry.sequence for entry in page.entries]
        assert numbers == list(range(1, len(numbers) + 1))
        assert page.entries[-1].action is Action.FINALIZED
        listed = wiring().sessions.page(
            [SessionStatus.COMPLETED, SessionStatus.FINALIZING], 1, None
        )
        assert listed
        promises.readers_see_none_or_all(self.prepared)

    def inspect(self) -> None:
        """Reading changes nothing."""

    def recover(self) -> None:
        """Read again."""

    def verify(self) -> None:
        """The second read is answered."""
        self.attempt()

    _written: int | None = None

    def _finalize(self) -> None:
        finalize_anew(self.prepared)


class ReadingMeanwhile(Reading):
    """A client reads a session that was locked when time ran out."""

    _written = 0

    def _finalize(self) -> None:
        finalize_partly(self.prepared)


class Recalculating(Trial):
    """A person's compliance is calculated because their session was finalized."""

    intruders = ("another process calculates",)

    def __init__(self) -> None:
        self.prepared = opened(1)
        self._person = self.prepared.present[0]
        finalize_anew(self.prepared)

    def attempt(self) -> None:
        """Do what the function does for an event and for a changed record."""
        ports = _anew()
        require_completed(ports.sessions.load(self.prepared.session_id))
        assert recalculation.courses_of(self._person, ports) == {COURSE_ID}
        recalculation.recalculate(self._person, COURSE_ID, ports)

    def inspect(self) -> None:
        """Nothing was calculated, or the right value."""
        assert {standing.verdict.colour for standing in self._standings()} <= {Colour.GREEN}

    def recover(self) -> None:
        """The queue delivers the message again."""
        self.attempt()

    def verify(self) -> None:
        """The person is covered by this record."""
        (record,) = promises.records_of(self.prepared)
        (standing,) = self._standings()
        assert standing.verdict.record_id == record.record_id

    def intrude(self, intruder: str) -> None:  # noqa: ARG002 - there is only one
        """Calculate the same."""
        recalculation.recalculate(self._person, COURSE_ID, _anew())

    def _standings(self) -> list[Compliance]:
        return wiring().compliance.of_person(self._person)


class Reconciling(Trial):
    """The reconciliation checks one correct session."""

    _days = 0

    def __init__(self) -> None:
        # Each is on a later day than all before, so that a run that looks back finds no other.
        Reconciling._days += 1
        self._day = NOW + timedelta(days=10_000 + Reconciling._days)
        self.prepared = opened(3, starts_at=self._day, ends_at=self._day)
        finalize_anew(self.prepared, at=self._day)
        for person in self.prepared.roster:
            calculated = builders.a_standing(personnel_id=person, calculated_at=self._day)
            wiring().compliance.save(calculated)

    def attempt(self) -> None:
        """Reconcile: there is nothing to report."""
        assert self._findings() == []

    def inspect(self) -> None:
        """The reconciliation changes nothing."""

    def recover(self) -> None:
        """It runs again by itself."""

    def verify(self) -> None:
        """Nothing to report the next time either."""
        assert self._findings() == []

    def _findings(self) -> list[str]:
        found = reconciliation.reconcile_sessions(
            self._day + TOO_LONG, timedelta(hours=1), _anew(), lambda: True
        )
        for _, failure in found.unanswered:
            raise failure
        own = self.prepared.session_id
        return [finding.detail for finding in found.findings if finding.session_id == own]


class RegisteringCourse(Trial):
    """An admin changes the rules of a course."""

    def __init__(self) -> None:
        self._course = builders.a_course(course_id=named(0).session_id)
        forget_origin()

    def attempt(self) -> None:
        """Register the course."""
        register_course(self._course, a_change(), wiring().courses, wiring().pause)

    def inspect(self) -> None:
        """A course is there with the entry that tells of it, or neither is."""
        entries = list(wiring().courses.entries(self._course.course_id))
        if entries:
            course = wiring().courses.load(self._course.course_id)
            assert (course.revision, course.audit_head) == (1, entries[0].sha256)
        else:
            with pytest.raises(NotFound):
                wiring().courses.load(self._course.course_id)

    def recover(self) -> None:
        """Register it again."""
        self.attempt()

    def verify(self) -> None:
        """The rules are the ones that were sent."""
        found = wiring().courses.load(self._course.course_id)
        assert (found.title, found.validity) == (
            self._course.title,
            self._course.validity,
        )
        assert len(list(wiring().courses.entries(self._course.course_id))) == 1


def _anew() -> Wiring:
    """Return the wiring of a process whose record store knows no session yet."""
    forget_records()
    return wiring()
