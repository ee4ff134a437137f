"""Time from outside, on the deployed stack: its authority runs beside it, and can be away."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from local.authority.server import AWAY
from local.workspace import STATE
from shared.storage.vault import stamp_key
from testing.api import Json, Session, a_finalized_session, fresh, verified
from testing.waiting import wait_for
from tests.stack.deployed import HOME
from tests.stack.operator import Operator

pytestmark = pytest.mark.stack


def stamp_check(person: httpx.Client, session: Session) -> Json:
    """Verify the session, and return what is said of its time stamp."""
    answer = verified(person, session)
    checks: dict[str, Json] = {check["subject"]: check for check in answer["checks"]}
    assert {*checks} > {"SHEET", "MANIFEST"}
    return checks["TIME_STAMP"] | {"all": answer["intact"]}


def wait_for_stamp(person: httpx.Client, session: Session) -> str:
    """Wait until the session is sealed and stamped; return what is said of the stamp."""

    def stamped() -> str | None:
        check = stamp_check(person, session)
        note: str = check["notes"][0]
        return note if check["all"] and note.startswith("it was stamped at") else None

    return wait_for(f"the time stamp of {session.session_id}", stamped)


@pytest.fixture
def session(admin: httpx.Client) -> Session:
    """A session that was just finalized."""
    return a_finalized_session(admin)


def test_sealed_session_is_stamped_by_itself(admin: httpx.Client, session: Session) -> None:
    """Bucket, queue, function and authority work together without a request."""
    said = wait_for_stamp(admin, session)

    assert said.endswith("after the decision")


def test_nightly_report_is_stamped(operator: Operator) -> None:
    """So nothing that it says can be dated back either."""
    operator.invoke("verify_sealed_sessions", {})
    bucket, s3 = operator.stack.bucket, operator.s3
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="reports/")["Contents"]
    report = next(one["Key"] for one in listed if one["Key"].endswith(".json"))

    def stamped() -> Json | None:
        found = s3.list_objects_v2(Bucket=bucket, Prefix=stamp_key(report)).get("Contents", [])
        return dict(s3.head_object(Bucket=bucket, Key=found[0]["Key"])) if found else None

    stamp = wait_for("the time stamp of a report", stamped)
    until = s3.head_object(Bucket=bucket, Key=report)["ObjectLockRetainUntilDate"]
    assert stamp["ObjectLockMode"] == "COMPLIANCE"
    assert stamp["ObjectLockRetainUntilDate"] == until


@pytest.fixture
def away(operator: Operator) -> Iterator[Path]:
    """Send the authority away, and let the queue repeat itself after a second."""
    queue = operator.resources["StampQueue"]
    mark = STATE / HOME / "authority" / AWAY

    def pause(seconds: str) -> None:
        operator.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": seconds})

    pause("1")
    mark.touch()
    yield mark
    mark.unlink(missing_ok=True)
    pause("900")


def test_seal_does_not_wait_for_the_authority(
    away: Path, admin: httpx.Client, session: Session
) -> None:
    """The session is sealed and intact, and says that its stamp is to come; then it comes."""

    def sealed() -> Json | None:
        check = stamp_check(admin, session)
        return check if check["all"] else None

    check = wait_for(f"the seal of {session.session_id}", sealed)
    assert check["notes"] == ["it is not stamped yet"]

    away.unlink()

    assert wait_for_stamp(admin, session)


class Insider:
    """Somebody with every right of the company: to its database, its bucket and its key."""

    def __init__(self, operator: Operator) -> None:
        stack = operator.stack
        self._operator, self._stack = operator, stack
        self._kms = stack.session().client("kms", endpoint_url=stack.endpoint)

    def invent(self, model: Session, then: datetime) -> Session:
        """Invent a session like *model* that was finalized *then*, signed by the company's key."""
        invented = replace(model, session_id=fresh("invented"))
        manifest = self._manifest(model).replace(
            model.session_id.encode(), invented.session_id.encode()
        )
        digest = hashlib.sha256(manifest)
        forged = {
            "finalizedAt": {"S": f"{then:%Y-%m-%dT%H:%M:%S.%f%z}"},
            "manifestSha256": {"S": digest.hexdigest()},
        }
        for row in self._operator.rows(model):
            changed = {"sessionId": {"S": invented.session_id}}
            changed |= forged if row["item"]["S"] == "SESSION" else {}
            self._operator.dynamodb.put_item(
                TableName=self._stack.tables.sessions, Item=row | changed
            )
        self._put(f"seals/{invented.session_id}/manifest.sig", self._sign(digest.digest()))
        self._put(f"seals/{invented.session_id}/manifest.json", manifest)
        return invented

    def _manifest(self, session: Session) -> bytes:
        key = f"seals/{session.session_id}/manifest.json"
        return self._operator.s3.get_object(Bucket=self._stack.bucket, Key=key)["Body"].read()

    def _sign(self, digest: bytes) -> bytes:
        return self._kms.sign(
            KeyId=self._operator.resources["SigningKey"],
            Message=digest,
            MessageType="DIGEST",
            SigningAlgorithm="ECDSA_SHA_256",
        )["Signature"]

    def _put(self, key: str, body: bytes) -> None:
        self._operator.s3.put_object(
            Bucket=self._stack.bucket,
            Key=key,
            Body=body,
            ObjectLockMode="COMPLIANCE",
            ObjectLockRetainUntilDate=datetime.now(UTC) + timedelta(days=3650),
        )


def test_not_even_the_key_dates_a_session_back(
    admin: httpx.Client, operator: Operator, session: Session
) -> None:
    """
    With every right of the company a session can be invented, and signed by its key. Its stamp is
    the one part that has to come from outside, and is of today.
    """
    wait_for_stamp(admin, session)

    invented = Insider(operator).invent(session, datetime.now(UTC) - timedelta(days=40, hours=1))

    def named() -> list[str] | None:
        faults: list[str] = stamp_check(admin, invented)["faults"]
        return faults if faults[0].startswith("it was stamped") else None

    (fault,) = wait_for("the time stamp of an invented session", named)
    assert fault.endswith("40 days after the decision")
