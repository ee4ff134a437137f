"""
The steps people take through the API, as one function each: plan, upload, mark and finalize.

Everything gets fresh ids, so that no test sees the data of another.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx

from local.samples.data import sheet_pdf
from shared.contracts.fields import MARKS_LIMIT
from testing.waiting import wait_for

Json = dict[str, Any]

PDF, JPEG = "application/pdf", "image/jpeg"


@dataclass(frozen=True)
class Session:
    """A session as it was planned, and its addresses."""

    session_id: str
    plan: Json

    @property
    def course_id(self) -> str:
        course_id: str = self.plan["courseId"]
        return course_id

    @property
    def people(self) -> list[str]:
        return [person["personnelId"] for person in self.plan["attendees"]]

    @property
    def path(self) -> str:
        return f"/sessions/{self.session_id}"

    @property
    def evidence(self) -> str:
        return f"{self.path}/evidence"

    @property
    def attendance(self) -> str:
        return f"{self.path}/attendance"

    @property
    def finalize(self) -> str:
        return f"{self.path}/finalize"

    @property
    def records(self) -> str:
        return f"{self.path}/records"


def fresh(kind: str) -> str:
    """Return an unused id."""
    return f"{kind}-{secrets.token_hex(6)}"


def a_roster(size: int) -> list[Json]:
    """Return *size* new people; their ids are cuids."""
    batch = secrets.token_hex(8)
    return [
        {"personnelId": f"c{batch}{number:08d}", "name": f"Person {number:04d}"}
        for number in range(size)
    ]


def a_plan(course_id: str, people: int = 3, **details: object) -> Json:
    """Return the body that plans a session which ended ten days ago."""
    ends_at = datetime.now(UTC) - timedelta(days=10)
    return {
        "courseId": course_id,
        "title": "Working at Height, crew B",
        "startsAt": (ends_at - timedelta(hours=7)).isoformat(),
        "endsAt": ends_at.isoformat(),
        "timezone": "Europe/Berlin",
        "location": "Berth 7",
        "trainer": {"id": "trainer-7", "name": "Tomasz Zielinski", "qualification": "IPAF 2031"},
        "attendees": a_roster(people),
    } | details


def a_course(admin: httpx.Client, **rules: object) -> str:
    """Register a course; by default a training that is valid for twelve months."""
    course_id = fresh("course")
    body = {"title": "Working at Height", "requiresVerify": False, "validityMonths": 12} | rules
    admin.put(f"/courses/{course_id}", json=body).raise_for_status()
    return course_id


@cache
def the_course(admin: httpx.Client) -> str:
    """Register the default course, for sessions whose course does not matter."""
    return a_course(admin)


def a_session(
    admin: httpx.Client, course_id: str = "", people: int = 3, **details: object
) -> Session:
    """Plan a session."""
    session = Session(fresh("session"), a_plan(course_id or the_course(admin), people, **details))
    admin.put(session.path, json=session.plan).raise_for_status()
    return session


def a_session_to_finalize(
    admin: httpx.Client, course_id: str = "", people: int = 3, **details: object
) -> Session:
    """Plan a session, hand in its sheet, and mark everyone as present and passed."""
    session = a_session(admin, course_id, people, **details)
    hand_in(admin, session)
    save_marks(admin, session)
    return session


def a_finalized_session(
    admin: httpx.Client, course_id: str = "", people: int = 3, **details: object
) -> Session:
    """Plan and finalize a session, with everyone present and passed."""
    session = a_session_to_finalize(admin, course_id, people, **details)
    admin.post(session.finalize).raise_for_status()
    return session


def a_sheet() -> bytes:
    """Return a signed sheet as a PDF with unique bytes."""
    return sheet_pdf() + f"\n% copy {secrets.token_hex(8)}".encode()


def file_part(content: bytes, name: str = "sheet.pdf", content_type: str = PDF) -> Json:
    """Return *content* as the part of a multipart upload."""
    return {"file": (name, content, content_type)}


def described(content: bytes, name: str = "sheet.pdf", content_type: str = PDF) -> Json:
    """Return the JSON description of *content* that asks for an upload link."""
    return {
        "fileName": name,
        "contentType": content_type,
        "sizeBytes": len(content),
        "sha256": sha256(content),
    }


def sha256(content: bytes) -> str:
    """Return the SHA-256 of *content* as it stands on records."""
    return hashlib.sha256(content).hexdigest()


def hand_in(person: httpx.Client, session: Session, content: bytes | None = None) -> Json:
    """Upload a sheet, wait until it was checked, and return the session's evidence."""
    person.post(session.evidence, files=file_part(content or a_sheet())).raise_for_status()
    return checked_evidence(person, session)


def announce(person: httpx.Client, session: Session, content: bytes, **claims: object) -> Json:
    """Ask for permission to upload *content*; *claims* replace fields of its description."""
    answer = person.post(session.evidence, json=described(content) | claims)
    permission: Json = answer.raise_for_status().json()
    return permission


def put_file(permission: Json, content: bytes, **headers: str) -> httpx.Response:
    """Use a *permission*; *headers* replace those that it requires."""
    changed = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    asked_for = {name.lower(): value for name, value in permission["headers"].items()}
    return httpx.put(
        permission["url"], content=content, headers=asked_for | changed, trust_env=False
    )


def checked_evidence(person: httpx.Client, session: Session) -> Json:
    """Wait until the latest sheet was checked, and return the session's evidence."""

    def checked() -> Json | None:
        evidence: Json = seen(person, session)["evidence"]
        return evidence if evidence["state"] in {"ACCEPTED", "REJECTED"} else None

    return wait_for(f"the sheet of {session.session_id} to be checked", checked)


def seen(person: httpx.Client, session: Session) -> Json:
    """Return the session as *person* sees it."""
    view: Json = person.get(session.path).raise_for_status().json()
    return view


def etag(person: httpx.Client, session: Session) -> Json:
    """Return the header that makes a change conditional on what *person* sees now."""
    return {"If-Match": person.get(session.path).raise_for_status().headers["ETag"]}


def marks(
    session: Session, absent: Collection[str] = (), failed: Collection[str] = (), **extra: object
) -> Json:
    """Mark everyone on the roster: present and passed, except those who are named."""
    return grid(
        *(
            mark(person, present=person not in absent, passed=person not in failed, **extra)
            for person in session.people
        )
    )


def mark(person: str, *, present: bool = True, passed: bool = True, **extra: object) -> Json:
    """Mark one person."""
    return {"personnelId": person, "isPresent": present, "hasPassed": passed} | extra


def save_marks(person: httpx.Client, session: Session) -> None:
    """Mark everyone as present and passed, in as many requests as it takes."""
    rows = marks(session)["attendees"]
    for start in range(0, len(rows), MARKS_LIMIT):
        portion = grid(*rows[start : start + MARKS_LIMIT])
        person.patch(session.attendance, json=portion).raise_for_status()


def grid(*rows: Json) -> Json:
    """Return the body that saves attendance."""
    return {"attendees": list(rows)}


def records(person: httpx.Client, session: Session) -> dict[str, Json]:
    """Return the records of a session, as *person* sees them, by the id of the record's person."""
    return {item["personnelId"]: item for page in _pages(person, session) for item in page}


def _pages(person: httpx.Client, session: Session) -> Iterator[Sequence[Json]]:
    """Fetch one page after the other."""
    page = person.get(session.records).raise_for_status().json()
    yield page["items"]
    while "nextCursor" in page:
        behind = {"cursor": page["nextCursor"]}
        page = person.get(session.records, params=behind).raise_for_status().json()
        yield page["items"]


def verified(person: httpx.Client, session: Session) -> Json:
    """Verify a finalized session as soon as it is sealed."""

    def answered() -> Json | None:
        answer = person.get(f"{session.path}/verification")
        if answer.status_code == HTTPStatus.CONFLICT:
            return None
        found: Json = answer.raise_for_status().json()
        return found

    return wait_for(f"the seal of {session.session_id}", answered)


def standing(viewer: httpx.Client, person: str, session: Session, as_of: object = None) -> Json:
    """Return one person's standing in the session's course, empty if there is none."""
    day = {} if as_of is None else {"asOf": str(as_of)}
    answer = viewer.get(f"/personnel/{person}/compliance", params=day).raise_for_status()
    items: Sequence[Json] = answer.json()["items"]
    return next((item for item in items if item["courseId"] == session.course_id), {})


def calculated(viewer: httpx.Client, person: str, session: Session) -> Json:
    """Wait until one person's standing in the session's course was calculated."""

    def look() -> Json | None:
        found = standing(viewer, person, session)
        return found if "calculatedAt" in found else None

    return wait_for(f"the compliance of {person} to be calculated", look)
