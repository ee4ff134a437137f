"""Readers, recalculation and reconciliation under faults."""

from datetime import timedelta

from functions.recalculate_compliance import use_case as recalculation
from functions.reconcile_sessions import use_case as reconciliation
from functions.register_course.use_case import register_course
from functions.view_audit.use_case import view_audit
from functions.view_session.use_case import view_session
from shared.domain.audit import Action
from shared.domain.compliance import Colour, Compliance
from shared.domain.session import SessionStatus
from shared.runtime import wiring
from shared.storage.records import DynamoRecordStore
from tests import builders
from tests.builders import COURSE_ID, NOW
from tests.faults import promises
from tests.faults.matrix import Story
from tests.faults.presses import finalize_anew, finalize_partly
from tests.faults.stage import named, opened

_MONTH = timedelta(days=30)
MANY = 1000


class Reading(Story):
    """Somebody looks at a finalized session from all sides."""

    def __init__(self, present: int) -> None:
        self.scene = opened(present)
        self._finalize()

    def attempt(self) -> None:
        """Look; whatever is answered is complete."""
        view = view_session(
            self.scene.session_id,
            wiring.sessions(),
            wiring.courses(),
            DynamoRecordStore(wiring.pause),
            wiring.pause,
        )
        assert len(view.snapshot.attendees) == len(self.scene.roster)
        assert view.written == self._written
        page = view_audit(self.scene.session_id, 0, MANY, wiring.sessions(), wiring.trail())
        numbers = [entry.sequence for entry in page.entries]
        assert numbers == list(range(1, len(numbers) + 1))
        assert page.entries[-1].action is Action.FINALIZED
        listed = wiring.sessions().page(
            [SessionStatus.COMPLETED, SessionStatus.FINALIZING], 1, None
        )
        assert listed
        promises.readers_see_none_or_all(self.scene)

    def inspect(self) -> None:
        """Looking changes nothing."""

    def recover(self) -> None:
        """Looking again is all there is to do."""

    def verify(self) -> None:
        """A second look is answered."""
        self.attempt()

    _written: int | None = None

    def _finalize(self) -> None:
        finalize_anew(self.scene)


class ReadingMeanwhile(Reading):
    """Somebody looks at a session that was sealed when time ran out."""

    _written = 0

    def _finalize(self) -> None:
        finalize_partly(self.scene)


class Recalculating(Story):
    """A person's compliance is calculated because their session was finalized."""

    intruders = ("somebody else calculates",)

    def __init__(self) -> None:
        self.scene = opened(1)
        self._person = self.scene.present[0]
        finalize_anew(self.scene)

    def attempt(self) -> None:
        """Do what the function does for an event and for a changed record."""
        using = _recalculating()
        recalculation.require_completed(self.scene.session_id, using.sessions)
        assert recalculation.courses_of(self._person, using) == {COURSE_ID}
        recalculation.recalculate(self._person, COURSE_ID, using)

    def inspect(self) -> None:
        """Nothing was calculated, or the right thing."""
        assert {standing.verdict.colour for standing in self._standings()} <= {Colour.GREEN}

    def recover(self) -> None:
        """The queue delivers the message again."""
        self.attempt()

    def verify(self) -> None:
        """The person is covered by this very record."""
        (record,) = promises.records_of(self.scene)
        (standing,) = self._standings()
        assert standing.verdict.record_id == record.record_id

    def intrude(self, intruder: str) -> None:  # noqa: ARG002 - there is only one
        """Calculate the same."""
        recalculation.recalculate(self._person, COURSE_ID, _recalculating())

    def _standings(self) -> list[Compliance]:
        return wiring.compliance().of_person(self._person)


class Reconciling(Story):
    """The reconciler looks at one session that is as it should be."""

    _days = 0

    def __init__(self) -> None:
        # Each on a later day than all before: the reconciler, which looks back, finds no other.
        Reconciling._days += 1
        self._day = NOW + timedelta(days=10_000 + Reconciling._days)
        self.scene = opened(3, starts_at=self._day)
        finalize_anew(self.scene)
        for person in self.scene.roster:
            recalculation.recalculate(person, COURSE_ID, _recalculating())

    def attempt(self) -> None:
        """Reconcile: there is nothing to report."""
        assert self._findings() == []

    def inspect(self) -> None:
        """The reconciler changes nothing."""

    def recover(self) -> None:
        """It comes again by itself."""

    def verify(self) -> None:
        """Nothing to report the next time either."""
        assert self._findings() == []

    def _findings(self) -> list[str]:
        using = reconciliation.Reconciling(
            wiring.sessions(),
            DynamoRecordStore(wiring.pause),
            wiring.compliance(),
            wiring.outbox(),
            wiring.pause,
        )
        found = reconciliation.reconcile_sessions(self._day, timedelta(hours=1), using)
        return [finding.detail for finding in found if finding.session_id == self.scene.session_id]


class RegisteringCourse(Story):
    """An admin changes the rules of a course."""

    def __init__(self) -> None:
        self._course = builders.a_course(course_id=named(0).session_id)

    def attempt(self) -> None:
        """Register the course."""
        register_course(self._course, wiring.courses())

    def inspect(self) -> None:
        """A course is one item, so there is no half of it."""

    def recover(self) -> None:
        """Register it again."""
        self.attempt()

    def verify(self) -> None:
        """The rules are the ones that were sent."""
        found = wiring.courses().load(self._course.course_id)
        assert (found.title, found.validity_months) == (
            self._course.title,
            self._course.validity_months,
        )


def _recalculating() -> recalculation.Recalculating:
    return recalculation.Recalculating(
        wiring.sessions(),
        DynamoRecordStore(wiring.pause),
        wiring.compliance(),
        _MONTH,
        lambda: NOW,
        wiring.pause,
    )
