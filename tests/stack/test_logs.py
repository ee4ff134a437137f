"""What the functions log about their work, and what they must not."""

import httpx
import pytest

from testing.api import (
    Json,
    a_roster,
    a_session,
    a_session_to_finalize,
    a_sheet,
    calculated,
    checked_evidence,
    file_part,
    fresh,
    hand_in,
    marks,
)
from testing.waiting import wait_until
from tests.stack.operator import FUNCTIONS, Operator

pytestmark = pytest.mark.stack

WATCHED = {
    "finalize_session": ("SessionsFinalized", "RecordsCreated", "OutboxLeftOver"),
    "hash_evidence": ("EvidenceAccepted", "EvidenceRejected"),
}


def logged(operator: Operator, about: str) -> Json:
    """Return the one line of `finalize_session` with that text, once it is there."""
    wait_until(about, lambda: bool(operator.lines("finalize_session", about)))
    (line,) = operator.lines("finalize_session", about)
    return line


def test_a_finalization_can_be_followed_by_its_ids(admin: httpx.Client, operator: Operator) -> None:
    """Its line names session, actor and request, and its metrics count what was written."""
    session = a_session_to_finalize(admin)
    answer = admin.post(session.finalize)

    line = logged(operator, session.session_id)

    assert line["actor"] == answer.json()["finalizedBy"]["id"]
    assert line["session_id"] == session.session_id
    assert line["records"] == 3
    assert line["correlation_id"]


def test_a_refusal_is_found_by_the_request_id_it_names(
    admin: httpx.Client, operator: Operator
) -> None:
    """A client who reports the request id is helped by one search in the log."""
    session = a_session(admin)
    request_id = admin.post(session.finalize).json()["requestId"]

    line = logged(operator, request_id)

    assert (line["message"], line["slug"]) == ("refused", "evidence-missing")
    assert line["session_id"] == session.session_id


def test_logs_hold_nothing_personal(admin: httpx.Client, operator: Operator) -> None:
    """No remark, name, file name or token: more people read logs, and for longer, than records."""
    secret = fresh("secret")
    session = a_session(admin, attendees=[{**person, "name": secret} for person in a_roster(1)])
    admin.post(session.evidence, files=file_part(a_sheet(), f"{secret}.pdf")).raise_for_status()
    checked_evidence(admin, session)
    admin.patch(session.attendance, json=marks(session, remarks=secret)).raise_for_status()
    admin.patch(session.attendance, json=marks(session, remarks=secret, isPresent=secret))
    admin.post(session.finalize).raise_for_status()
    calculated(admin, session.people[0], session)

    token = admin.headers["Authorization"].removeprefix("Bearer ")
    found = {
        function: operator.lines(function, private)
        for function in FUNCTIONS
        for private in (secret, token)
    }

    assert found == {function: [] for function in FUNCTIONS}


def test_metrics_count_what_people_watch(admin: httpx.Client, operator: Operator) -> None:
    """
    They are sessions finalized, records created, evidence accepted and rejected, and
    what is left.
    """
    session = a_session_to_finalize(admin)
    hand_in(admin, session, b"no sheet at all")
    admin.post(session.finalize).raise_for_status()

    def are_counted() -> bool:
        metrics = ((function, name) for function, names in WATCHED.items() for name in names)
        return all(operator.lines(function, f'"{name}":[') for function, name in metrics)

    wait_until("every metric to be counted", are_counted)
