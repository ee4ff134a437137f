"""Finalize, and the relay that completes it."""

from collections.abc import Generator
from dataclasses import dataclass

from functions.finalize_session.use_case import finalize_session
from functions.relay_outbox.use_case import relay_outbox
from shared.domain.plan import FinalizeCommand
from testing.builders import a_change
from tests.model import rules
from tests.model.operation import Call, Operation, Outcome, Seen, Steps, require_current
from tests.model.state import GRACE, Decision, No, State
from tests.model.world import Account, Countdown


@dataclass(frozen=True)
class Finalize(Operation):
    """Finalize; *batches* is how much work there is time for."""

    session: str
    key: str | None = None
    seen: Seen = Seen.NONE
    batches: int | None = None

    def run(self, world: Account, call: Call) -> Outcome:
        """Finalize, and return the resulting state and whose decision it was."""
        request = FinalizeCommand(
            f"finalization-{call.number}", a_change(call.name, at=call.now), self.key
        )
        views = call.views(self.session, self.seen)
        outcome = finalize_session(self.session, request, views, world, Countdown(self.batches))
        assert outcome.session.finalization is not None
        decided = outcome.session.finalization
        return (
            str(outcome.session.status),
            decided.finalization_id,
            decided.finalized_at,
            outcome.is_repeat,
        )

    def steps(self, state: State, call: Call) -> Steps:
        """Decide once; a repeated or later request completes that decision."""
        session = state.session(self.session)
        decision = session.decision
        if decision is None:
            self._decide(state, call)
            yield
            status = yield from _finish(state, self.session, Countdown(self.batches))
            return status, f"finalization-{call.number}", call.now, False
        is_repeat = self.key is not None and decision.key == self.key
        status = session.status
        if status == "FINALIZING" and (is_repeat or call.now >= decision.at + GRACE):
            status = yield from _finish(state, self.session, Countdown(self.batches))
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
    """Run the relay for what is due."""

    batches: int | None = None

    def run(self, world: Account, call: Call) -> Outcome:
        """Run the relay; nothing may fail."""
        relayed = relay_outbox(call.now, world, Countdown(self.batches))
        for _, failure in relayed.failures:
            raise failure
        return relayed.done, relayed.left

    def steps(self, state: State, call: Call) -> Steps:
        """Complete what is due, the oldest first."""
        has_time_left = Countdown(self.batches)
        due = sorted((at, session) for session, at in state.owed.items() if at <= call.now)
        yield
        done = left = 0
        for _, session in due:
            finished = (
                has_time_left()
                and (yield from _finish(state, session, has_time_left)) == "COMPLETED"
            )
            done, left = done + finished, left + (not finished)
        return done, left


def _finish(state: State, session_id: str, has_time_left: Countdown) -> Generator[None, None, str]:
    """Complete a locked session, in as many rounds as it takes, and publish its events."""
    session = state.sessions[session_id]
    if session.status == "FINALIZING":
        for _ in range(0, len(state.records[session_id]), state.limits.batch * state.limits.lanes):
            if not has_time_left():
                return "FINALIZING"
        session.status = "COMPLETED"
        session.version += 1
        yield
    state.owed.pop(session_id, None)
    yield
    return "COMPLETED"


def _locked(status: str) -> str:
    return "session-finalized" if status == "COMPLETED" else "finalization-in-progress"
