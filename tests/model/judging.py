"""Compliance, recalculated."""

from dataclasses import dataclass

from functions.recalculate_compliance.use_case import (
    courses_of,
    recalculate,
)
from shared.application.completed import require_completed
from tests.model import rules
from tests.model.operation import Call, Operation, Outcome, Steps
from tests.model.state import COURSES, PEOPLE, SESSIONS, No, State, Verdict
from tests.model.world import Account, Heard, seen_verdict


@dataclass(frozen=True)
class Hear(Operation):
    """Let the consumer get an event: for the first time, again, or an old one."""

    ago: int = 0

    def run(self, world: Account, call: Call) -> Outcome:
        """Recalculate, as the consumer does for each message."""
        event = self._event(call)
        world.time = call.now
        require_completed(world.sessions.load(event.session))
        return [
            seen_verdict(recalculate(person, event.course, world).verdict)
            for person in event.people
        ]

    def steps(self, state: State, call: Call) -> Steps:
        """Judge everyone whom the event names."""
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
        """Return a past event; before there is any, one that comes too early."""
        if not call.heard:
            return Heard(SESSIONS[0], COURSES[0], "too early", PEOPLE)
        return call.heard[-1 - self.ago % len(call.heard)]


@dataclass(frozen=True)
class RecordChanged(Operation):
    """Let the Records table's stream announce a change for a person."""

    person: str

    def run(self, world: Account, call: Call) -> Outcome:
        """Recalculate every course in which the person was judged."""
        world.time = call.now
        return {
            course: seen_verdict(recalculate(self.person, course, world).verdict)
            for course in sorted(courses_of(self.person, world))
        }

    def steps(self, state: State, call: Call) -> Steps:
        """Judge the person again."""
        outcome = {}
        for course in sorted(rules.courses_of(state, self.person)):
            yield
            outcome[course] = _judge(state, self.person, course, call)
        yield
        return outcome


def _judge(state: State, person: str, course: str, call: Call) -> Verdict:
    found = rules.verdict(state, person, course, call.now)
    state.standings[person, course] = found, call.now
    return found
