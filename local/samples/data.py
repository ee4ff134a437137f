"""Reads the sample files of this folder, which use the API's field names."""

import json
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import NotRequired, TypedDict
from zoneinfo import ZoneInfo

WORKING_AT_HEIGHT = "working-at-height-2026-11-10"
FORKLIFT = "forklift-operator-2026-11-12"
CALLED_OFF = "working-at-height-2026-10-27"
UPCOMING = "site-induction-next-week"


class Course(TypedDict):
    title: str
    version: str
    requiresVerify: bool
    validityMonths: NotRequired[int]


class Person(TypedDict):
    personnelId: str
    name: str
    jobTitle: str


class Trainer(TypedDict):
    id: str
    name: str
    qualification: str


class Session(TypedDict):
    courseId: str
    title: str
    status: str
    startsAt: str
    endsAt: str
    timezone: str
    location: str
    trainer: Trainer
    attendees: list[Person]


class Mark(TypedDict):
    personnelId: str
    isPresent: bool
    hasPassed: bool
    remarks: NotRequired[str]


def courses() -> dict[str, Course]:
    """Bodies for ``PUT /courses/{courseId}``, by course id."""
    content: dict[str, Course] = json.loads(_read_bytes("courses.json"))
    return content


def roster() -> list[Person]:
    """The crew of fourteen people, in the order of the sign-in sheet."""
    content: list[Person] = json.loads(_read_bytes("roster.json"))
    return content


def sessions() -> dict[str, Session]:
    """Bodies for ``PUT /sessions/{sessionId}``, by id; the files name attendees by id only."""
    people = {person["personnelId"]: person for person in roster()}
    content = json.loads(_read_bytes("sessions.json"))
    for session in content.values():
        session["attendees"] = [people[personnel_id] for personnel_id in session["attendees"]]
    complete: dict[str, Session] = content
    return complete


def attendance(session_id: str) -> list[Mark]:
    """
    The marks that the session's sheet shows, a body for ``PATCH
    /sessions/{sessionId}/attendance``.
    """
    marks: list[Mark] = json.loads(_read_bytes("attendance.json"))[session_id]
    return marks


def upcoming_session(today: date) -> Session:
    """
    A site induction one week after *today*: the one sample that would be stale with a fixed
    date.
    """
    begins = datetime.combine(today + timedelta(days=7), time(7, 30), ZoneInfo("Europe/Berlin"))
    return {
        "courseId": "site-induction",
        "title": "Site Induction, new starters",
        "status": "SCHEDULED",
        "startsAt": begins.isoformat(),
        "endsAt": (begins + timedelta(hours=2)).isoformat(),
        "timezone": "Europe/Berlin",
        "location": "Gate house, Berth 7, Hamburg",
        "trainer": sessions()[FORKLIFT]["trainer"],
        "attendees": roster()[:5],
    }


def sheet_pdf() -> bytes:
    """The signed sheet of the session in November, as a scanner would file it."""
    return _read_bytes("sign-in-sheet.pdf")


def sheet_photo() -> bytes:
    """The same sheet, photographed on a desk."""
    return _read_bytes("sign-in-sheet-photo.jpg")


def forklift_sheet_photo() -> bytes:
    """The sheet of the forklift day, photographed on a desk."""
    return _read_bytes("forklift-sheet-photo.jpg")


def _read_bytes(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
