"""The rules of the model that do more than store something."""

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from shared.domain.records import record_id
from tests.model.state import (
    CHECKING,
    EXPIRING_SOON,
    LENGTH,
    Course,
    Decision,
    No,
    Record,
    Row,
    Session,
    State,
    Verdict,
)


def last_day(start: date, months: int | None) -> date | None:
    """Return the same day that many months later, or the last day of that month."""
    if months is None:
        return None
    years, month = divmod(start.month - 1 + months, 12)
    for day in range(start.day, 0, -1):
        try:
            return date(start.year + years, month + 1, day)
        except ValueError:
            continue
    raise AssertionError("every month has a first")


def require_finalizable(state: State, session: Session, now: datetime) -> None:
    """Raise the first refusal that applies."""
    if session.pending is not None and now < state.uploads[session.pending].at + CHECKING:
        raise No("evidence-being-checked")
    if session.sheet is None:
        raise No("evidence-missing")
    if session.roster_change is not None:
        raise No("roster-incomplete")
    today = now.astimezone(ZoneInfo(session.timezone)).date()
    if now < session.ends_at - LENGTH or today < session.ended:
        raise No("session-not-over")


def counts(people: Iterable[Row], course: Course) -> tuple[int, int, int, int, int]:
    """Count training records, competency records, passed, failed and absent."""
    people = list(people)
    present = [row for row in people if row.present]
    passed = sum(row.passed for row in present)
    trainings, competencies = (0, len(present)) if course.verify else (len(present), 0)
    return trainings, competencies, passed, len(present) - passed, len(people) - len(present)


def records_of(state: State, session_id: str, decision: Decision) -> tuple[Record, ...]:
    """Return what each person who was present gets, in the order of their ids."""
    session = state.sessions[session_id]
    assert session.sheet is not None, "no decision without a sheet"
    blank = Record(
        person="",
        session=session_id,
        course=session.course,
        kind="COMPETENCY" if decision.course.verify else "TRAINING",
        result="",
        status="",
        ended=session.ended,
        expiry=last_day(session.ended, decision.course.months),
        timezone=session.timezone,
        sheet=state.uploads[session.sheet].sha256,
        remarks=None,
        job="",
        fid=decision.fid,
    )
    present = sorted((person, row) for person, row in session.people.items() if row.present)
    return tuple(_filled(blank, person, row) for person, row in present)


def _filled(blank: Record, person: str, row: Row) -> Record:
    result = "PASSED" if row.passed else "FAILED"
    status = "PENDING_VERIFICATION" if blank.kind == "COMPETENCY" else result
    return replace(
        blank, person=person, result=result, status=status, remarks=row.remarks, job=row.job
    )


def verdict(state: State, person: str, course: str, asked: date | datetime) -> Verdict:
    """Judge a person by the records that readers see: on a day, or at a moment."""
    covering = [
        record
        for session_id in state.sessions
        for record in state.visible(session_id)
        if (record.person, record.course, record.status) == (person, course, "PASSED")
        and record.ended <= _today(asked, record) <= (record.expiry or date.max)
    ]
    if not covering:
        return "RED", None, None
    best = max(covering, key=lambda record: _reach(record, asked))
    today = _today(asked, best)
    ends_soon = best.expiry is not None and best.expiry - today <= EXPIRING_SOON
    return "AMBER" if ends_soon else "GREEN", best.session, best.expiry


def _today(asked: date | datetime, record: Record) -> date:
    """Return the day it is where the training took place."""
    if isinstance(asked, datetime):
        return asked.astimezone(ZoneInfo(record.timezone)).date()
    return asked


def _reach(record: Record, asked: date | datetime) -> tuple[float, date, str]:
    """Return how long it covers: to the last day, or to that day's end on the clock."""
    zone = ZoneInfo(record.timezone) if isinstance(asked, datetime) else UTC
    ends = (
        datetime.combine(record.expiry, time.max, zone).timestamp() if record.expiry else math.inf
    )
    return ends, record.ended, record_id(record.session, record.person)


def courses_of(state: State, person: str) -> set[str]:
    """Return the courses in which a person was judged or has a record."""
    judged = {course for who, course in state.standings if who == person}
    return judged | {
        record.course
        for session_id in state.sessions
        for record in state.visible(session_id)
        if record.person == person
    }
