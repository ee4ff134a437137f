"""Every call of a use case, with every fault."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product

from botocore.awsrequest import AWSResponse

from shared.domain.errors import Busy, ServiceUnavailable, TrainingError
from tests.faults.faults import Span, Storm, Strike
from tests.faults.slices import Slice
from tests.faults.wire import Call, Killed, Plan, Wire

trials_run = 0


class Trial(ABC):
    """A use case, what it starts from, and what must hold after any fault."""

    # The refusals a caller may get after faults that lasted.
    refusals: tuple[type[Exception], ...] = (Busy,)
    # What others may do in between.
    intruders: tuple[str, ...] = ()

    @abstractmethod
    def attempt(self) -> None:
        """Run the use case; its calls may meet faults."""

    @abstractmethod
    def inspect(self) -> None:
        """Check what must hold at every moment, also right after the attempt."""

    @abstractmethod
    def recover(self) -> None:
        """Do what follows a failed attempt in practice."""

    @abstractmethod
    def verify(self) -> None:
        """Check what must hold in the end."""

    def intrude(self, intruder: str) -> None:
        """Do what another caller does in the middle of the attempt."""
        raise NotImplementedError(intruder)


def explore(begin: Callable[[], Trial], wire: Wire, part: Slice) -> None:
    """
    Run the trial once for each call that it makes and each fault of *part* that can meet it.

    Raises:
        ExceptionGroup: With one failure for each trial in which a rule did not hold.
    """
    operations = operations_of(begin(), wire)
    strikes = _strikes(operations, part)
    gather(partial(_run_struck, begin, wire, strike) for strike in strikes)


def explore_intrusions(begin: Callable[[], Trial], wire: Wire) -> None:
    """Run the trial once for each call that it makes and each of its intruders before the call."""
    first = begin()
    operations = operations_of(first, wire)
    gather(
        partial(_run_intruded, begin, wire, number, intruder)
        for number in range(1, len(operations) + 1)
        for intruder in first.intruders
    )


def explore_storms(begin: Callable[[], Trial], wire: Wire, seeds: Iterable[int]) -> None:
    """Run the trial once in each storm of faults."""
    gather(partial(_run_stormy, begin, wire, seed) for seed in seeds)


def gather(trials: Iterable[Callable[[], None]]) -> None:
    """Run all trials, even if some fail."""
    failures = [failure for trial in trials if (failure := _failure_of(trial))]
    if failures:
        raise ExceptionGroup(f"{len(failures)} trials failed", failures)


def run(trial: Trial, plan: Plan, wire: Wire) -> tuple[Exception | Killed | None, int]:
    """Run one trial and return the result of the attempt, and how many faults the plan caused."""
    global trials_run  # noqa: PLW0603 - one number for the whole run
    trials_run += 1
    with wire.life(plan) as life:
        ending = _ending(trial)
    trial.inspect()
    trial.recover()
    trial.verify()
    for call in life.late:
        call.carried()
    if life.late:
        trial.verify()
    return ending, life.struck


def operations_of(trial: Trial, wire: Wire) -> list[str]:
    """Run the trial without faults, and return the names of its calls."""
    with wire.life(lambda _: None) as life:
        trial.attempt()
    trial.verify()
    return life.operations


def _strikes(operations: list[str], part: Slice) -> Iterator[Strike]:
    for (number, operation), fault in product(enumerate(operations, start=1), part.faults):
        if fault.hits(operation):
            yield from (Strike(number, fault, span) for span in fault.spans if span in part.spans)


def _run_struck(begin: Callable[[], Trial], wire: Wire, strike: Strike) -> None:
    trial = begin()
    try:
        ending, struck = run(trial, strike, wire)
        assert struck, "the fault never happened"
        _judge(ending, strike, trial.refusals)
    except Exception as failure:
        failure.add_note(f"{strike}")
        raise


def _judge(
    ending: Exception | Killed | None, strike: Strike, refusals: tuple[type[Exception], ...]
) -> None:
    """
    The caller gets an answer or a refusal to retry, which blames people for nothing that a service
    did; a fault that can be absorbed is not noticed.
    """
    if strike.fault.is_deadly:
        assert isinstance(ending, Killed), "the process lives"
    elif strike.span is Span.TRY and strike.fault.is_absorbed:
        assert ending is None, f"one fault was not absorbed: {ending!r}"
    else:
        assert ending is None or isinstance(ending, refusals), f"the caller is told {ending!r}"
    if isinstance(ending, Busy):
        blames_people = not isinstance(ending, ServiceUnavailable)
        assert blames_people == strike.fault.is_rivalry, f"the caller is told {ending!r}"


def _run_intruded(begin: Callable[[], Trial], wire: Wire, number: int, intruder: str) -> None:
    trial = begin()

    def intrude(call: Call) -> AWSResponse:
        wire.stand_aside()
        trial.intrude(intruder)
        return call.carried()

    try:
        ending, struck = run(trial, lambda call: intrude if call.number == number else None, wire)
        assert struck, "no intruder came"
        assert ending is None or isinstance(ending, TrainingError), f"the caller is told {ending!r}"
    except Exception as failure:
        failure.add_note(f"before call {number}: {intruder}")
        raise


def _run_stormy(begin: Callable[[], Trial], wire: Wire, seed: int) -> None:
    try:
        ending, _ = run(begin(), Storm(seed), wire)
        assert ending is None or isinstance(ending, Busy | Killed), f"the caller is told {ending!r}"
    except Exception as failure:
        failure.add_note(f"storm {seed}")
        raise


def _ending(trial: Trial) -> Exception | Killed | None:
    try:
        trial.attempt()
    except (Exception, Killed) as ending:  # noqa: BLE001 - judged by the caller
        return ending
    return None


def _failure_of(trial: Callable[[], None]) -> Exception | None:
    try:
        trial()
    except Exception as failure:  # noqa: BLE001 - gathered
        return failure
    return None
