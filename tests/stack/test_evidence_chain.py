"""
The evidence chain on the deployed stack: sealed by the event, checked by the API and by the pack,
and every forgery behind the API named.
"""

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.stack.backstage import Backstage, Item
from tests.stack.story import (
    Json,
    Session,
    a_finalized_session,
    a_roster,
    a_session,
    hand_in,
    marks,
)
from tests.stack.waiting import wait_for

pytestmark = pytest.mark.stack

Behind = Callable[[Session, Backstage], object]


def verified(person: httpx.Client, session: Session) -> Json:
    """Verify the session over the API."""
    answer: Json = person.get(f"{session.path}/verification").raise_for_status().json()
    return answer


def faults(person: httpx.Client, session: Session) -> dict[str, list[str]]:
    """Return what is not intact."""
    checks = verified(person, session)["checks"]
    return {check["subject"]: check["faults"] for check in checks if not check["intact"]}


def sealed(admin: httpx.Client, session: Session) -> Session:
    """Wait until the event has brought the signature about."""

    def intact() -> bool | None:
        return verified(admin, session)["intact"] or None

    wait_for(f"the seal of {session.session_id}", intact)
    return session


@pytest.fixture(scope="module")
def story(admin: httpx.Client) -> Session:
    """A session that nobody forges."""
    return sealed(admin, a_finalized_session(admin))


@pytest.fixture
def session(admin: httpx.Client) -> Session:
    """A session for one drill."""
    return sealed(admin, a_finalized_session(admin))


def trail(person: httpx.Client, session: Session) -> Iterator[Json]:
    """Read the whole audit trail."""
    page = person.get(f"{session.path}/audit").raise_for_status().json()
    yield from page["items"]
    while "nextCursor" in page:
        behind = {"cursor": page["nextCursor"]}
        page = person.get(f"{session.path}/audit", params=behind).raise_for_status().json()
        yield from page["items"]


def test_a_finalized_session_is_signed_by_itself(auditor: httpx.Client, story: Session) -> None:
    """Event, queue, sealer, key, vault, trail: without anybody's doing."""
    actions = [entry["action"] for entry in trail(auditor, story)]

    assert faults(auditor, story) == {}
    assert actions[actions.index("FINALIZED") + 1] == "SIGNED"
    assert {"REGISTERED", "SHEET_ANNOUNCED", "SHEET_ACCEPTED", "ATTENDANCE_SAVED"} <= {*actions}


def test_whoever_verifies_is_named(
    admin: httpx.Client, auditor: httpx.Client, session: Session
) -> None:
    """By name, with what they were told; and the trail holds with it."""
    assert verified(auditor, session)["intact"]

    entry = list(trail(admin, session))[-1]
    assert (entry["action"], entry["by"]["name"]) == ("VERIFIED", "Marcus Oyelaran")
    assert entry["changes"] == [{"subject": "", "field": "intact", "new": True}]
    assert faults(admin, session) == {}


def test_a_pack_checks_out_without_us(
    auditor: httpx.Client, story: Session, tmp_path: Path
) -> None:
    """Downloaded by its link, unpacked, and checked by the commands it brings along."""
    link = auditor.get(f"{story.path}/audit-pack").raise_for_status().json()
    data = httpx.get(link["url"], trust_env=False).raise_for_status().content
    with ZipFile(BytesIO(data)) as archive:
        archive.extractall(tmp_path)
    commands = (tmp_path / "VERIFY.md").read_text().partition("```sh\n")[2].partition("```")[0]

    ran = subprocess.run(  # noqa: S603 - the very point
        ["sh", "-c", commands],  # noqa: S607 - as a person would
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.splitlines()[-1] == "INTACT"


def test_a_large_session_is_verified_and_packed(admin: httpx.Client) -> None:
    """Sealed, staged and completed, and still one chain."""
    large = a_session(admin, people=150)
    hand_in(admin, large)
    admin.patch(large.attendance, json=marks(large)).raise_for_status()
    admin.post(large.finalize).raise_for_status()

    sealed(admin, large)

    assert admin.get(f"{large.path}/audit-pack").status_code == 200


def put_over(session: Session, backstage: Backstage) -> None:
    """Overwrite the key of the sheet."""
    ((key, _),) = backstage.versions(session)
    backstage.s3.put_object(Bucket=backstage.stack.bucket, Key=key, Body=b"%PDF-1.7 forged")


def hide(session: Session, backstage: Backstage) -> None:
    """Put a delete marker over the key of the sheet."""
    ((key, _),) = backstage.versions(session)
    backstage.s3.delete_object(Bucket=backstage.stack.bucket, Key=key)


def edit_record(session: Session, backstage: Backstage) -> None:
    """Let somebody's record last longer."""
    record = backstage.records(session)[0]
    _put(backstage, {**record, "expiryDate": {"S": "2099-12-31"}})


def delete_record(session: Session, backstage: Backstage) -> None:
    """Lose somebody's record."""
    backstage.delete_record(session, session.people[0])


def turn_entry_into_another(session: Session, backstage: Backstage) -> None:
    """Rewrite history."""
    entry = backstage.trail(session)[1]
    content = entry["content"]["S"].replace("requestId", "requestID")
    digest = hashlib.sha256(content.encode()).hexdigest()
    forged = {**entry, "content": {"S": content}, "sha256": {"S": digest}}
    backstage.dynamodb.put_item(TableName=backstage.stack.tables.audit, Item=forged)


def delete_entry(session: Session, backstage: Backstage) -> None:
    """Lose an entry."""
    entry = backstage.trail(session)[1]
    key = {name: entry[name] for name in ("sessionId", "sequence")}
    backstage.dynamodb.delete_item(TableName=backstage.stack.tables.audit, Key=key)


def fail_somebody(session: Session, backstage: Backstage) -> None:
    """Change a mark after the fact."""
    row = next(row for row in backstage.rows(session) if "name" in row)
    forged = {**row, "hasPassed": {"BOOL": False}}
    backstage.dynamodb.put_item(TableName=backstage.stack.tables.sessions, Item=forged)


def _put(backstage: Backstage, record: Item) -> None:
    backstage.dynamodb.put_item(TableName=backstage.stack.tables.records, Item=record)


DRILLS: dict[str, tuple[Behind, str, str]] = {
    "overwritten": (put_over, "SHEET", "was put over it"),
    "hidden": (hide, "SHEET", "a delete marker hides"),
    "record edited": (edit_record, "RECORDS", 'now "2099-12-31"'),
    "record deleted": (delete_record, "RECORDS", "is missing"),
    "entry rewritten": (turn_entry_into_another, "AUDIT_TRAIL", "entry 3 does not follow"),
    "entry deleted": (delete_entry, "AUDIT_TRAIL", "before entry 3, 1 are missing"),
    "mark changed": (fail_somebody, "SESSION", "hasPassed: signed true, now false"),
}


@pytest.mark.parametrize(("forge", "subject", "fault"), DRILLS.values(), ids=DRILLS.keys())
def test_whatever_is_forged_behind_the_api_is_named(  # noqa: PLR0913, PLR0917 - a drill has so many parts
    session: Session,
    admin: httpx.Client,
    backstage: Backstage,
    forge: Behind,
    subject: str,
    fault: str,
) -> None:
    """By the part of the chain it breaks, and by what exactly is wrong there."""
    forge(session, backstage)

    found = faults(admin, session)

    assert any(fault in text for text in found[subject]), found


def test_a_record_added_behind_the_api_is_named(admin: httpx.Client, backstage: Backstage) -> None:
    """Somebody who was absent has a record all the same."""
    session = a_session(admin)
    hand_in(admin, session)
    absentee = session.people[0]
    admin.patch(session.attendance, json=marks(session, absent=[absentee])).raise_for_status()
    admin.post(session.finalize).raise_for_status()
    sealed(admin, session)
    record = backstage.records(session)[0]
    forged_id = backstage.record_id(session, absentee)

    _put(backstage, {**record, "personnelId": {"S": absentee}, "recordId": {"S": forged_id}})

    assert faults(admin, session) == {
        "RECORDS": [f"record {forged_id} of {absentee} was added"],
    }


def test_a_record_for_a_stranger_covers_nobody(
    session: Session, admin: httpx.Client, backstage: Backstage
) -> None:
    """Whom the signed list has not is not covered, and whoever puts them on the list is found."""
    (stranger,) = (person["personnelId"] for person in a_roster(1))
    record = backstage.records(session)[0]
    row = next(row for row in backstage.rows(session) if "name" in row)
    forged_id = backstage.record_id(session, stranger)

    _put(backstage, {**record, "personnelId": {"S": stranger}, "recordId": {"S": forged_id}})

    standings = admin.get(f"/personnel/{stranger}/compliance").raise_for_status().json()["items"]
    assert [one for one in standings if one["status"] != "RED" or one["records"]] == []
    listed = {**row, "item": {"S": f"ATTENDEE#{stranger}"}, "personnelId": {"S": stranger}}
    backstage.dynamodb.put_item(TableName=backstage.stack.tables.sessions, Item=listed)
    assert "SESSION" in faults(admin, session)


def test_the_pinned_version_outlives_everybody(
    session: Session, admin: httpx.Client, backstage: Backstage
) -> None:
    """Root itself can neither delete it nor let its time end sooner; its bytes are unchanged."""
    ((key, version),) = backstage.versions(session)
    bucket, s3 = backstage.stack.bucket, backstage.s3
    before = s3.get_object(Bucket=bucket, Key=key, VersionId=version)["Body"].read()
    sooner = datetime.now(UTC) + timedelta(days=1)

    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=bucket, Key=key, VersionId=version)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object_retention(
            Bucket=bucket,
            Key=key,
            VersionId=version,
            Retention={"Mode": "COMPLIANCE", "RetainUntilDate": sooner},
        )
    put_over(session, backstage)

    after = s3.get_object(Bucket=bucket, Key=key, VersionId=version)["Body"].read()
    assert after == before
    assert faults(admin, session).keys() == {"SHEET"}


def test_only_inspectors_verify_and_take_packs(
    trainer: httpx.Client, auditor: httpx.Client, story: Session
) -> None:
    """Who drafts attendance has no part in it; who audits reads all of it."""
    for part in ("verification", "audit-pack", "audit"):
        assert trainer.get(f"{story.path}/{part}").status_code == 403
        assert auditor.get(f"{story.path}/{part}").status_code == 200
