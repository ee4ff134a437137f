"""What the functions write down about their work, and what they must not."""

import httpx
import pytest

from tests.stack.backstage import FUNCTIONS, Backstage
from tests.stack.story import (
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

pytestmark = pytest.mark.stack

WATCHED = {
    "finalize_session": ("SessionsFinalized", "RecordsCreated", "OutboxLeftOver"),
    "hash_evidence": ("EvidenceAccepted", "EvidenceRejected"),
}


def test_a_finalization_can_be_followed_by_its_ids(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    Its line names session, actor and request, and its metrics count what was written.
    """
    session = a_session_to_finalize(admin)
    answer = admin.post(session.finalize)

    (line,) = backstage.lines("finalize_session", session.session_id)

    assert line["actor"] == answer.json()["finalizedBy"]["id"]
    assert line["session_id"] == session.session_id
    assert line["records"] == 3
    assert line["correlation_id"]


def test_a_refusal_is_found_by_the_request_id_it_names(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    Whoever reads the request id to support is helped by one search in the log.
    """
    session = a_session(admin)
    request_id = admin.post(session.finalize).json()["requestId"]

    (line,) = backstage.lines("finalize_session", request_id)

    assert (line["message"], line["slug"]) == ("refused", "evidence-missing")
    assert line["session_id"] == session.session_id


def test_logs_hold_nothing_personal(admin: httpx.Client, backstage: Backstage) -> None:
    """
    No remark, name, file name or token: more people read logs, and for longer, than records.
    """
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
        function: backstage.lines(function, private)
        for function in FUNCTIONS
        for private in (secret, token)
    }

    assert found == {function: [] for function in FUNCTIONS}


def test_metrics_count_what_people_watch(admin: httpx.Client, backstage: Backstage) -> None:
    """
    Sessions finalized, records created, evidence accepted and rejected, and what is left over.
    """
    session = a_session_to_finalize(admin)
    hand_in(admin, session, b"no sheet at all")
    admin.post(session.finalize).raise_for_status()

    counted = {
        name: bool(backstage.lines(function, f'"{name}":['))
        for function, names in WATCHED.items()
        for name in names
    }

    assert counted == {name: True for names in WATCHED.values() for name in names}
