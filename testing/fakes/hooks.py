"""What a test lets happen before a call, and what it does not wait for."""

from collections.abc import Callable

Hook = Callable[[int], object]


class Crash(BaseException):
    """The process ends here; `except Exception` does not catch it."""


def crash() -> None:
    """Raise `Crash`."""
    raise Crash


def at(number: int, action: Callable[[], object]) -> Hook:
    """Run *action* before the call of that *number*, counted from 1."""
    return lambda call: action() if call == number else None


def always(action: Callable[[], object]) -> Hook:
    """Run *action* before every call."""
    return lambda _: action()


def no_pause(attempt: int, /) -> None:
    """Wait for nothing."""


def no_hurry() -> bool:
    """Have time for everything."""
    return True
