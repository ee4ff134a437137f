"""The steps before the one that a test is about: through the functions, with the samples."""

from datetime import UTC, date, datetime, timedelta

from local import samples
from local.samples import CALLED_OFF, FORKLIFT, UPCOMING, WORKING_AT_HEIGHT
from tests.handlers.calls import Answer, Json, invoke, sample, send
from tests.handlers.stack import BUCKET, Stack

__all__ = ["CALLED_OFF", "FORKLIFT", "UNKNOWN", "UPCOMING", "WORKING_AT_HEIGHT"]

UNKNOWN = "working-at-height-2026-12-24"
SESSIONS = {**samples.sessions(), UPCOMING: samples.upcoming_session(date(2026, 11, 23))}
BOUNDARY = "----TestBoundary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
PDF = b"%PDF-1.7\n%signed by everybody\n%%EOF\n"


def enter(session_id: str = FORKLIFT) -> Answer:
    """Register a sample session and its course."""
    session = SESSIONS[session_id]
    enter_course(session["courseId"])
    return put(session_id, session)


def enter_if_known(session_id: str) -> None:
    """Register a session if it is one of the samples."""
    if session_id in SESSIONS:
        enter(session_id)


def put(session_id: str, session: object) -> Answer:
    """Register a session, or replace it."""
    return send("register_session", session_id=session_id, body=session)


def enter_course(course_id: str) -> Answer:
    """Register a sample course."""
    return send("register_course", course_id=course_id, body=samples.courses()[course_id])


def load_samples(stack: Stack) -> None:
    """Load the samples that `make up` loads."""
    for session_id, session in SESSIONS.items():
        enter(session_id)
        if session["status"] == "IN_PROGRESS":
            mark(session_id)
    hand_in(stack, WORKING_AT_HEIGHT)


def mark(session_id: str = FORKLIFT) -> Answer:
    """Save the marks of the session's sheet."""
    return send(
        "save_attendance", session_id=session_id, body={"attendees": samples.attendance(session_id)}
    )


def upload(
    session_id: str = FORKLIFT, content: bytes = PDF, name: str = "sheet.pdf", kind: str = ""
) -> Answer:
    """Send a file as a browser does."""
    body = form(part(content, name, kind or "application/pdf"))
    return send(
        "upload_evidence", session_id=session_id, body=body, headers={"Content-Type": MULTIPART}
    )


def part(content: bytes, name: str = "sheet.pdf", kind: str = "", field: str = "file") -> bytes:
    """Return a part of a form with a file."""
    kind_line = f"Content-Type: {kind}\r\n" if kind else ""
    disposition = f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    return f"{disposition}{kind_line}\r\n".encode() + content


def form(*parts: bytes) -> bytes:
    """Return a multipart body of these *parts*."""
    opened = b"".join(b"--%s\r\n%s\r\n" % (BOUNDARY.encode(), part) for part in parts)
    return opened + f"--{BOUNDARY}--\r\n".encode()


def arrival(stack: Stack, key: str) -> Json:
    """Return S3's notification of the object's latest version."""
    head = stack.s3.head_object(Bucket=BUCKET, Key=key)
    event = sample("hash_evidence")
    event["Records"][0]["s3"]["object"] |= {"key": key, "versionId": head["VersionId"]}
    return event


def hand_in(stack: Stack, session_id: str = FORKLIFT, content: bytes = PDF) -> str:
    """Upload a sheet and have it checked; return its key."""
    key = str(upload(session_id, content).body["attendanceFileKey"])
    invoke("hash_evidence", arrival(stack, key))
    return key


def make_ready(stack: Stack, session_id: str = WORKING_AT_HEIGHT) -> None:
    """Prepare a session so that it can be finalized."""
    enter(session_id)
    mark(session_id)
    hand_in(stack, session_id)


def enrol(*cuids: str) -> Answer:
    """Replace the roster of the forklift day by these people."""
    enter_course(SESSIONS[FORKLIFT]["courseId"])
    people = [{"personnelId": cuid, "name": "Somebody"} for cuid in cuids]
    return put(FORKLIFT, {**SESSIONS[FORKLIFT], "attendees": people})


def make_ready_as_of_yesterday(stack: Stack, session_id: str = WORKING_AT_HEIGHT) -> None:
    """Move a session to yesterday, on any day the test runs."""
    make_ready(stack, session_id)
    day = datetime.now(UTC) - timedelta(days=1)
    put_on(session_id, startsAt=day, endsAt=day)


def put_on(session_id: str, **moments: datetime) -> Answer:
    """Move a session to other times."""
    dates = {name: moment.isoformat() for name, moment in moments.items()}
    return put(session_id, {**SESSIONS[session_id], **dates})


def finalize(session_id: str = WORKING_AT_HEIGHT) -> Answer:
    """Finalize the session."""
    return send("finalize_session", session_id=session_id)
