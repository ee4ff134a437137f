"""What a finalization costs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """
    What finalizing one session of *people* cost with one strategy.

    *depth* is the length of the longest chain of calls to AWS that waited for each other.
    """

    way: str
    people: int
    depth: int
    requests: int
    write_units: float
    seconds: float
