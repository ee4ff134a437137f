"""Valid values for tests, so that a test names only the fields it is about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.application.ports.evidence import SheetAddress
from shared.domain.attendance import Mark
from shared.domain.audit import (
    GENESIS,
    Action,
    AuditEntry,
    ChainPosition,
    ChangeContext,
    new_entry,
)
from shared.domain.compliance import Colour, Compliance, Verdict
from shared.domain.copies import EntryRun, NewEntry, Trail
from shared.domain.course import Course
from shared.domain.course_trail import CourseChange, course_change
from shared.domain.evidence import PDF, Rejection, Sheet, Upload, new_upload_id
from shared.domain.manifest import CURRENT_VERSION
from shared.domain.people import Person
from shared.domain.plan import FinalizeCommand, Plan, plan_finalization
from shared.domain.records import Record, RecordKind, RecordStatus, Result, record_id
from shared.domain.release import Release
from shared.domain.roster import Enrolment, RowChange
from shared.domain.session import (
    Attendee,
    Counts,
    DecidedSession,
    Finalization,
    Session,
    SessionDetails,
    SessionStatus,
    Snapshot,
    Trainer,
)
from shared.domain.transition import Transition, transition
from shared.domain.validity import Validity
from shared.storage.evidence import key_of

# Ten minutes after the sessions below end.
NOW = datetime(2026, 3, 10, 15, 10, tzinfo=UTC)
ENDS_AT = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
SESSION_DATE = date(2026, 3, 10)

SESSION_ID = "sess-2026-0310"
COURSE_ID = "WAH-12"
ADMIN = Person("u-admin", "Frank Okafor")
RELEASE = Release(
    "0123456789abcdef0123456789abcdef01234567", "3.13.5", "arm64", "ab" * 32, "cd" * 32
)
TRAINER = Trainer("t-7", "Ines Duarte", "Rope access L3, no. 11873")

PDF_BYTES = b"%PDF-1.7\n%signed by everybody\n%%EOF\n"
JPEG_BYTES = b"\xff\xd8\xff\xe0\x00\x06JFIF\xff\xd9"

OPEN = (SessionStatus.SCHEDULED, SessionStatus.IN_PROGRESS)
LOCKED = (SessionStatus.FINALIZING, SessionStatus.COMPLETED)


def a_cuid(number: int) -> str:
    """Return the id of the person with this *number*; ids sort as the numbers do."""
    return f"cmhr3zq8x{number:06d}l208v5d4t"


def a_course(**fields: Any) -> Course:  # noqa: ANN401 - as `replace`
    """Return a course whose pass is valid for twelve months and needs no verification."""
    course = Course(
        course_id=COURSE_ID,
        title="Working at height",
        requires_verify=False,
        version="2026-A",
        validity=Validity(12),
        revision=4,
    )
    return replace(course, **fields)


def some_details(**fields: Any) -> SessionDetails:  # noqa: ANN401 - as `replace`
    """Return the details of a planned session: a day of training in Berlin."""
    details = SessionDetails(
        course_id=COURSE_ID,
        title="Working at height, hall 3",
        starts_at=ENDS_AT - timedelta(hours=8),
        ends_at=ENDS_AT,
        timezone="Europe/Berlin",
        trainer=TRAINER,
        location="Hall 3",
    )
    return replace(details, **fields)


def an_upload_id(minute: int = 0) -> str:
    """Return the id of an upload announced *minute* minutes after the session's end."""
    return new_upload_id(ENDS_AT + timedelta(minutes=minute), f"{minute:016x}")


def an_upload(minute: int = 0, **fields: Any) -> Upload:  # noqa: ANN401 - as `replace`
    """Return a PDF announced *minute* minutes after the session's end."""
    upload_id = an_upload_id(minute)
    upload = Upload(
        upload_id=upload_id,
        key=key_of(SheetAddress(SESSION_ID, upload_id, "sheet.pdf")),
        file_name="sheet.pdf",
        content_type=PDF,
        uploaded_at=ENDS_AT + timedelta(minutes=minute),
        uploaded_by=ADMIN,
    )
    return replace(upload, **fields)


def a_sheet(minute: int = 0, **fields: Any) -> Sheet:  # noqa: ANN401 - as `replace`
    """Return the accepted sheet of the upload announced at that minute."""
    upload = an_upload(minute)
    sheet = Sheet(
        upload_id=upload.upload_id,
        key=upload.key,
        version_id=f"version-{minute}",
        sha256=f"{minute:064x}",
        content_type=upload.content_type,
        size_bytes=184_320,
        file_name=upload.file_name,
        uploaded_at=upload.uploaded_at,
        uploaded_by=upload.uploaded_by,
    )
    return replace(sheet, **fields)


def a_rejection(minute: int = 0, **fields: Any) -> Rejection:  # noqa: ANN401 - as `replace`
    """Return the refusal of the upload announced at that minute."""
    rejection = Rejection(
        upload_id=an_upload_id(minute),
        file_name="sheet.pdf",
        reason="The file is empty.",
        rejected_at=ENDS_AT + timedelta(minutes=minute),
    )
    return replace(rejection, **fields)


def a_session(**fields: Any) -> Session:  # noqa: ANN401 - as `replace`
    """Return a session under way with an accepted sheet and an empty roster."""
    session = Session(
        session_id=SESSION_ID,
        details=some_details(),
        status=SessionStatus.IN_PROGRESS,
        version=7,
        audit_head="change-7",
        roster_bytes=0,
        sheet=a_sheet(),
    )
    return replace(session, **fields)


def a_change(
    request_id: str = "request-1", by: Person = ADMIN, at: datetime = NOW
) -> ChangeContext:
    """Return who changes something, when, by which request and release: the admin, now."""
    return ChangeContext(by, at, request_id, RELEASE)


def a_course_change(wanted: Course, before: Course | None = None) -> CourseChange:
    """Return the admin's change of *before* (None: a new course) to the *wanted* rules."""
    change = course_change(before, wanted, a_change())
    assert change is not None, "nothing changes"
    return change


def changed(session: Session, name: str, **fields: Any) -> Session:  # noqa: ANN401 - as `replace`
    """Return the next version of *session*, made by the change of that *name*."""
    return replace(session, version=session.version + 1, audit_head=name, **fields)


def a_transition(
    after: Session, replacing: int | None, rows: Sequence[RowChange] = ()
) -> Transition:
    """Return the transition that stores *after* unchanged, over version *replacing* or as new."""
    before = None if replacing is None else replace(after, version=replacing)
    entry = AuditEntry(after.session_id, after.version, "{}", after.audit_head)
    return Transition(before, after, tuple(rows), entry)


def a_registration(snapshot: Snapshot) -> Transition:
    """Return the transition that made *snapshot*, with its sheet and its marks, in one step."""
    new = replace(
        snapshot.session,
        version=0,
        audit_head=GENESIS,
        roster_count=0,
        attendance_sum=0,
        roster_bytes=0,
    )
    rows = [RowChange(None, person) for person in snapshot.attendees]
    return transition(None, new, Action.REGISTERED, a_change(), rows)


def an_attendee(number: int = 1, **fields: Any) -> Attendee:  # noqa: ANN401 - as `replace`
    """Return a person who was present and passed."""
    attendee = Attendee(
        a_cuid(number), f"Person {number}", "Scaffolder", is_present=True, is_marked=True
    )
    return replace(attendee, **fields)


def an_absentee(number: int = 1, **fields: Any) -> Attendee:  # noqa: ANN401 - as `replace`
    """Return a person on the roster without marks."""
    return an_attendee(number, **{"is_present": False, "is_marked": False} | fields)


def attendees(count: int) -> tuple[Attendee, ...]:
    """Return *count* people who were present and passed."""
    return tuple(an_attendee(number) for number in range(1, count + 1))


def a_snapshot(*people: Attendee, **fields: Any) -> Snapshot:  # noqa: ANN401 - as `replace`
    """Return a whole snapshot of a session with these people."""
    counted = {
        "roster_count": len(people),
        "attendance_sum": sum(person.fingerprint for person in people),
        "roster_bytes": sum(person.bytes for person in people),
    }
    return Snapshot(a_session(**counted | fields), people)


def a_mark(number: int = 1, **fields: Any) -> Mark:  # noqa: ANN401 - as `replace`
    """Return the mark of a person who was present and passed."""
    return replace(Mark(a_cuid(number), is_present=True, has_passed=True), **fields)


def an_enrolment(number: int = 1, **fields: Any) -> Enrolment:  # noqa: ANN401 - as `replace`
    """Return the same person as `an_attendee`, as named in the plan of a session."""
    return replace(Enrolment(a_cuid(number), f"Person {number}", "Scaffolder"), **fields)


def a_command(at: datetime = NOW, **fields: Any) -> FinalizeCommand:  # noqa: ANN401 - as `replace`
    """Return the admin's command to finalize."""
    return replace(FinalizeCommand("fin-1", a_change(at=at)), **fields)


def a_plan(
    snapshot: Snapshot, course: Course | None = None, command: FinalizeCommand | None = None
) -> Plan:
    """Return what finalizing *snapshot* writes."""
    return plan_finalization(snapshot, course or a_course(), command or a_command())


def a_decision(**fields: Any) -> Finalization:  # noqa: ANN401 - as `replace`
    """Return a finalization that wrote one passed training record."""
    counts = Counts(training_records=1, competency_records=0, passed=1, failed=0, absent=0)
    decision = Finalization(
        finalization_id="fin-1",
        request_id="request-1",
        finalized_at=NOW,
        finalized_by=ADMIN,
        course=a_course(),
        counts=counts,
        audit_head="change-7",
        manifest_version=CURRENT_VERSION,
        manifest_sha256="ab" * 32,
        release=RELEASE,
    )
    return replace(decision, **fields)


def decided_on(snapshot: Snapshot, decision: Finalization) -> Snapshot:
    """Return *snapshot* with its session decided by *decision*."""
    return replace(snapshot, session=replace(snapshot.session, finalization=decision))


def a_decided(session: Session | None = None, **fields: Any) -> DecidedSession:  # noqa: ANN401
    """Return a decided session, whose decision has these *fields*."""
    return replace(session or a_session(), finalization=a_decision(**fields)).decided()


def a_locked_session(status: SessionStatus, **fields: Any) -> Session:  # noqa: ANN401 - as `replace`
    """Return a session that was finalized or is being finalized."""
    return a_session(status=status, **{"finalization": a_decision(), **fields})


def a_record(number: int = 1, **fields: Any) -> Record:  # noqa: ANN401 - as `replace`
    """Return a passed training record that is valid for twelve months."""
    sheet = a_sheet()
    record = Record(
        record_id=record_id(SESSION_ID, a_cuid(number)),
        kind=RecordKind.TRAINING,
        personnel_id=a_cuid(number),
        person_name=f"Person {number}",
        job_title="Scaffolder",
        session_id=SESSION_ID,
        course_id=COURSE_ID,
        course_title="Working at height",
        course_version="2026-A",
        validity=Validity(12),
        result=Result.PASSED,
        status=RecordStatus.PASSED,
        session_date=SESSION_DATE,
        expiry_date=date(2027, 3, 10),
        evidence_file_key=sheet.key,
        evidence_file_version_id=sheet.version_id,
        evidence_file_hash=sheet.sha256,
        remarks=None,
        trainer=TRAINER,
        finalization_id="fin-1",
        finalized_at=NOW,
        finalized_by=ADMIN,
        manifest_sha256="ab" * 32,
        time_zone="Europe/Berlin",
    )
    return replace(record, **fields)


def a_competency(status: RecordStatus, **fields: Any) -> Record:  # noqa: ANN401 - as `replace`
    """Return a passed competency record whose verification stands at *status*."""
    return a_record(kind=RecordKind.COMPETENCY, status=status, **fields)


def a_standing(**fields: Any) -> Compliance:  # noqa: ANN401 - as `replace`
    """Return a person's first calculation in a course: GREEN."""
    ends, changes = date(2027, 3, 10), datetime(2027, 2, 7, 23, tzinfo=UTC)
    verdict = Verdict(Colour.GREEN, a_record().record_id, ends, changes)
    return replace(Compliance(a_cuid(1), COURSE_ID, verdict, NOW, revision=1), **fields)


def a_trail(*actions: Action, at: datetime = NOW, session_id: str = SESSION_ID) -> list[AuditEntry]:
    """Return the entries of these *actions*, each chained to the one before."""
    entries: list[AuditEntry] = []
    for number, action in enumerate(actions, 1):
        previous = entries[-1].sha256 if entries else GENESIS
        position = ChainPosition(session_id, number, previous)
        entries.append(new_entry(position, action, a_change(at=at), []))
    return entries


def a_run(*entries: AuditEntry) -> EntryRun:
    """Return entries of one session as the witness gets them."""
    return EntryRun(
        tuple(NewEntry(Trail.SESSION, e.session_id, e.sequence, e.content, NOW) for e in entries)
    )
