"""Handling many items one after another, so that one failure does not stop the others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.application.time_left import HasTimeLeft

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Walk(Generic[T, R]):
    """The outcome for each item: done, with its result; failed; or not reached in time."""

    done: tuple[tuple[T, R], ...]
    failures: tuple[tuple[T, Exception], ...]
    not_reached: tuple[T, ...]


def walk(items: Iterable[T], visit: Callable[[T], R], has_time_left: HasTimeLeft) -> Walk[T, R]:
    """
    Visit the *items* in order while there is time.

    Failures are returned, never dropped: the caller reports or raises each of them.
    """
    done: list[tuple[T, R]] = []
    failures: list[tuple[T, Exception]] = []
    not_reached: list[T] = []
    for item in items:
        if not has_time_left():
            not_reached.append(item)
            continue
        try:
            done.append((item, visit(item)))
        except Exception as failure:  # noqa: BLE001 - returned, and reported by the caller
            failures.append((item, failure))
    return Walk(tuple(done), tuple(failures), tuple(not_reached))


def raise_failures(what: str, failures: Sequence[tuple[object, Exception]]) -> None:
    """
    Raise all *failures* together, after all items were visited, so that alarms see them.

    Raises:
        ExceptionGroup: Says *what* failed and with which items.
    """
    if failures:
        names = ", ".join(str(item) for item, _ in failures)
        raise ExceptionGroup(f"{what} {names}", [failure for _, failure in failures])
