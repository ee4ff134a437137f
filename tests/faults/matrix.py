"""Every call of a use case, struck by every fault."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product

from botocore.awsrequest import AWSResponse

from shared.domain.errors import Busy, TrainingError
from tests.faults.faults import Span, Storm, Strike
from tests.faults.slices import Slice
from tests.faults.wire import Call, Killed, Plan, Wire

scenarios_played = 0


class Story(ABC):
    """A use case, what it starts from, and what must hold whatever happens to its calls."""

    # What a caller may be told after faults that lasted.
    refusals: tuple[type[Exception], ...] = (Busy,)
    # What others may do in between.
    intruders: tuple[str, ...] = ()

    @abstractmethod
    def attempt(self) -> None:
        """Carry the use case out; faults may happen to its calls."""

    @abstractmethod
    def inspect(self) -> None:
        """Check what must hold at every moment, straight after the attempt too."""

    @abstractmethod
    def recover(self) -> None:
        """Do what makes up for a failed attempt in real life."""

    @abstractmethod
    def verify(self) -> None:
        """Check what must hold in the end."""

    def intrude(self, intruder: str) -> None:
        """Do what somebody else does in the middle of the attempt."""
        raise NotImplementedError(intruder)


def explore(begin: Callable[[], Story], wire: Wire, part: Slice) -> None:
    """
    Play the story once for each call that it makes and each fault of *part* that can hit it.

    Raises:
        ExceptionGroup: With one failure for each scenario in which a rule did not hold.
    """
    operations = operations_of(begin(), wire)
    strikes = _strikes(operations, part)
    gather(partial(_play_struck, begin, wire, strike) for strike in strikes)


def explore_intrusions(begin: Callable[[], Story], wire: Wire) -> None:
    """Play the story once for each call that it makes and each of its intruders before the call."""
    first = begin()
    operations = operations_of(first, wire)
    gather(
        partial(_play_intruded, begin, wire, number, intruder)
        for number in range(1, len(operations) + 1)
        for intruder in first.intruders
    )


def explore_storms(begin: Callable[[], Story], wire: Wire, seeds: Iterable[int]) -> None:
    """Play the story once in each storm, with as many faults as it brings."""
    gather(partial(_play_stormy, begin, wire, seed) for seed in seeds)


def gather(scenarios: Iterable[Callable[[], None]]) -> None:
    """Play all scenarios, however many fail."""
    failures = [failure for scenario in scenarios if (failure := _failure_of(scenario))]
    if failures:
        raise ExceptionGroup(f"{len(failures)} scenarios failed", failures)


def play(story: Story, plan: Plan, wire: Wire) -> tuple[Exception | Killed | None, int]:
    """Play one story and return how the attempt ended, and how often the plan struck."""
    global scenarios_played  # noqa: PLW0603 - one number for the whole run
    scenarios_played += 1
    with wire.life(plan) as life:
        ending = _ending(story)
    story.inspect()
    story.recover()
    story.verify()
    for call in life.late:
        call.carried()
    if life.late:
        story.verify()
    return ending, life.struck


def operations_of(story: Story, wire: Wire) -> list[str]:
    """Play the story undisturbed, and name the calls it makes."""
    with wire.life(lambda _: None) as life:
        story.attempt()
    story.verify()
    return life.operations


def _strikes(operations: list[str], part: Slice) -> Iterator[Strike]:
    for (number, operation), fault in product(enumerate(operations, start=1), part.faults):
        if fault.hits(operation):
            yield from (Strike(number, fault, span) for span in fault.spans if span in part.spans)


def _play_struck(begin: Callable[[], Story], wire: Wire, strike: Strike) -> None:
    story = begin()
    try:
        ending, struck = play(story, strike, wire)
        assert struck, "the fault never happened"
        _judge(ending, strike, story.refusals)
    except Exception as failure:
        failure.add_note(f"{strike}")
        raise


def _judge(
    ending: Exception | Killed | None, strike: Strike, refusals: tuple[type[Exception], ...]
) -> None:
    """A caller is answered or refused politely; one fault that can be absorbed is not seen."""
    if strike.fault.is_deadly:
        assert isinstance(ending, Killed), "the process lives"
    elif strike.span is Span.TRY and strike.fault.is_absorbed:
        assert ending is None, f"one fault was not absorbed: {ending!r}"
    else:
        assert ending is None or isinstance(ending, refusals), f"the caller is told {ending!r}"


def _play_intruded(begin: Callable[[], Story], wire: Wire, number: int, intruder: str) -> None:
    story = begin()

    def intrude(call: Call) -> AWSResponse:
        wire.stand_aside()
        story.intrude(intruder)
        return call.carried()

    try:
        ending, struck = play(story, lambda call: intrude if call.number == number else None, wire)
        assert struck, "nobody intruded"
        assert ending is None or isinstance(ending, TrainingError), f"the caller is told {ending!r}"
    except Exception as failure:
        failure.add_note(f"before call {number}: {intruder}")
        raise


def _play_stormy(begin: Callable[[], Story], wire: Wire, seed: int) -> None:
    try:
        ending, _ = play(begin(), Storm(seed), wire)
        assert ending is None or isinstance(ending, Busy | Killed), f"the caller is told {ending!r}"
    except Exception as failure:
        failure.add_note(f"storm {seed}")
        raise


def _ending(story: Story) -> Exception | Killed | None:
    try:
        story.attempt()
    except (Exception, Killed) as ending:  # noqa: BLE001 - judged by the caller
        return ending
    return None


def _failure_of(scenario: Callable[[], None]) -> Exception | None:
    try:
        scenario()
    except Exception as failure:  # noqa: BLE001 - gathered
        return failure
    return None
