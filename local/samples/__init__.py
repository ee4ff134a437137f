"""Sample courses, people, sessions and signed sheets, for `make up`, the demo and the tests."""

from local.samples.data import (
    CALLED_OFF,
    FORKLIFT,
    UPCOMING,
    WORKING_AT_HEIGHT,
    Course,
    Mark,
    Person,
    Session,
    attendance,
    courses,
    forklift_sheet_photo,
    roster,
    sessions,
    sheet_pdf,
    sheet_photo,
    upcoming_session,
)

__all__ = [
    "CALLED_OFF",
    "FORKLIFT",
    "UPCOMING",
    "WORKING_AT_HEIGHT",
    "Course",
    "Mark",
    "Person",
    "Session",
    "attendance",
    "courses",
    "forklift_sheet_photo",
    "roster",
    "sessions",
    "sheet_pdf",
    "sheet_photo",
    "upcoming_session",
]
