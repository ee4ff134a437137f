"""Loads the samples into a running stack over its API, as an admin would enter them."""

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from httpx import codes

from local.demo.client import Client
from local.samples import data
from local.users import token

if TYPE_CHECKING:
    from local.stack import Stack


def load(stack: "Stack") -> None:
    """
    Register courses and sessions: one can be finalized, another only needs its sheet.

    Idempotent: marks of a registered session are kept, and a finalized session stays as it is.
    """
    with closing(Client(stack.api_url, token(stack, "admin"))) as admin:
        for course_id, course in data.courses().items():
            admin.put_course(course_id, course).expect(200)
        for session_id, session in _sessions().items():
            _enter(admin, session_id, session)
        _hand_in_sheet(admin, data.WORKING_AT_HEIGHT)


def _sessions() -> dict[str, data.Session]:
    today = datetime.now(ZoneInfo("Europe/Berlin")).date()
    return {**data.sessions(), data.UPCOMING: data.upcoming_session(today)}


def _enter(admin: Client, session_id: str, session: data.Session) -> None:
    answer = admin.put_session(session_id, session)
    if answer.status == codes.CONFLICT:
        return
    answer.expect(200, 201)
    if answer.status == codes.CREATED and session_id in {data.WORKING_AT_HEIGHT, data.FORKLIFT}:
        admin.save_attendance(session_id, data.attendance(session_id)).expect(200)


def _hand_in_sheet(admin: Client, session_id: str) -> None:
    evidence = admin.session(session_id).expect(200).body["evidence"]
    if evidence["state"] == "NONE":
        admin.upload_sheet(
            session_id, "sign-in-sheet.pdf", data.sheet_pdf(), "application/pdf"
        ).expect(202)
        admin.wait_for_hash(session_id)
