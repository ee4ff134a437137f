"""The model: what should be stored, as plain data, and the few rules that lead to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.storage.limits import Limits
from testing.builders import a_cuid

SESSIONS = ("session-a", "session-b")
COURSES = ("course-a", "course-b")
PEOPLE = tuple(a_cuid(number) for number in range(1, 6))

# The relay's wait after a finalization, and how long an announced upload blocks one.
GRACE = timedelta(seconds=30)
CHECKING = timedelta(minutes=15)
EXPIRING_SOON = timedelta(days=30)

# How long every session lasts.
LENGTH = timedelta(hours=8)

OPEN = ("SCHEDULED", "IN_PROGRESS")
LOCKED = ("FINALIZING", "COMPLETED")

# A colour, the session of the record it rests on, and the last day it holds.
Verdict = tuple[str, str | None, date | None]


class No(Exception):
    """A refusal of the model, with its slug."""


# A relay reads every shard; two are enough to be several.
AS_ON_AWS = Limits(outbox_shards=2)
# Five people are enough for every way to cut a roster into batches.
TIGHT = Limits(actions=5, rows=3, batch=2, lanes=1, outbox_shards=2)


@dataclass(frozen=True)
class Course:
    """A course's rules."""

    verify: bool
    months: int | None
    revision: int


@dataclass(frozen=True)
class Row:
    """A person on a roster, and the marks last acknowledged."""

    job: str
    present: bool = False
    passed: bool = True
    remarks: str | None = None
    marked: bool = False


@dataclass(frozen=True)
class Upload:
    """
    A sheet that was announced. *accepted* and *rejected* are told by the trail, *tagged* that it is
    late and *marked* that it is rejected by the object itself.
    """

    session: str
    key: str
    sha256: str
    at: datetime
    is_sheet: bool
    permitted: bool = False
    stored: bool = False
    accepted: bool = False
    rejected: bool = False
    tagged: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Decision:
    """The decision of a finalization."""

    fid: str
    at: datetime
    key: str | None
    course: Course
    counts: tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Record:
    """A record as readers must see it."""

    person: str
    session: str
    course: str
    kind: str
    result: str
    status: str
    ended: date
    expiry: date | None
    timezone: str
    sheet: str
    remarks: str | None
    job: str
    fid: str


@dataclass
class Session:
    """A session; *sheet*, *pending* and *rejection* are ids of uploads."""

    course: str
    ends_at: datetime
    timezone: str
    status: str
    version: int = 0
    people: dict[str, Row] = field(default_factory=dict)
    roster_change: str | None = None
    pending: str | None = None
    sheet: str | None = None
    rejection: str | None = None
    decision: Decision | None = None

    def copy(self) -> "Session":
        """Return the same session with a roster of its own."""
        return replace(self, people=dict(self.people))

    @property
    def ended(self) -> date:
        """The day of the last moment there: its end, if that is not midnight."""
        end = self.ends_at.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)
        return end.date() - timedelta(days=end.time() == time.min)

    def require_unlocked(self) -> None:
        """Refuse what a locked session does not take."""
        if self.status == "COMPLETED":
            raise No("session-finalized")
        if self.status == "FINALIZING":
            raise No("finalization-in-progress")

    def require_open(self) -> None:
        """Refuse what only an open session takes."""
        self.require_unlocked()
        if self.status not in OPEN:
            raise No("session-cancelled")

    def waits_no_longer_for(self, upload: str) -> None:
        """Note that *upload* is decided; a newer one is still waited for."""
        if self.pending is not None and self.pending <= upload:
            self.pending = None


@dataclass
class State:
    """Everything that is stored."""

    limits: Limits
    courses: dict[str, Course] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    records: dict[str, tuple[Record, ...]] = field(default_factory=dict)
    owed: dict[str, datetime] = field(default_factory=dict)
    standings: dict[tuple[str, str], tuple[Verdict, datetime]] = field(default_factory=dict)

    def copy(self) -> "State":
        """Return a copy; frozen values are shared."""
        return State(
            limits=self.limits,
            courses=dict(self.courses),
            sessions={name: session.copy() for name, session in self.sessions.items()},
            uploads=dict(self.uploads),
            records=dict(self.records),
            owed=dict(self.owed),
            standings=dict(self.standings),
        )

    def session(self, session_id: str) -> Session:
        """Return the session, or refuse."""
        if session_id not in self.sessions:
            raise No("not-found")
        return self.sessions[session_id]

    def fits(self, records: Sequence[Record]) -> bool:
        """Return whether one transaction holds them; session and outbox entry are two more."""
        return len(records) + 3 <= self.limits.actions

    def visible(self, session_id: str) -> tuple[Record, ...]:
        """Return the records that readers see of a session: none, or all of them."""
        session = self.sessions.get(session_id)
        completed = session is not None and session.status == "COMPLETED"
        return self.records[session_id] if completed else ()
