"""
Histories that bring about what matters most, without any chance.

Free histories come after them, and may find anything; but no verdict depends on what they find.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shared.domain.attendance import Mark
from shared.storage.limits import Limits
from tests.model.closing import Finalize, Relay
from tests.model.drafting import Patch
from tests.model.history import AT_ONCE, IN_STEPS, LEFT_LOCKED, History
from tests.model.judging import Hear, RecordChanged
from tests.model.operation import Operation, Seen
from tests.model.planning import Register, SetCourse
from tests.model.reading import ViewRecords
from tests.model.sheets import Announce, Content, Notify, Send, Store
from tests.model.state import AS_ON_AWS, COURSES, PEOPLE, SESSIONS, TIGHT

READY, OTHER = SESSIONS
EVERYONE = tuple(Mark(person, is_present=True, has_passed=True) for person in PEOPLE)
ABSENT = (Mark(PEOPLE[0], is_present=False, has_passed=True),)
RULES = tuple(SetCourse(course, verify=False, months=12) for course in COURSES)

NO_TIME = timedelta()
# Longer than the relay's wait after a finalization.
A_WHILE = timedelta(seconds=40)
# Each call of an operation, before and after its effect.
MOMENTS = [(at, after) for at in (1, 2, 3, 4) for after in (False, True)]


@dataclass(frozen=True)
class Script:
    """The operations, their limits, and all that must have happened by the end."""

    play: Callable[[History], None]
    brings: Collection[str]
    limits: Limits = AS_ON_AWS


def ready(marks_of: Sequence[tuple[Mark, ...]], rules: Sequence[SetCourse]) -> list[Operation]:
    """Return what makes one session for each element of *marks_of* ready to be finalized."""
    beginning: list[Operation] = [*rules]
    for session, made in zip(SESSIONS, marks_of, strict=False):
        beginning += [Register(session, PEOPLE), Store(session), Notify(), Patch(session, made)]
    return beginning


def finalized_at_once(history: History) -> None:
    """Draft, finalize, repeat, and publish."""
    history.do(Patch(READY, ABSENT))
    history.do(Patch(READY, EVERYONE, Seen.STALE))
    history.do(Finalize(READY, "key-a"))
    history.do(Finalize(READY, "key-b"))
    history.do(Hear())
    history.do(RecordChanged(PEOPLE[0]))


def finalized_in_steps(history: History) -> None:
    """Run out of time after the lock; other requests are refused, and the relay completes it."""
    history.do(Finalize(READY, "key-a", batches=1))
    history.do(Finalize(READY, "key-b"))
    history.wait(A_WHILE)
    history.do(Relay())


def refused(history: History) -> None:
    """Request what is not possible yet, or no longer."""
    history.do(Hear())
    history.do(Register(OTHER))
    history.do(Finalize(OTHER))
    history.do(Patch(OTHER, ABSENT))
    history.do(Announce(READY))
    history.do(Finalize(READY))
    history.do(Register(OTHER, status="CANCELLED"))
    history.do(Finalize(OTHER))


def sheets(history: History) -> None:
    """Send sheets that are accepted, rejected, and too late."""
    history.do(Announce(READY))
    history.do(Send())
    history.do(Notify())
    history.do(Store(READY, Content.PICTURE))
    history.do(Notify())
    history.do(Announce(READY))
    history.do(Register(READY, status="CANCELLED"))
    history.do(Send())
    history.do(Notify())


def deaths(history: History) -> None:
    """Let the process die at every call of every operation that changes a session."""
    operations: list[Operation] = [
        Patch(READY, ABSENT),
        Register(READY, removed=PEOPLE[:1]),
        Store(READY),
        Notify(),
        Finalize(READY, "key-a"),
    ]
    for operation in operations:
        for at, after in MOMENTS:
            history.kill(operation, at, after=after)


def deaths_of_the_relay(history: History) -> None:
    """Let the relay die at every call while it completes a session."""
    history.do(Finalize(READY, "key-a", batches=0))
    history.wait(A_WHILE)
    for at, after in MOMENTS:
        history.kill(Relay(), at, after=after)


def intruders(history: History) -> None:
    """Let other operations come in between."""
    history.intrude(Patch(READY, EVERYONE), Patch(READY, ABSENT), 2, NO_TIME)
    history.intrude(Register(READY, job="Rigger"), Patch(READY, EVERYONE), 2, NO_TIME)
    history.intrude(Finalize(READY, "key-a", batches=0), Patch(READY, ABSENT), 3, NO_TIME)
    history.wait(A_WHILE)
    history.intrude(Relay(), Finalize(READY, "key-b"), 3, NO_TIME)
    history.intrude(ViewRecords(READY, 2), RecordChanged(PEOPLE[0]), 2, NO_TIME)


SCRIPTS = {
    "finalized at once": Script(
        finalized_at_once,
        [AT_ONCE, "Hear", "Patch", "RecordChanged", "session-finalized", "stale-view"],
    ),
    "finalized in steps": Script(
        finalized_in_steps, [IN_STEPS, LEFT_LOCKED, "finalization-in-progress"], TIGHT
    ),
    "refused": Script(
        refused,
        [
            "Register",
            "evidence-being-checked",
            "evidence-missing",
            "not-completed",
            "session-cancelled",
            "unknown-attendees",
        ],
    ),
    "sheets": Script(sheets, ["accepted", "rejected", "late"]),
    "deaths": Script(
        deaths,
        [f"died: {name}" for name in ("Finalize", "Notify", "Patch", "Register", "Store")],
    ),
    "deaths in steps": Script(
        deaths,
        [f"died: {name}" for name in ("Finalize", "Notify", "Patch", "Register", "Store")],
        TIGHT,
    ),
    "deaths of the relay": Script(deaths_of_the_relay, ["died: Relay"], TIGHT),
    "intruders": Script(
        intruders,
        [f"intruded: {name}" for name in ("Finalize", "Patch", "Register", "Relay", "ViewRecords")],
        TIGHT,
    ),
}
