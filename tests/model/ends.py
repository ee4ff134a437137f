"""What the model allows, compared with what is observed."""

from collections.abc import Callable, Sequence

from tests.model.operation import Outcome
from tests.model.picture import Picture
from tests.model.state import State

# A possible end of an operation: a state, and the results that its callers get.
Ends = Sequence[tuple[State, Outcome]]
Draw = Callable[[State], Picture]


def agreeing(ends: Ends, draw: Draw, outcome: Outcome, seen: Picture) -> list[State]:
    """
    Return the states, each once, that agree with the callers' results and with what is seen.

    Raises:
        AssertionError: None does; how each of them differs.
    """
    found: list[State] = []
    for state, expected in ends:
        if expected == outcome and draw(state) == seen and state not in found:
            found.append(state)
    assert found, _differences(ends, draw, outcome, seen)
    return found


def _differences(ends: Ends, draw: Draw, outcome: Outcome, seen: Picture) -> str:
    lines = [f"nothing the model allows agrees with what is there; told was {outcome!r}"]
    for state, expected in ends:
        lines.append(f"- either {expected!r} is told, and")
        lines += [
            f"    {name} is {wanted!r}, not {seen[name]!r}"
            for name, wanted in draw(state).items()
            if wanted != seen[name]
        ]
    return "\n".join(lines)
