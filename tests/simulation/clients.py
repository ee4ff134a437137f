"""Who works on the session: each makes its requests through the real use cases."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from operator import eq

from functions.finalize_session.use_case import finalize_session
from functions.hash_evidence.use_case import hash_evidence
from functions.recalculate_compliance.use_case import (
    SessionNotCompleted,
    recalculate,
    require_completed,
)
from functions.register_course.use_case import register_course
from functions.register_session.use_case import Registration, register_session
from functions.relay_outbox.use_case import relay_outbox
from functions.save_attendance.use_case import Draft, save_attendance
from functions.upload_evidence.use_case import store_sheet
from functions.view_session import use_case as views
from shared.domain.attendance import Mark
from shared.domain.audit import Change
from shared.domain.contention import LostRace
from shared.domain.course import Course
from shared.domain.events import ComplianceRecalculationRequested, Event
from shared.domain.evidence import PDF, EvidenceKey, ObjectVersion, Upload, new_upload_id
from shared.domain.plan import Request as Press
from shared.domain.plan import preview
from shared.domain.records import Record, RecordStatus
from shared.domain.roster import Enrolment
from shared.domain.session import Counts, View
from shared.storage.writes import answered
from tests.builders import ADMIN, PDF_BYTES, SESSION_ID, a_change, a_course, some_details
from tests.simulation.database import Write
from tests.simulation.history import Answer, Request
from tests.simulation.outside import Unavailable
from tests.simulation.stores import record_key
from tests.simulation.world import DELIVERIES, Hazard, World

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pressed:
    """Finalize as pressed, and what the dialog said if one was shown: so many, by these rules."""

    press: Press
    confirmed: tuple[Counts, Course] | None


def enrol(world: World) -> None:
    """Bring everybody to work whom the schedule's setup names."""
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
    """Press Finalize, once more if nobody says what came of it; the wary look first."""
    for _ in range(2):
        seen, confirmed = None, None
        if is_wary:
            view = world.history.ask("view", None, partial(_view, world))
            if view.answer is not Answer.DONE:
                continue
            seen, confirmed = view.result
        press = Press(world.new_id("fin"), _change(world, "press"), key)
        action = partial(
            finalize_session, SESSION_ID, press, seen, world.courses, world.finalizing()
        )
        if world.history.ask("finalize", Pressed(press, confirmed), action).end_is_known:
            return


def patcher(world: World) -> None:
    """Mark some people, a few times; remarks tell whose mark it is."""
    is_long = Hazard.LONG_PATCH in world.setup.hazards
    for _ in range(world.random.randint(1, 2)):
        seen = _seen(world) if world.scheduler.chance() < 0.3 else None
        change_id = world.new_id("patch")
        number = world.random.choice((1, 1, 2, 3) if is_long else (1, 1, 2))
        people = world.random.sample(world.people, min(number, len(world.people)))
        marks = [_mark(world, person, change_id) for person in people]
        draft = Draft(SESSION_ID, marks, seen, a_change(change_id, at=world.scheduler.now))
        world.history.ask(
            "patch", draft, partial(save_attendance, draft, world.sessions, world.scheduler.pause)
        )


def registrar(world: World, *, roster: list[Enrolment]) -> None:
    """Replace the roster, once more if nobody says what came of it."""
    for _ in range(2):
        change = _change(world, "roster")
        wanted = Registration(SESSION_ID, some_details(), None, roster, None, change)
        action = partial(
            register_session, wanted, world.sessions, world.courses, world.scheduler.pause
        )
        if world.history.ask("register", roster, action).end_is_known:
            return


def new_roster(world: World) -> list[Enrolment]:
    """Some leave, some join, and some who stay are called by another name."""
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
        requires_verify=world.setup.requires_verify, validity_months=world.random.randint(1, 60)
    )
    world.history.ask("course", course, partial(register_course, course, world.courses))


def uploader(world: World) -> None:
    """Send a newer sheet; S3 tells of it by itself."""
    upload_id = new_upload_id(world.scheduler.now, world.new_id("upload"))
    key = str(EvidenceKey(SESSION_ID, upload_id, "sheet.pdf"))
    upload = Upload(upload_id, key, "sheet.pdf", PDF, world.scheduler.now, ADMIN)
    change = _change(world, "sheet")
    action = partial(store_sheet, SESSION_ID, upload, io.BytesIO(PDF_BYTES), change, world.taking())
    world.history.ask("upload", upload, action)


def record_reader(world: World) -> None:
    """Look at the session's records now and then."""
    for _ in range(3):
        world.history.ask("records", None, lambda: _page(world, None, 100).records)


def page_reader(world: World) -> None:
    """Look at the session's records page by page."""
    for _ in range(2):
        world.history.ask("records", None, partial(_pages, world))


def person_reader(world: World) -> None:
    """Look at the records of one person after the other, in one process."""
    store = world.records()
    for person in world.random.choices(world.people, k=4):
        world.history.ask("person", person, partial(store.of_person, person))


def verifier(world: World) -> None:
    """Sign off what can be seen to wait for it, as another module does."""
    store = world.records()
    for person in world.random.choices(world.people, k=4):
        look = world.history.ask("person", person, partial(store.of_person, person))
        for record in look.result or ():
            if record.status is not RecordStatus.PENDING_VERIFICATION:
                continue
            verified = replace(record, status=RecordStatus.VERIFIED)
            write = Write(record_key(SESSION_ID, person), verified, partial(eq, record))
            world.history.ask("verify", person, partial(_put, world, write))


def relay(world: World, kind: str = "relay") -> None:
    """Run the relay when everything decided so far is due."""
    world.scheduler.jump(A_MINUTE)
    world.history.ask(kind, None, lambda: relay_outbox(world.scheduler.now, world.finalizing()))


def deliver(world: World, message: Event | ObjectVersion) -> None:
    """Bring a message to its consumer, which takes longer than a transaction takes to appear."""

    def run() -> None:
        for _ in range(DELIVERIES):
            world.scheduler.let_arrive()
            if _consume(world, message).answer is Answer.DONE:
                return
        world.undelivered.append(message)

    world.scheduler.spawn("consumer", run)


def _consume(world: World, message: Event | ObjectVersion) -> Request:
    if isinstance(message, ObjectVersion):
        check = partial(hash_evidence, message, _change(world, "check"), world.checking())
        return world.history.ask("check", message, check)
    assert isinstance(message, ComplianceRecalculationRequested), "nobody listens to the other"
    return world.history.ask("recalculate", message, partial(_recalculate, world, message))


def _recalculate(world: World, event: ComplianceRecalculationRequested) -> None:
    using = world.recalculating()
    try:
        require_completed(event.session_id, using.sessions)
    except SessionNotCompleted as refusal:
        raise Unavailable from refusal
    for person in event.personnel_ids:
        recalculate(person, event.course_id, using)


def _change(world: World, kind: str) -> Change:
    return a_change(world.new_id(kind), at=world.scheduler.now)


def _put(world: World, write: Write) -> None:
    try:
        with answered():
            world.database.put(write)
    except LostRace as error:
        raise Unavailable from error


def _mark(world: World, person: str, change_id: str) -> Mark:
    chance = world.scheduler.chance
    return Mark(person, is_present=chance() < 0.7, has_passed=chance() < 0.7, remarks=change_id)


def _view(world: World) -> tuple[list[View], tuple[Counts, Course]]:
    view = views.view_session(
        SESSION_ID, world.sessions, world.courses, world.records(), world.scheduler.pause
    )
    seen = View(view.snapshot.session.version, view.course.revision)
    return [seen], (preview(view.snapshot.attendees, view.course), view.course)


def _seen(world: World) -> list[View] | None:
    looked = world.history.ask("look", None, partial(world.sessions.load, SESSION_ID))
    return [View(looked.result.version)] if looked.answer is Answer.DONE else None


def _page(world: World, after: str | None, limit: int) -> views.RecordsView:
    asked = views.Page(limit, after or "")
    return views.view_records(
        SESSION_ID, asked, world.sessions, world.records(), world.scheduler.pause
    )


def _pages(world: World) -> list[Record]:
    view = _page(world, None, 2)
    found = view.records
    while view.after is not None:
        view = _page(world, view.after, 2)
        found = found + view.records
    return found
