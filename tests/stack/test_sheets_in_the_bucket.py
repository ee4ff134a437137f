"""
Sheets in the bucket: links to them, late ones, repeated events, and objects put
there by hand.
"""

import httpx
import pytest

from testing.api import (
    Json,
    Session,
    a_session,
    a_session_to_finalize,
    a_sheet,
    announce,
    hand_in,
    put_file,
    records,
    seen,
    sha256,
)
from testing.waiting import wait_until
from tests.stack.operator import Operator

pytestmark = pytest.mark.stack


def link(person: httpx.Client, session: Session) -> Json:
    """Ask for the link to the accepted sheet."""
    answer: Json = person.get(session.evidence).raise_for_status().json()
    return answer


def fetched(url: str) -> bytes:
    """Follow a link, as a browser does: without a token."""
    return httpx.get(url, trust_env=False).raise_for_status().content


def test_the_link_leads_to_the_signed_bytes(auditor: httpx.Client, admin: httpx.Client) -> None:
    """An auditor downloads what was signed, and can hash it again."""
    session, sheet = a_session(admin), a_sheet()
    evidence = hand_in(admin, session, sheet)

    response = auditor.get(session.evidence)

    assert response.status_code == 200
    answer = response.json()
    assert answer["attendanceFileVersionId"] == evidence["attendanceFileVersionId"]
    assert answer["attendanceFileHash"] == sha256(fetched(answer["url"])) == sha256(sheet)


def test_a_link_stays_with_its_version(
    auditor: httpx.Client, admin: httpx.Client, operator: Operator
) -> None:
    """After a newer upload, a link still gives the version that was accepted."""
    session, sheet = a_session(admin), a_sheet()
    evidence = hand_in(admin, session, sheet)
    before = link(auditor, session)
    key = evidence["attendanceFileKey"]
    operator.s3.put_object(Bucket=operator.stack.bucket, Key=key, Body=b"%PDF-forged")

    after = link(auditor, session)

    assert fetched(before["url"]) == sheet
    assert fetched(after["url"]) == sheet


def test_a_link_cannot_be_turned_to_another_file(
    auditor: httpx.Client, admin: httpx.Client
) -> None:
    """The signature is for one version of one file."""
    session = a_session(admin)
    first, second = hand_in(admin, session), hand_in(admin, session)
    url = link(auditor, session)["url"]
    forged = url.replace(second["attendanceFileKey"], first["attendanceFileKey"])

    response = httpx.get(forged, trust_env=False)

    assert forged != url
    assert response.status_code == 403


def test_a_late_sheet_is_kept_and_changes_nothing(admin: httpx.Client, operator: Operator) -> None:
    """A sheet that arrives after the lock is tagged, and the records rest on the one before."""
    session, late = a_session_to_finalize(admin), a_sheet()
    permission = announce(admin, session, late)
    operator.age_announcement(session)
    admin.post(session.finalize).raise_for_status()
    before = seen(admin, session), records(admin, session), operator.rows(session)

    put_file(permission, late).raise_for_status()

    key = permission["attendanceFileKey"]
    wait_until("the late sheet's tag", lambda: bool(operator.tags(session, key)))
    assert operator.tags(session, key) == {"evidence": "late"}
    assert (seen(admin, session), records(admin, session), operator.rows(session)) == before
    assert sha256(late) not in {record["evidenceFileHash"] for record in before[1].values()}
