"""Compliance, calculated anew."""

from dataclasses import dataclass

from functions.recalculate_compliance.use_case import (
    Recalculating,
    courses_of,
    recalculate,
    require_completed,
)
from tests.model import rules
from tests.model.operation import Call, Operation, Outcome, Steps
from tests.model.state import COURSES, EXPIRING_SOON, PEOPLE, SESSIONS, No, State, Verdict
from tests.model.world import Heard, World, seen_verdict


@dataclass(frozen=True)
class Hear(Operation):
    """Let the consumer hear an event: for the first time, again, or one of long ago."""

    ago: int = 0

    def run(self, world: World, call: Call) -> Outcome:
        """Recalculate, as the consumer does for each message."""
        event, using = self._event(call), _recalculating(world, call)
        require_completed(event.session, using.sessions)
        return [
            seen_verdict(recalculate(person, event.course, using).verdict)
            for person in event.people
        ]

    def steps(self, state: State, call: Call) -> Steps:
        """Judge everybody the event names."""
        event = self._event(call)
        if state.session(event.session).status != "COMPLETED":
            raise No("not-completed")
        outcome = []
        for person in event.people:
            yield
            outcome.append(_judge(state, person, event.course, call))
        yield
        return outcome

    def _event(self, call: Call) -> Heard:
        """Return an event of the past; before there is any, one that comes too early."""
        if not call.heard:
            return Heard(SESSIONS[0], COURSES[0], "too early", PEOPLE)
        return call.heard[-1 - self.ago % len(call.heard)]


@dataclass(frozen=True)
class RecordChanged(Operation):
    """Let the Records table's stream tell of a person."""

    person: str

    def run(self, world: World, call: Call) -> Outcome:
        """Recalculate whatever the person was judged in."""
        using = _recalculating(world, call)
        return {
            course: seen_verdict(recalculate(self.person, course, using).verdict)
            for course in sorted(courses_of(self.person, using))
        }

    def steps(self, state: State, call: Call) -> Steps:
        """Judge the person anew."""
        outcome = {}
        for course in sorted(rules.courses_of(state, self.person)):
            yield
            outcome[course] = _judge(state, self.person, course, call)
        yield
        return outcome


def _judge(state: State, person: str, course: str, call: Call) -> Verdict:
    found = rules.verdict(state, person, course, call.now.date())
    state.standings[person, course] = found, call.now
    return found


def _recalculating(world: World, call: Call) -> Recalculating:
    return Recalculating(
        world.sessions,
        world.records,
        world.compliance,
        EXPIRING_SOON,
        lambda: call.now,
        world.pause,
    )
