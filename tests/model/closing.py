"""Finalize, and what follows from it."""

from collections.abc import Generator
from dataclasses import dataclass

from functions.finalize_session.use_case import finalize_session
from functions.relay_outbox.use_case import relay_outbox
from shared.domain.plan import Request
from tests.builders import a_change
from tests.model import rules
from tests.model.operation import Call, Operation, Outcome, Seen, Steps, require_current
from tests.model.state import GRACE, Decision, No, State
from tests.model.world import Countdown, World


@dataclass(frozen=True)
class Finalize(Operation):
    """Press Finalize; *portions* is how much work there is time for."""

    session: str
    key: str | None = None
    seen: Seen = Seen.NONE
    portions: int | None = None

    def run(self, world: World, call: Call) -> Outcome:
        """Finalize, and say how far it got and whose decision it was."""
        request = Request(f"finalization-{call.number}", a_change(call.name, at=call.now), self.key)
        views, using = call.views(self.session, self.seen), world.finalizing(self.portions)
        outcome = finalize_session(self.session, request, views, world.courses, using)
        assert outcome.session.finalization is not None
        decided = outcome.session.finalization
        return (
            str(outcome.session.status),
            decided.finalization_id,
            decided.finalized_at,
            outcome.is_repeat,
        )

    def steps(self, state: State, call: Call) -> Steps:
        """Decide once; whoever repeats the decision, or comes late, carries it to its end."""
        session = state.session(self.session)
        decision = session.decision
        if decision is None:
            self._decide(state, call)
            yield
            status = yield from _finish(state, self.session, Countdown(self.portions))
            return status, f"finalization-{call.number}", call.now, False
        is_repeat = self.key is not None and decision.key == self.key
        status = session.status
        if status == "FINALIZING" and (is_repeat or call.now >= decision.at + GRACE):
            status = yield from _finish(state, self.session, Countdown(self.portions))
        if not is_repeat:
            raise No(_locked(status))
        return status, decision.fid, decision.at, True

    def _decide(self, state: State, call: Call) -> None:
        session = state.sessions[self.session]
        session.require_open()
        course = state.courses[session.course]
        require_current(call.views(self.session, self.seen), session, course)
        rules.require_finalizable(state, session, call.now)
        counted = rules.counts(session.people.values(), course)
        decision = Decision(f"finalization-{call.number}", call.now, self.key, course, counted)
        records = rules.records_of(state, self.session, decision)
        session.decision, session.pending = decision, None
        session.status = "COMPLETED" if state.fits(records) else "FINALIZING"
        session.version += 1
        state.records[self.session] = records
        state.owed[self.session] = call.now + GRACE


@dataclass(frozen=True)
class Relay(Operation):
    """Let the relay do what is due."""

    portions: int | None = None

    def run(self, world: World, call: Call) -> Outcome:
        """Relay; nothing may fail."""
        relayed = relay_outbox(call.now, world.finalizing(self.portions))
        for _, failure in relayed.failures:
            raise failure
        return relayed.done, relayed.left

    def steps(self, state: State, call: Call) -> Steps:
        """Finish what is due, the oldest first."""
        go_on = Countdown(self.portions)
        due = sorted((at, session) for session, at in state.owed.items() if at <= call.now)
        yield
        done = left = 0
        for _, session in due:
            finished = go_on() and (yield from _finish(state, session, go_on)) == "COMPLETED"
            done, left = done + finished, left + (not finished)
        return done, left


def _finish(state: State, session_id: str, go_on: Countdown) -> Generator[None, None, str]:
    """Complete what is sealed, in as many rounds as it takes, and tell of it."""
    session = state.sessions[session_id]
    if session.status == "FINALIZING":
        for _ in range(0, len(state.records[session_id]), state.limits.round):
            if not go_on():
                return "FINALIZING"
        session.status = "COMPLETED"
        session.version += 1
        yield
    state.owed.pop(session_id, None)
    yield
    return "COMPLETED"


def _locked(status: str) -> str:
    return "session-finalized" if status == "COMPLETED" else "finalization-in-progress"
