"""The clients of the session: each makes its requests through the real use cases."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from functions.finalize_session.use_case import finalize_session
from functions.hash_evidence.use_case import hash_evidence
from functions.recalculate_compliance.use_case import (
    recalculate,
)
from functions.register_course.use_case import register_course
from functions.register_session.use_case import Registration, register_session
from functions.relay_outbox.use_case import relay_outbox
from functions.save_attendance.use_case import Draft, save_attendance
from functions.upload_evidence.use_case import store_sheet
from functions.view_session import use_case as views
from shared.application.completed import SessionNotCompleted, require_completed
from shared.application.ports.evidence import SheetAddress
from shared.application.retry import ConcurrentChange
from shared.domain.attendance import Mark
from shared.domain.audit import ChangeContext
from shared.domain.course import Course
from shared.domain.events import ComplianceRecalculationRequested, Event
from shared.domain.evidence import PDF, ObjectVersion, Upload, new_upload_id
from shared.domain.plan import FinalizeCommand, preview
from shared.domain.records import Record, RecordStatus
from shared.domain.roster import Enrolment
from shared.domain.session import Counts
from shared.domain.session_conditions import ExpectedVersion
from shared.domain.validity import Validity
from shared.storage.evidence import key_of
from shared.storage.models import RecordItem
from shared.storage.writes import busy_if_unanswered
from testing.builders import ADMIN, PDF_BYTES, SESSION_ID, a_change, a_course, some_details
from tests.simulation.history import Answer, Request
from tests.simulation.outside import Unavailable
from tests.simulation.world import DELIVERIES, Hazard, World

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request to finalize, and what the dialog showed before it, if it did: counts and rules."""

    command: FinalizeCommand
    confirmed: tuple[Counts, Course] | None


def enrol(world: World) -> None:
    """Start all clients of the schedule's setup."""
    setup, random = world.setup, world.random
    world.on_message = partial(deliver, world)
    staff: list[Callable[[World], None]] = [
        *(partial(finalizer, key=key, is_wary=random.random() < 0.3) for key in setup.keys),
        *[patcher] * setup.patchers,
        *[partial(registrar, roster=new_roster(world))] * setup.registrars,
        *[uploader] * setup.uploaders,
        *[teacher] * setup.teachers,
        *random.choices([record_reader, person_reader, page_reader], k=setup.readers),
        *[relay] * setup.relays,
        *[verifier] * (Hazard.VERIFIER in setup.hazards),
    ]
    for number, work in enumerate(staff):
        name = getattr(work, "func", work).__name__
        world.scheduler.spawn(f"{name}-{number}", partial(work, world))


def finalizer(world: World, *, key: str | None, is_wary: bool = False) -> None:
    """Finalize, and again if there was no answer; a careful client loads the session first."""
    for _ in range(2):
        seen, confirmed = None, None
        if is_wary:
            view = world.history.ask("view", None, partial(_view, world))
            if view.answer is not Answer.DONE:
                continue
            seen, confirmed = view.result
        command = FinalizeCommand(world.new_id("fin"), _change(world, "press"), key)
        action = partial(finalize_session, SESSION_ID, command, seen, world, world.has_time_left)
        if world.history.ask("finalize", Sent(command, confirmed), action).end_is_known:
            return


def patcher(world: World) -> None:
    """Mark some people, a few times; remarks say whose mark it is."""
    is_long = Hazard.LONG_PATCH in world.setup.hazards
    for _ in range(world.random.randint(1, 2)):
        seen = _seen(world) if world.scheduler.chance() < 0.3 else None
        change_id = world.new_id("patch")
        number = world.random.choice((1, 1, 2, 3) if is_long else (1, 1, 2))
        people = world.random.sample(world.people, min(number, len(world.people)))
        marks = [_mark(world, person, change_id) for person in people]
        draft = Draft(SESSION_ID, marks, seen, a_change(change_id, at=world.scheduler.now))
        action = partial(
            save_attendance, draft, world.sessions, world.scheduler.pause, world.has_time_left
        )
        world.history.ask("patch", draft, action)


def registrar(world: World, *, roster: list[Enrolment]) -> None:
    """Replace the roster, and again if there was no answer."""
    for _ in range(2):
        change = _change(world, "roster")
        wanted = Registration(SESSION_ID, some_details(), None, roster, None, change)
        action = partial(
            register_session,
            wanted,
            world.sessions,
            world.courses,
            world.scheduler.pause,
            world.has_time_left,
        )
        if world.history.ask("register", roster, action).end_is_known:
            return


def new_roster(world: World) -> list[Enrolment]:
    """Some leave, some join, and some who stay get another name."""
    chance = world.scheduler.chance
    leave, join = world.random.choice(((0.3, 0.6), (0.3, 0), (0, 0.6)))
    staying = [
        Enrolment(row.personnel_id, row.name if chance() < 0.7 else f"{row.name}, corrected")
        for row in world.roster
        if chance() >= leave
    ]
    return staying + [one for one in world.joiners if chance() < join]


def teacher(world: World) -> None:
    """Change the rules of the course."""
    course = a_course(
        requires_verify=world.setup.requires_verify, validity=Validity(world.random.randint(1, 60))
    )
    action = partial(
        register_course, course, _change(world, "course"), world.courses, world.scheduler.pause
    )
    world.history.ask("course", course, action)


def uploader(world: World) -> None:
    """Upload a newer sheet; S3 sends the event by itself."""
    upload_id = new_upload_id(world.scheduler.now, f"{world.new_number():016x}")
    key = key_of(SheetAddress(SESSION_ID, upload_id, "sheet.pdf"))
    upload = Upload(upload_id, key, "sheet.pdf", PDF, world.scheduler.now, ADMIN)
    change = _change(world, "sheet")
    action = partial(store_sheet, SESSION_ID, upload, io.BytesIO(PDF_BYTES), change, world)
    world.history.ask("upload", upload, action)


def record_reader(world: World) -> None:
    """Read the session's records now and then."""
    for _ in range(3):
        world.history.ask("records", None, lambda: _page(world, None, 100).records)


def page_reader(world: World) -> None:
    """Read the session's records page by page."""
    for _ in range(2):
        world.history.ask("records", None, partial(_pages, world))


def person_reader(world: World) -> None:
    """Read the records of one person after the other, in one process."""
    store = world.records
    for person in world.random.choices(world.people, k=4):
        world.history.ask("person", person, partial(store.of_person, person))


def verifier(world: World) -> None:
    """Verify the competencies that can be seen, as another module does."""
    store = world.records
    for person in world.random.choices(world.people, k=4):
        look = world.history.ask("person", person, partial(store.of_person, person))
        for record in look.result or ():
            if record.status is not RecordStatus.PENDING_VERIFICATION:
                continue
            world.history.ask("verify", person, partial(_sign_off, record))


def relay(world: World, kind: str = "relay") -> None:
    """Run the relay when everything decided so far is due."""
    world.scheduler.jump(A_MINUTE)
    world.history.ask(
        kind, None, lambda: relay_outbox(world.scheduler.now, world, world.has_time_left)
    )


def deliver(world: World, message: Event | ObjectVersion) -> None:
    """Deliver a message to its consumer, which takes longer than applying a transaction."""

    def run() -> None:
        for _ in range(DELIVERIES):
            world.scheduler.let_arrive()
            if _consume(world, message).answer is Answer.DONE:
                return
        world.undelivered.append(message)

    world.scheduler.spawn("consumer", run)


def _consume(world: World, message: Event | ObjectVersion) -> Request:
    if isinstance(message, ObjectVersion):
        check = partial(hash_evidence, message, _change(world, "check"), world)
        return world.history.ask("check", message, check)
    assert isinstance(message, ComplianceRecalculationRequested), "no consumer takes the other"
    return world.history.ask("recalculate", message, partial(_recalculate, world, message))


def _recalculate(world: World, event: ComplianceRecalculationRequested) -> None:
    try:
        require_completed(world.sessions.load(event.session_id))
    except SessionNotCompleted as refusal:
        raise Unavailable from refusal
    for person in event.personnel_ids:
        recalculate(person, event.course_id, world)


def _change(world: World, kind: str) -> ChangeContext:
    return a_change(world.new_id(kind), at=world.scheduler.now)


def _sign_off(record: Record) -> None:
    verified = RecordItem.status.set(RecordStatus.VERIFIED)
    is_pending = RecordItem.status == RecordStatus.PENDING_VERIFICATION
    try:
        with busy_if_unanswered():
            RecordItem(record.personnel_id, record.record_id).update([verified], is_pending)
    except ConcurrentChange as error:
        raise Unavailable from error


def _mark(world: World, person: str, change_id: str) -> Mark:
    chance = world.scheduler.chance
    return Mark(person, is_present=chance() < 0.7, has_passed=chance() < 0.7, remarks=change_id)


def _view(world: World) -> tuple[list[ExpectedVersion], tuple[Counts, Course]]:
    view = views.view_session(
        SESSION_ID, world.sessions, world.courses, world.records, world.scheduler.pause
    )
    seen = ExpectedVersion(view.snapshot.session.version, view.course.revision)
    return [seen], (preview(view.snapshot.attendees, view.course), view.course)


def _seen(world: World) -> list[ExpectedVersion] | None:
    looked = world.history.ask("look", None, partial(world.sessions.load, SESSION_ID))
    return [ExpectedVersion(looked.result.version)] if looked.answer is Answer.DONE else None


def _page(world: World, after: str | None, limit: int) -> views.RecordsView:
    asked = views.Page(limit, after or "")
    return views.view_records(
        SESSION_ID, asked, world.sessions, world.records, world.scheduler.pause
    )


def _pages(world: World) -> list[Record]:
    view = _page(world, None, 2)
    found = view.records
    while view.after is not None:
        view = _page(world, view.after, 2)
        found = found + view.records
    return found
