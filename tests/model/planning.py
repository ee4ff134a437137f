"""The operations of planning: courses, sessions, rosters."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from functions.register_course.use_case import register_course
from functions.register_session.use_case import Registration, register_session
from shared.domain import course as domain
from shared.domain.roster import Enrolment
from shared.domain.session import SessionStatus
from shared.domain.validity import Validity
from testing.builders import a_change, some_details
from testing.fakes import no_hurry
from tests.model.operation import Call, Operation, Outcome, Seen, Steps, require_current
from tests.model.state import LENGTH, Course, No, Row, Session, State
from tests.model.world import Account

# The end of a month, in the evening: elsewhere it is already the next day, or just midnight.
TAUGHT = datetime(2026, 1, 31, 15, 0, tzinfo=UTC)


@dataclass(frozen=True)
class SetCourse(Operation):
    """Replace a course's rules."""

    course: str
    verify: bool
    months: int | None

    def run(self, world: Account, call: Call) -> Outcome:
        """Register it."""
        validity = Validity(self.months) if self.months else None
        wanted = domain.Course(self.course, "Scaffolding", self.verify, "2026-A", validity)
        change = a_change(call.name, at=call.now)
        return register_course(wanted, change, world.courses, world.pause).revision

    def steps(self, state: State, call: Call) -> Steps:
        """Store the rules and count the change, if it is one."""
        del call
        before = state.courses.get(self.course)
        revision = before.revision if before else 0
        if before != Course(self.verify, self.months, revision):
            revision += 1
        state.courses[self.course] = Course(self.verify, self.months, revision)
        yield
        return revision


@dataclass(frozen=True)
class Register(Operation):
    """Send a session with its roster: the one the client saw, with people *added* and *removed*."""

    session: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    status: str | None = None
    course: str = "course-a"
    days_ago: int = 0
    timezone: str = "Europe/Berlin"
    job: str = "Scaffolder"
    seen: Seen = Seen.NONE

    def run(self, world: Account, call: Call) -> Outcome:
        """Register it."""
        details = some_details(
            course_id=self.course,
            starts_at=self._ends_at - LENGTH,
            ends_at=self._ends_at,
            timezone=self.timezone,
        )
        roster = [Enrolment(person, person, job) for person, job in self._roster(call).items()]
        status = SessionStatus(self.status) if self.status else None
        views = call.views(self.session, self.seen)
        wanted = Registration(
            self.session, details, status, roster, views, a_change(call.name, at=call.now)
        )
        registered = register_session(wanted, world.sessions, world.courses, world.pause, no_hurry)
        return registered.is_new, registered.session.version

    def steps(self, state: State, call: Call) -> Steps:
        """Change the roster batch by batch."""
        if self.course not in state.courses:
            raise No("invalid-request")
        yield
        is_new = self.session not in state.sessions
        session = self._session(state, call)
        if not is_new and self._is_stored(session, call):
            outcome = (False, session.version)
            yield
            return outcome
        while True:
            batch, is_last = self._batch(session, call, state.limits.rows)
            self._note(session, batch)
            session.roster_change = None if is_last else call.name
            state.sessions[self.session] = session
            outcome = (is_new, session.version)
            yield
            if is_last:
                return outcome
            session.require_unlocked()
            if session.roster_change != call.name:
                raise No("busy")

    @property
    def _ends_at(self) -> datetime:
        return TAUGHT - timedelta(days=self.days_ago)

    def _roster(self, call: Call) -> dict[str, str]:
        known = call.known.sessions.get(self.session)
        jobs = {person: row.job for person, row in known.people.items()} if known else {}
        jobs |= dict.fromkeys(self.added, self.job)
        return {person: jobs[person] for person in sorted(jobs) if person not in self.removed}

    def _session(self, state: State, call: Call) -> Session:
        views = call.views(self.session, self.seen)
        session = state.sessions.get(self.session)
        if session is None:
            if views is not None:
                raise No("stale-view")
            return Session(self.course, self._ends_at, self.timezone, "SCHEDULED")
        session.require_unlocked()
        require_current(views, session)
        return session

    def _is_stored(self, session: Session, call: Call) -> bool:
        """Return whether the session is as it is sent, and complete."""
        plan = (self.course, self._ends_at, self.timezone, self.status or session.status)
        stored = (session.course, session.ends_at, session.timezone, session.status)
        batch, _ = self._batch(session, call, 1)
        return plan == stored and not batch and session.roster_change is None

    def _batch(self, session: Session, call: Call, size: int) -> tuple[dict[str, str | None], bool]:
        """Return the next people to add and to remove, and whether these are the last."""
        wanted = self._roster(call)
        seated = {person: row.job for person, row in session.people.items()}
        changes: dict[str, str | None] = {
            person: job for person, job in wanted.items() if seated.get(person) != job
        }
        changes |= dict.fromkeys(sorted(seated.keys() - wanted.keys()))
        return dict(list(changes.items())[:size]), len(changes) <= size

    def _note(self, session: Session, batch: dict[str, str | None]) -> None:
        session.course, session.ends_at = self.course, self._ends_at
        session.timezone = self.timezone
        session.status = self.status or session.status
        session.version += 1
        for person, job in batch.items():
            if job is None:
                del session.people[person]
            else:
                session.people[person] = replace(session.people.get(person, Row(job)), job=job)
