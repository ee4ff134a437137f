"""Objects that nobody announced, put there with the rights of the function that stores sheets."""

import json

import httpx
import pytest

from testing.api import (
    PDF,
    Json,
    Session,
    a_finalized_session,
    a_session_to_finalize,
    a_sheet,
    announce,
    checked_evidence,
    put_file,
    seen,
    sha256,
    verified,
)
from testing.waiting import wait_for, wait_until
from tests.stack.operator import Operator
from tests.stack.roles import Role

pytestmark = pytest.mark.stack

FORGED = {"uploaded-by-id": "forged", "uploaded-by-name": "Tomasz%20Zielinski"}


def noted(operator: Operator, session: Session, key: str) -> Json:
    """Wait for the note about the object under *key*."""

    def look() -> Json | None:
        found = operator.s3.list_objects_v2(
            Bucket=operator.stack.bucket, Prefix=f"tampering/{session.session_id}/"
        )
        for entry in found.get("Contents", []):
            note = operator.s3.get_object(Bucket=operator.stack.bucket, Key=entry["Key"])
            body: Json = json.load(note["Body"]) | {"until": note["ObjectLockRetainUntilDate"]}
            if body["key"] == key:
                return body
        return None

    return wait_for(f"the note about {key}", look)


@pytest.mark.parametrize("upload", ["zzzz", "99991231T235959999999Z-8c1f0a3be77d2460"])
def test_a_forged_sheet_is_noted_and_stands_in_nobody_s_way(
    admin: httpx.Client, operator: Operator, upload: str
) -> None:
    """
    Put with the role of upload_evidence, under an id that sorts last: the sheet before it stays in
    force, the genuine one after it gets in, and a note names the object for ever.
    """
    session, genuine = a_session_to_finalize(admin), a_sheet()
    before = seen(admin, session)["evidence"]
    key = f"evidence/{session.session_id}/{upload}/sheet.pdf"

    Role(operator, "upload_evidence").client("s3").put_object(
        Bucket=operator.stack.bucket, Key=key, Body=a_sheet(), ContentType=PDF, Metadata=FORGED
    )

    note = noted(operator, session, key)
    assert seen(admin, session)["evidence"] == before
    assert (note["what"], note["key"]) == ("Nobody announced this object.", key)
    assert note["until"].year > 2030
    put_file(announce(admin, session, genuine), genuine).raise_for_status()
    evidence = checked_evidence(admin, session)
    assert (evidence["state"], evidence["attendanceFileHash"]) == ("ACCEPTED", sha256(genuine))
    assert evidence["uploadedBy"]["name"] != "Tomasz Zielinski"


def faults(person: httpx.Client, session: Session) -> dict[str, list[str]]:
    """Return what is not intact."""
    checks = verified(person, session)["checks"]
    return {check["subject"]: check["faults"] for check in checks if not check["intact"]}


def test_verification_names_what_was_done_to_the_sheet_of_a_sealed_session(
    admin: httpx.Client, operator: Operator
) -> None:
    """An object beside it, and the tag with which the life cycle would hide it."""
    session = a_finalized_session(admin)
    wait_until("the seal", lambda: faults(admin, session) == {})
    ((key, version),) = operator.versions(session)
    bucket = operator.stack.bucket
    stray = key.replace("sheet", "other")

    Role(operator, "upload_evidence").client("s3").put_object(Bucket=bucket, Key=stray, Body=b"x")
    Role(operator, "hash_evidence").client("s3").put_object_tagging(
        Bucket=bucket,
        Key=key,
        VersionId=version,
        Tagging={"TagSet": [{"Key": "evidence", "Value": "rejected"}]},
    )

    noted(operator, session, stray)
    found = faults(admin, session)
    assert found["SHEET"] == ["it was tagged as rejected, which an accepted sheet never is"]
    assert "an object that is nobody's sheet" in found["WITNESS"][0]
