"""Sheets in the bucket: links to them, late ones, repeated news, and what no API call let in."""

import httpx
import pytest

from local.samples.data import sheet_pdf
from tests.stack.backstage import Backstage
from tests.stack.story import (
    PDF,
    Json,
    Session,
    a_finalized_session,
    a_session,
    a_session_to_finalize,
    a_sheet,
    announce,
    checked_evidence,
    file_part,
    hand_in,
    put_file,
    records,
    seen,
    sha256,
)
from tests.stack.waiting import wait_until

pytestmark = pytest.mark.stack

FIFTY_MEBIBYTES = 50 * 1024 * 1024


def link(person: httpx.Client, session: Session) -> Json:
    """Ask for the link to the accepted sheet."""
    answer: Json = person.get(session.evidence).raise_for_status().json()
    return answer


def fetched(url: str) -> bytes:
    """Follow a link, as a browser does: with no token."""
    return httpx.get(url, trust_env=False).raise_for_status().content


def test_the_link_leads_to_the_very_bytes(auditor: httpx.Client, admin: httpx.Client) -> None:
    """
    An auditor downloads what was signed, and can hash it again.
    """
    session, sheet = a_session(admin), a_sheet()
    evidence = hand_in(admin, session, sheet)

    response = auditor.get(session.evidence)

    assert response.status_code == 200
    answer = response.json()
    assert answer["attendanceFileVersionId"] == evidence["attendanceFileVersionId"]
    assert answer["attendanceFileHash"] == sha256(fetched(answer["url"])) == sha256(sheet)


def test_a_link_stays_with_its_version(
    auditor: httpx.Client, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    Whatever is put in its place later, a link gives the version that was accepted.
    """
    session, sheet = a_session(admin), a_sheet()
    evidence = hand_in(admin, session, sheet)
    before = link(auditor, session)
    key = evidence["attendanceFileKey"]
    backstage.s3.put_object(Bucket=backstage.stack.bucket, Key=key, Body=b"%PDF-forged")

    after = link(auditor, session)

    assert fetched(before["url"]) == sheet
    assert fetched(after["url"]) == sheet


def test_a_link_saves_the_file_under_its_own_name(
    auditor: httpx.Client, admin: httpx.Client
) -> None:
    """
    The download is called what the sheet was called, in whatever script.
    """
    session = a_session(admin)
    admin.post(session.evidence, files=file_part(a_sheet(), "Unterschriften März.pdf"))
    checked_evidence(admin, session)

    answer = link(auditor, session)

    assert answer["fileName"] == "Unterschriften März.pdf"
    assert httpx.URL(answer["url"]).params["response-content-disposition"] == (
        "attachment; filename*=UTF-8''Unterschriften%20M%C3%A4rz.pdf"
    )


def test_a_link_cannot_be_turned_to_another_file(
    auditor: httpx.Client, admin: httpx.Client
) -> None:
    """
    The signature is for one version of one file.
    """
    session = a_session(admin)
    first, second = hand_in(admin, session), hand_in(admin, session)
    url = link(auditor, session)["url"]
    forged = url.replace(second["attendanceFileKey"], first["attendanceFileKey"])

    response = httpx.get(forged, trust_env=False)

    assert forged != url
    assert response.status_code == 403


def test_a_late_sheet_is_kept_and_changes_nothing(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    A sheet that arrives after the gate is labelled, and the records rest on what was there.
    """
    session, late = a_session_to_finalize(admin), a_sheet()
    permission = announce(admin, session, late)
    backstage.age_announcement(session)
    admin.post(session.finalize).raise_for_status()
    before = seen(admin, session), records(admin, session), backstage.rows(session)

    put_file(permission, late).raise_for_status()

    key = permission["attendanceFileKey"]
    wait_until("the late sheet's label", lambda: bool(backstage.tags(session, key)))
    assert backstage.tags(session, key) == {"evidence": "late"}
    assert (seen(admin, session), records(admin, session), backstage.rows(session)) == before
    assert sha256(late) not in {record["evidenceFileHash"] for record in before[1].values()}


def test_a_file_over_the_limit_is_rejected(admin: httpx.Client, backstage: Backstage) -> None:
    """
    However a file got into the bucket, one over 50 MiB is no sheet, and the admin reads why.
    """
    session = a_session(admin)
    permission = announce(admin, session, sheet_pdf())
    key = permission["attendanceFileKey"]
    content = sheet_pdf().ljust(FIFTY_MEBIBYTES + 1)

    backstage.s3.put_object(Bucket=backstage.stack.bucket, Key=key, Body=content, ContentType=PDF)

    evidence = checked_evidence(admin, session)
    assert evidence["state"] == "REJECTED"
    assert "at most 50 MiB" in evidence["reason"]


def test_an_empty_file_is_rejected(admin: httpx.Client, backstage: Backstage) -> None:
    """
    An empty file is no sheet, however it got into the bucket.
    """
    session = a_session(admin)
    key = announce(admin, session, sheet_pdf())["attendanceFileKey"]

    backstage.s3.put_object(Bucket=backstage.stack.bucket, Key=key, Body=b"", ContentType=PDF)

    evidence = checked_evidence(admin, session)
    assert evidence["state"] == "REJECTED"
    assert "empty" in evidence["reason"]


def _arrival(backstage: Backstage, *versions: tuple[str, str]) -> Json:
    """Tell of objects as S3 does."""
    objects = [{"key": key, "versionId": version} for key, version in versions]
    bucket = {"name": backstage.stack.bucket}
    return {"Records": [{"s3": {"bucket": bucket, "object": found}} for found in objects]}


def test_news_of_a_sheet_that_comes_twice_changes_nothing(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    S3 tells of an object at least once; the second time there is nothing left to do.
    """
    session = a_session(admin)
    hand_in(admin, session)
    hand_in(admin, session)
    before = backstage.rows(session)

    answer = backstage.invoke(
        "hash_evidence", _arrival(backstage, *reversed(backstage.versions(session)))
    )

    assert answer["error"] is None
    assert backstage.rows(session) == before


def test_news_of_a_finalized_session_s_own_sheet_is_not_late(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    The sheet that the records rest on is not mistaken for a late one when its news is repeated.
    """
    session = a_finalized_session(admin)
    ((key, version),) = backstage.versions(session)

    answer = backstage.invoke("hash_evidence", _arrival(backstage, (key, version)))

    assert answer["error"] is None
    assert backstage.tags(session, key) == {}


def test_news_of_a_file_that_is_gone_or_none_of_ours_is_ignored(backstage: Backstage) -> None:
    """
    There is nothing to do about a file that is not there, or that belongs to no session.
    """
    gone = ("evidence/no-session/no-upload/sheet.pdf", "00000000-0000-0000-0000-000000000000")

    answer = backstage.invoke("hash_evidence", _arrival(backstage, gone, ("readme.txt", "1")))

    assert answer["error"] is None
