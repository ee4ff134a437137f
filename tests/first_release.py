"""
What the first release stored and signed, spelled out.

The files `*.v1.*` beside the tests were written by that release: by the product itself, before its
formats were frozen. They are never written again; these values and those files belong together and
never change.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from shared.domain.audit import AuditEntry
from shared.domain.canonical import canonical, sha256
from shared.domain.course import Course
from shared.domain.course_trail import CourseEntry
from shared.domain.evidence import Rejection, Sheet, Upload
from shared.domain.people import Person
from shared.domain.records import Record, RecordKind, RecordStatus, Result
from shared.domain.session import (
    Attendee,
    Counts,
    Finalization,
    Session,
    SessionDetails,
    SessionStatus,
    Snapshot,
    Trainer,
)
from shared.domain.validity import Validity

TESTS = Path(__file__).parent

Entry = TypeVar("Entry", AuditEntry, CourseEntry)


def frozen(name: str, expected_sha256: str) -> bytes:
    """
    Return the frozen file of that *name* under tests/, if its hash shows that it is
    unchanged.
    """
    data = (TESTS / name).read_bytes()
    assert sha256(data) == expected_sha256, f"{name} was changed; restore it"
    return data


def the_manifest() -> bytes:
    """Return the manifest of `FULL`, in which every field is present."""
    return frozen(
        "domain/manifest.v1.json",
        "491396ccfd3fa4860045b836176a46cd51a27e44080a0cdd18756a6203940fe5",
    )


def the_minimal_manifest() -> bytes:
    """Return the manifest of `MINIMAL`, in which every optional field is absent."""
    return frozen(
        "domain/manifest.v1.minimal.json",
        "cb7f68d61729b640fba39aadcfc7f4712d8b99014952b1b0d280e8e252b0db87",
    )


def without_release(entry: Entry) -> Entry:
    """Return an entry as it was before entries named their version and the release."""
    said = json.loads(entry.content)
    del said["entryVersion"], said["release"]
    content = canonical(said)
    return replace(entry, content=content.decode(), sha256=sha256(content))


def the_trail() -> list[str]:
    """Return the audit trail of `FULL`, one entry a line, with every action."""
    data = frozen(
        "domain/trail.v1.jsonl",
        "5406d59ef7bb5627db1ccbbe31c644133d2cc18820c6631c31dc4ce076536529",
    )
    return data.decode().splitlines()


ADMIN = Person("7c5d1f0e-5a3b-4a0e-9d0a-2f6f5d1c9e11", "Frank Okafor")
SHEET_BYTES = b"%PDF-1.7\n% the sheet that everybody signed\n"
FULL_ID = "forklift-2026-08-31"
TRAINER = Trainer("t-31", "Inês Duarte", "Forklift instructor, no. 11873")
COURSE = Course(
    course_id="FLT-3",
    title="Forklift operator",
    requires_verify=True,
    version="2026-B",
    validity=Validity(6),
    retention_years=12,
    revision=3,
)
DETAILS = SessionDetails(
    course_id="FLT-3",
    title="Forklift operator, yard B",
    starts_at=datetime(2026, 8, 31, 6, 0, tzinfo=UTC),
    ends_at=datetime(2026, 8, 31, 14, 0, tzinfo=UTC),
    timezone="Europe/Berlin",
    trainer=TRAINER,
    location="Yard B",
)
SHEET = Sheet(
    upload_id="20260831T141200120012Z-000000000000000c",
    key=f"evidence/{FULL_ID}/20260831T141200120012Z-000000000000000c/Sign-in-sheet-31.-August.pdf",
    version_id="version-4",
    sha256="cc3b5ebfc558269641a1949539df69957214ab1530c57a3eff1a9cacc7c8c3ce",
    content_type="application/pdf",
    size_bytes=43,
    file_name="Sign-in sheet, 31. August.pdf",
    uploaded_at=datetime(2026, 8, 31, 14, 12, 0, 120012, tzinfo=UTC),
    uploaded_by=ADMIN,
)
REJECTION = Rejection(
    upload_id="20260831T140800120008Z-0000000000000008",
    file_name="empty.pdf",
    reason="The file is empty. Scan or photograph the sheet again.",
    rejected_at=datetime(2026, 8, 31, 14, 9, 0, 8, tzinfo=UTC),
)
UNANNOUNCED = Upload(
    upload_id="20260831T140700120007Z-0000000000000007",
    key=f"evidence/{FULL_ID}/20260831T140700120007Z-0000000000000007/c.pdf",
    file_name="c.pdf",
    content_type="application/pdf",
    uploaded_at=datetime(2026, 8, 31, 14, 7, 0, 120007, tzinfo=UTC),
    uploaded_by=ADMIN,
)
ANNOUNCED = Upload(
    upload_id="20260831T140500120005Z-0000000000000005",
    key=f"evidence/{FULL_ID}/20260831T140500120005Z-0000000000000005/b.pdf",
    file_name="b.pdf",
    content_type="application/pdf",
    uploaded_at=datetime(2026, 8, 31, 14, 5, 0, 120005, tzinfo=UTC),
    uploaded_by=ADMIN,
    sha256="cd" * 32,
)
ANA = Attendee(
    personnel_id="cmhr3zq8x000001l208v5d4t",
    name="Ana Núñez",
    job_title="Warehouse operator",
    is_present=True,
    has_passed=True,
    revision=2,
)
BO = Attendee(
    personnel_id="cmhr3zq8x000002l208v5d4t",
    name='Bo "Beam" Łukasik \\ Sons',
    is_present=True,
    has_passed=False,
    remarks='Did not lower the forks; repeat "parking"\n2nd try in September.',
    revision=3,
)
CHI = Attendee(
    personnel_id="cmhr3zq8x000003l208v5d4t",
    name="Chi Nguyễn",
    job_title="Loader",
    is_present=True,
    has_passed=True,
    remarks="left at noon, came back",
    revision=3,
)
DEE = Attendee(
    personnel_id="cmhr3zq8x000004l208v5d4t",
    name="Dee Absent",
    is_present=False,
    has_passed=True,
    revision=2,
)
DECISION = Finalization(
    finalization_id="9b2f7f0a-6a0f-4c3b-9c58-0d7f3a1e5b44",
    request_id="req-0017",
    finalized_at=datetime(2026, 8, 31, 14, 20, 0, 654321, tzinfo=UTC),
    finalized_by=ADMIN,
    course=COURSE,
    counts=Counts(training_records=0, competency_records=3, passed=2, failed=1, absent=1),
    audit_head="6d9dd5213dd17eacd7f9486ea03b03b87fadbb100bcfe53d5dccea457ed24b53",
    manifest_version=1,
    request_key="press-1",
    manifest_sha256="491396ccfd3fa4860045b836176a46cd51a27e44080a0cdd18756a6203940fe5",
)
COMPLETED = Session(
    session_id=FULL_ID,
    details=DETAILS,
    status=SessionStatus.COMPLETED,
    version=17,
    audit_head="c56179f58f803f29a4cc705c195be3d4f2b49913f81057e67705eab4cc93f6d5",
    roster_count=4,
    attendance_sum=143824628667451090,
    sheet=SHEET,
    rejection=REJECTION,
    finalization=DECISION,
)
FULL = Snapshot(COMPLETED, (ANA, BO, CHI, DEE))


def _competency(attendee: Attendee, record_id: str, result: Result) -> Record:
    return Record(
        record_id=record_id,
        kind=RecordKind.COMPETENCY,
        personnel_id=attendee.personnel_id,
        person_name=attendee.name,
        job_title=attendee.job_title,
        session_id=FULL_ID,
        course_id="FLT-3",
        course_title="Forklift operator",
        course_version="2026-B",
        validity=Validity(6),
        result=result,
        status=RecordStatus.PENDING_VERIFICATION,
        session_date=date(2026, 8, 31),
        expiry_date=date(2027, 2, 28),
        evidence_file_key=SHEET.key,
        evidence_file_version_id=SHEET.version_id,
        evidence_file_hash=SHEET.sha256,
        remarks=attendee.remarks,
        trainer=TRAINER,
        finalization_id=DECISION.finalization_id,
        finalized_at=DECISION.finalized_at,
        finalized_by=ADMIN,
        manifest_sha256=DECISION.manifest_sha256,
    )


COMPETENCIES = (
    _competency(ANA, "674d7022-72cd-5ece-b721-5f381a98c11f", Result.PASSED),
    _competency(BO, "71e1958c-c806-5d28-9746-455294ccb391", Result.FAILED),
    _competency(CHI, "c3513116-1adf-58a3-9389-eb2215ed4e97", Result.PASSED),
)

# A session with its required values only.
MINIMAL_SHEET = Sheet(
    upload_id="20260310T145000000000Z-0000000000000001",
    key="evidence/first-aid/20260310T145000000000Z-0000000000000001/sheet.pdf",
    version_id="v1",
    sha256="21af8e71c8703196df7fe1ff901869a88fe64c07bbaa83d838efb45a52b4f303",
    content_type="application/pdf",
    size_bytes=6,
    file_name="sheet.pdf",
    uploaded_at=datetime(2026, 3, 10, 14, 50, tzinfo=UTC),
    uploaded_by=ADMIN,
)
MINIMAL_DETAILS = SessionDetails(
    course_id="FA",
    title="First aid",
    starts_at=datetime(2026, 3, 10, 8, 0, tzinfo=UTC),
    ends_at=datetime(2026, 3, 10, 15, 0, tzinfo=UTC),
    timezone="UTC",
    trainer=Trainer("t-1", "Ines"),
)
MINIMAL_COURSE = Course("FA", "First aid", requires_verify=False)
MINIMAL_DECISION = Finalization(
    finalization_id="fin-1",
    request_id="req-1",
    finalized_at=datetime(2026, 3, 10, 15, 10, tzinfo=UTC),
    finalized_by=ADMIN,
    course=MINIMAL_COURSE,
    counts=Counts(training_records=2, competency_records=0, passed=1, failed=1, absent=0),
    audit_head="ab" * 32,
    manifest_version=1,
    manifest_sha256="cb7f68d61729b640fba39aadcfc7f4712d8b99014952b1b0d280e8e252b0db87",
)
FINALIZING = Session(
    session_id="first-aid",
    details=MINIMAL_DETAILS,
    status=SessionStatus.FINALIZING,
    version=5,
    audit_head="514a92e6bbe2f1668f98736c9944306aec30129a739601b90b71460a71dc450a",
    roster_count=2,
    attendance_sum=36270188773396048,
    sheet=MINIMAL_SHEET,
    finalization=MINIMAL_DECISION,
)
MINIMAL = Snapshot(
    FINALIZING,
    (
        Attendee("p-1", "Ana", is_present=True),
        Attendee("p-2", "Bo", is_present=True, has_passed=False),
    ),
)


def _training(personnel_id: str, name: str, record_id: str, result: Result) -> Record:
    return Record(
        record_id=record_id,
        kind=RecordKind.TRAINING,
        personnel_id=personnel_id,
        person_name=name,
        job_title=None,
        session_id="first-aid",
        course_id="FA",
        course_title="First aid",
        course_version=None,
        validity=None,
        result=result,
        status=RecordStatus(result),
        session_date=date(2026, 3, 10),
        expiry_date=None,
        evidence_file_key=MINIMAL_SHEET.key,
        evidence_file_version_id="v1",
        evidence_file_hash=MINIMAL_SHEET.sha256,
        remarks=None,
        trainer=Trainer("t-1", "Ines"),
        finalization_id="fin-1",
        finalized_at=MINIMAL_DECISION.finalized_at,
        finalized_by=ADMIN,
        manifest_sha256=MINIMAL_DECISION.manifest_sha256,
    )


TRAININGS = (
    _training("p-1", "Ana", "160553da-f55b-5357-8349-1e4863bfb2d8", Result.PASSED),
    _training("p-2", "Bo", "297ae01f-c7fa-5d75-8c6f-f41b2442ac0f", Result.FAILED),
)

# Sessions without a decision, in every state.
PLANNED = Session(
    session_id="planned",
    details=MINIMAL_DETAILS,
    status=SessionStatus.SCHEDULED,
    version=1,
    audit_head="ab" * 32,
)
WAITING = replace(PLANNED, session_id="waiting", version=2, pending=UNANNOUNCED)
REJECTED = replace(PLANNED, session_id="rejected", version=3, rejection=REJECTION)
UNDER_WAY = replace(
    COMPLETED,
    session_id="under-way",
    status=SessionStatus.IN_PROGRESS,
    version=9,
    roster_change="req-0002",
    pending=ANNOUNCED,
    finalization=None,
)
CANCELLED_WITH_SHEET = replace(
    COMPLETED,
    session_id="cancelled-with-sheet",
    status=SessionStatus.CANCELLED,
    version=11,
    rejection=None,
    finalization=None,
)
CANCELLED = replace(CANCELLED_WITH_SHEET, session_id="cancelled", version=10, sheet=None)
