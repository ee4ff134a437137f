"""A history of one account, compared with the model after every operation."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import timedelta

from functions.reconcile_sessions.use_case import Reconciled, reconcile_sessions
from shared.application.completed import SessionNotCompleted
from shared.domain.errors import TrainingError
from shared.storage.limits import Limits
from tests.model.closing import Relay
from tests.model.ends import Ends, agreeing
from tests.model.gate import Crash
from tests.model.judging import Hear
from tests.model.operation import Call, Operation, Outcome, applied, cut_short, interleaved
from tests.model.picture import of_model, of_product
from tests.model.planning import TAUGHT
from tests.model.reading import ViewSheet
from tests.model.state import PEOPLE, Decision, State
from tests.model.world import Account

AT_ONCE = "finalized at once"
IN_STEPS = "finalized in steps"
LEFT_LOCKED = "left locked"

TICK = timedelta(seconds=10)
LONG_AFTER = timedelta(hours=1)
LOOKING_BACK = timedelta(days=1_000)


class History:
    """
    What happened so far.

    *possible* holds every state that agrees with all that was seen. It is one state, until
    something dies and leaves open how far it got.
    """

    def __init__(self, world: Account, limits: Limits) -> None:
        self.world = world
        self.possible = [State(limits)]
        self.happened: Counter[str] = Counter()
        self._now = TAUGHT + timedelta(minutes=10)
        self._calls = 0
        self._told: set[str] = set()

    def begin(self, operations: Iterable[Operation]) -> None:
        """Do what every history begins with, without looking at the product yet."""
        for operation in operations:
            call = self._call()
            told = _outcome(operation, self.world, call)
            state, expected = applied(self.possible[0], operation, call)
            assert told == expected, f"{operation} is told {told}, not {expected}"
            self.possible = [state]

    def wait(self, time: timedelta) -> None:
        """Let time pass."""
        self._now += time

    def do(self, operation: Operation) -> None:
        """Do an operation, and expect exactly what the model says."""
        call = self._call()
        outcome = _outcome(operation, self.world, call)
        self._settle_alone(operation, call, outcome)

    def kill(self, operation: Operation, at: int, *, after: bool) -> None:
        """Let the process die at its call number *at*, unless it ends before that."""
        call, outcome = self._call(), None
        with self.world.gate.deadly(at, after=after) as trap:
            try:
                outcome = _outcome(operation, self.world, call)
            except Crash:
                self.happened[f"died: {type(operation).__name__}"] += 1
        self.world.start_process()
        if not trap.sprung:
            self._settle_alone(operation, call, outcome)
            return
        assert outcome is None, "who is killed tells nothing"
        left = [end for state in self.possible for end in cut_short(state, operation, call)]
        self._settle([(state, None) for state in left], None, PEOPLE)

    def intrude(self, first: Operation, second: Operation, at: int, later: timedelta) -> None:
        """Let the *second* happen before the first's call number *at*, unless that ends before."""
        calls = self._call(), self._call(later)
        told: list[Outcome] = []
        with self.world.gate.intruded(
            at, lambda: told.append(_outcome(second, self.world, calls[1]))
        ) as trap:
            outcome = _outcome(first, self.world, calls[0])
        if not trap.sprung:
            self._settle_alone(first, calls[0], outcome)
            return
        self.happened[f"intruded: {type(first).__name__}"] += 1
        ends = [
            end
            for state in self.possible
            for end in interleaved(state, (first, calls[0]), (second, calls[1]))
        ]
        self._settle(ends, (outcome, told[0]), PEOPLE)

    def recover(self) -> None:
        """Let relay and consumer do what is owed; then no work may be left."""
        self.wait(LONG_AFTER)
        self.do(Relay())
        state = self.possible[0]
        assert not state.owed, "after a relay nothing is owed"
        for ago in range(len(self.world.heard)):
            self.do(Hear(ago))
        for name in state.sessions:
            self.do(ViewSheet(name))
        self._settle([(state, None) for state in self.possible], None, PEOPLE)
        assert self.world.closed.keys() == self._told, "no event without a finalization"
        found = reconcile_sessions(self._now + LONG_AFTER, LOOKING_BACK, self.world, lambda: True)
        assert found == Reconciled((), (), ()), f"the reconciler finds {found}"

    def _call(self, later: timedelta = timedelta()) -> Call:
        """Return the next call: a moment later, and with all that is known so far."""
        self._calls += 1
        self._now += TICK
        return Call(self._calls, self._now + later, self.possible[0], tuple(self.world.heard))

    def _settle_alone(self, operation: Operation, call: Call, outcome: Outcome) -> None:
        """Settle an operation that ran alone."""
        self.happened[outcome if isinstance(outcome, str) else type(operation).__name__] += 1
        # One of them at a time is enough: all people have their turn in the end.
        people = (PEOPLE[self._calls % len(PEOPLE)],)
        ends = [applied(state, operation, call) for state in self.possible]
        self._settle(ends, outcome, people)

    def _settle(self, ends: Ends, outcome: Outcome, people: Collection[str]) -> None:
        """Look at the product, and keep the states that agree with it."""
        seen = of_product(self.world, people, self._now)
        now = self._now
        self.possible = agreeing(ends, lambda s: of_model(s, people, now), outcome, seen)
        state = self.possible[0]
        for name, session in state.sessions.items():
            self.happened[LEFT_LOCKED] += session.status == "FINALIZING"
            decision = session.decision
            if decision and decision.fid not in self._told and name not in state.owed:
                self._require_told(name, decision)

    def _require_told(self, name: str, decision: Decision) -> None:
        """The bus has accepted all events that are no longer owed."""
        self.world.listen()
        state = self.possible[0]
        records, people = state.records[name], state.sessions[name].people
        events = [event for event in self.world.heard if event.fid == decision.fid]
        assert self.world.closed[decision.fid] == len(records)
        assert {person for event in events for person in event.people} == people.keys()
        self._told.add(decision.fid)
        self.happened[AT_ONCE if state.fits(records) else IN_STEPS] += 1


def _outcome(operation: Operation, world: Account, call: Call) -> Outcome:
    try:
        return operation.run(world, call)
    except TrainingError as refusal:
        return refusal.slug
    except SessionNotCompleted:
        return "not-completed"
