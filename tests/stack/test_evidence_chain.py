"""
The evidence chain on the deployed stack: sealed by the event, checked by API and pack, and retained
by the bucket.
"""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from botocore.exceptions import ClientError

from local import release
from testing.api import Json, Session, a_finalized_session, a_session, hand_in, marks, verified
from testing.waiting import wait_for, wait_until
from tests.stack.operator import Operator

pytestmark = [pytest.mark.stack, pytest.mark.dynamodb]


def faults(person: httpx.Client, session: Session) -> dict[str, list[str]]:
    """Return what is not intact."""
    checks = verified(person, session)["checks"]
    return {check["subject"]: check["faults"] for check in checks if not check["intact"]}


def sealed(admin: httpx.Client, session: Session) -> Session:
    """Wait until the event has led to the signature."""

    def intact() -> bool | None:
        return verified(admin, session)["intact"] or None

    wait_for(f"the seal of {session.session_id}", intact)
    return session


@pytest.fixture(scope="module")
def finalized(admin: httpx.Client) -> Session:
    """A session that stays as it is."""
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


def test_a_finalized_session_is_signed_by_itself(auditor: httpx.Client, finalized: Session) -> None:
    """Event, queue, function, key, vault and trail work together without a request."""
    actions = [entry["action"] for entry in trail(auditor, finalized)]

    assert faults(auditor, finalized) == {}
    assert actions[actions.index("FINALIZED") + 1] == "SIGNED"
    assert {"REGISTERED", "SHEET_ANNOUNCED", "SHEET_ACCEPTED", "ATTENDANCE_SAVED"} <= {*actions}


def test_caller_who_verifies_is_named(
    admin: httpx.Client, auditor: httpx.Client, session: Session
) -> None:
    """The trail has their name and the result, and stays intact."""
    assert verified(auditor, session)["intact"]

    entry = list(trail(admin, session))[-1]
    assert (entry["action"], entry["by"]["name"]) == ("VERIFIED", "Marcus Oyelaran")
    assert entry["changes"] == [{"subject": "", "field": "intact", "new": True}]
    assert faults(admin, session) == {}


def pack_of(person: httpx.Client, session: Session) -> Json:
    """Wait until the session's pack is complete, and return the link to it."""

    def link() -> Json | None:
        answer = person.get(f"{session.path}/audit-pack")
        # The witness may not have copied the latest entry yet.
        is_pending = answer.status_code == 409
        return None if is_pending else answer.raise_for_status().json()

    found: Json = wait_for(f"the pack of {session.session_id}", link)
    return found


def checked(person: httpx.Client, session: Session, folder: Path) -> list[str]:
    """Unpack the session's pack into an empty folder; return what the script in it says."""
    link = pack_of(person, session)
    data = httpx.get(link["url"], trust_env=False).raise_for_status().content
    with ZipFile(BytesIO(data)) as archive:
        archive.extractall(folder)
    ran = subprocess.run(
        ["sh", "verify.sh"],  # noqa: S607 - as a person would
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    *said, last = ran.stdout.splitlines()
    assert last == ("NOT INTACT" if ran.returncode else "INTACT")
    return [*said, last]


def test_a_pack_checks_out_without_us(
    auditor: httpx.Client, finalized: Session, tmp_path: Path
) -> None:
    """Downloaded by its link and unpacked, it is checked by the script it contains."""
    assert checked(auditor, finalized, tmp_path)[-1] == "INTACT"


def test_a_pack_names_the_software_that_was_deployed(
    auditor: httpx.Client, finalized: Session, operator: Operator, tmp_path: Path
) -> None:
    """Commit and hashes are those of the build, through template, function, decision and seal."""
    said = checked(auditor, finalized, tmp_path)

    version, built = operator.stack.release, release.artifacts()
    assert {
        f"Compare: version {version} of the software decided; VERIFY.md says how it is built",
        f"Compare: its function has SHA-256 {built[release.DECIDING]}",
        f"Compare: its layer has SHA-256 {built[release.LAYER]}",
    } <= {*said}
    assert {entry["release"] for entry in trail(auditor, finalized)} == {version}


def test_a_pack_tells_of_an_end_that_was_cut_off(
    admin: httpx.Client, session: Session, operator: Operator, tmp_path: Path
) -> None:
    """Nothing signs what comes after the signature; the witness saw it."""
    verified(admin, session)
    assert checked(admin, session, tmp_path / "before")[-1] == "INTACT"
    audit = operator.stack.tables.audit
    last = operator.items(audit, "sessionId", session.session_id)[-1]
    operator.delete(audit, last, "sessionId", "sequence")

    said = checked(admin, session, tmp_path / "after")

    assert "audit.jsonl is not what the witness saw" in said
    assert any(line.startswith("  gone, or another: ") for line in said)
    assert said[-1] == "NOT INTACT"


def test_a_large_session_is_verified_and_packed(admin: httpx.Client) -> None:
    """Locked, staged and completed, it has one chain all the same."""
    large = a_session(admin, people=150)
    hand_in(admin, large)
    admin.patch(large.attendance, json=marks(large)).raise_for_status()
    admin.post(large.finalize).raise_for_status()

    sealed(admin, large)

    assert pack_of(admin, large)["url"]


def put_over(session: Session, operator: Operator) -> None:
    """Overwrite the key of the sheet."""
    ((key, _),) = operator.versions(session)
    operator.s3.put_object(Bucket=operator.stack.bucket, Key=key, Body=b"%PDF-1.7 forged")


def test_the_pinned_version_cannot_be_deleted(
    session: Session, admin: httpx.Client, operator: Operator
) -> None:
    """Even root can neither delete it nor shorten its retention; its bytes are unchanged."""
    ((key, version),) = operator.versions(session)
    bucket, s3 = operator.stack.bucket, operator.s3
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
    put_over(session, operator)

    after = s3.get_object(Bucket=bucket, Key=key, VersionId=version)["Body"].read()
    assert after == before
    # The note that the object was never announced follows within seconds.
    wait_until("both faults", lambda: faults(admin, session).keys() == {"SHEET", "WITNESS"})
