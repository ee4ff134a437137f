"""The requests of clients and their answers, in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.domain.errors import Busy, TrainingError
from tests.simulation.outside import Unavailable
from tests.simulation.scheduler import Crash, Scheduler


class Answer(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    # 5xx or no answer: the request may have taken effect or not.
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Request:
    """One request: *kind* and *content* say for what; *result* is the answer or the refusal."""

    kind: str
    content: Any
    start: int
    answer: Answer = Answer.UNKNOWN
    result: Any = None
    end: int = 0
    was_in_doubt: bool = False

    @property
    def end_is_known(self) -> bool:
        return self.answer is not Answer.UNKNOWN

    def is_before(self, other: "Request") -> bool:
        """True if it had a definite answer before the other was sent."""
        return self.end_is_known and self.end < other.start


class History:
    """All requests of a schedule."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.requests: list[Request] = []

    def ask(self, kind: str, content: object, action: Callable[[], object]) -> Request:
        """Make a request and record its result."""
        request = Request(kind, content, self._scheduler.moment())
        self.requests.append(request)
        self._scheduler.note(">", kind, content)
        try:
            request.result = action()
            request.answer = Answer.DONE
        except (Busy, Crash, Unavailable):
            pass
        except TrainingError as refusal:
            request.result, request.answer = refusal, Answer.REFUSED
        request.end = self._scheduler.moment()
        request.was_in_doubt = self._scheduler.clear_doubt()
        self._scheduler.note("<", kind, request.answer)
        return request

    def of(self, kind: str, *answers: Answer) -> Iterator[Request]:
        """Return the requests of a kind, with one of these results if any are named."""
        return (
            request
            for request in self.requests
            if request.kind == kind and (not answers or request.answer in answers)
        )
