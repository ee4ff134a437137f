"""The operations that only read."""

from dataclasses import dataclass
from datetime import timedelta

from functions.view_compliance.use_case import view_compliance
from functions.view_session.use_case import (
    Page,
    RecordsView,
    view_records,
    view_session,
    view_sheet,
)
from shared.domain.compliance import verdict_on
from tests.model import rules
from tests.model.operation import Call, Operation, Outcome, Steps
from tests.model.picture import seen_course, seen_record, seen_session
from tests.model.state import EXPIRING_SOON, No, State
from tests.model.world import Account, seen_verdict


@dataclass(frozen=True)
class ViewSession(Operation):
    """View a session."""

    session: str

    def run(self, world: Account, call: Call) -> Outcome:
        """Read it, its course, and how many records are written."""
        del call
        view = view_session(self.session, world.sessions, world.courses, world.records, world.pause)
        return seen_session(view.snapshot), seen_course(view.course), view.written is not None

    def steps(self, state: State, call: Call) -> Steps:
        """Return the session as it is now."""
        del call
        session = state.session(self.session).copy()
        decision = session.decision
        course = decision.course if decision else state.courses[session.course]
        yield
        return session, course, session.status == "FINALIZING"


@dataclass(frozen=True)
class ViewRecords(Operation):
    """View a session's records, page by page."""

    session: str
    limit: int

    def run(self, world: Account, call: Call) -> Outcome:
        """Read all pages."""
        del call
        view = self._page(world, "")
        found = view.records
        while view.after is not None:
            view = self._page(world, view.after)
            found += view.records
        return [seen_record(record) for record in found]

    def _page(self, world: Account, after: str) -> RecordsView:
        page = Page(self.limit, after)
        return view_records(self.session, page, world.sessions, world.records, world.pause)

    def steps(self, state: State, call: Call) -> Steps:
        """Return none of them, or all."""
        del call
        state.session(self.session)
        found = list(state.visible(self.session))
        yield
        return found


@dataclass(frozen=True)
class ViewPerson(Operation):
    """View a person's compliance on a day."""

    person: str
    days_ahead: int = 0

    def run(self, world: Account, call: Call) -> Outcome:
        """Judge."""
        day = call.now.date() + timedelta(days=self.days_ahead)
        standings = view_compliance(
            self.person,
            lambda records: verdict_on(records, day, EXPIRING_SOON),
            world.records,
            world.compliance,
        )
        return [(found.course_id, seen_verdict(found.verdict)) for found in standings]

    def steps(self, state: State, call: Call) -> Steps:
        """Judge."""
        day = call.now.date() + timedelta(days=self.days_ahead)
        found = [
            (course, rules.verdict(state, self.person, course, day))
            for course in sorted(rules.courses_of(state, self.person))
        ]
        yield
        return found


@dataclass(frozen=True)
class ViewSheet(Operation):
    """Fetch the accepted sheet."""

    session: str

    def run(self, world: Account, call: Call) -> Outcome:
        """Find it, and read its bytes."""
        del call
        sheet = view_sheet(self.session, world.sessions)
        version = world.version_of(sheet.key)
        assert version is not None
        assert version.version_id == sheet.version_id, "the sheet is one exact version"
        assert world.evidence.content(version).sha256 == sheet.sha256
        return "sheet", sheet.sha256

    def steps(self, state: State, call: Call) -> Steps:
        """Return the sheet of the session."""
        del call
        sheet = state.session(self.session).sheet
        yield
        if sheet is None:
            raise No("not-found")
        return "sheet", state.uploads[sheet].sha256
