"""The product: the real stores on the server, and what surrounds them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.application.ports.evidence import SignedRequest
from shared.domain.compliance import Verdict as DomainVerdict
from shared.domain.evidence import ObjectVersion
from shared.domain.records import record_id
from shared.messaging.eventbridge import EventBridgePublisher
from shared.runtime.observability import logger
from shared.storage.audit import DynamoAuditTrail
from shared.storage.compliance import DynamoComplianceStore
from shared.storage.courses import DynamoCourseStore
from shared.storage.evidence import S3EvidenceStore
from shared.storage.finalizations import DynamoFinalizationStore
from shared.storage.limits import Limits
from shared.storage.models import OutboxItem
from shared.storage.outbox import DynamoOutbox
from shared.storage.records import DynamoRecordStore
from shared.storage.sessions import DynamoSessionStore
from shared.storage.sheets import DynamoSheetUses
from testing.origins import an_origin
from testing.vault import FakeVault
from tests.model.cloud import BUS, Cloud
from tests.model.gate import Gate
from tests.model.state import EXPIRING_SOON, PEOPLE, SESSIONS, Verdict

MOST_BYTES = 200
LINK_SECONDS = 900

# The person and session whose record has the id.
_SESSION_OF = {record_id(name, person): name for name in SESSIONS for person in PEOPLE}


@dataclass(frozen=True)
class Heard:
    """A request for recalculation, as the bus delivered it."""

    session: str
    course: str
    fid: str
    people: tuple[str, ...]


class Countdown:
    """Time for that many batches of work; for any number if there is none."""

    def __init__(self, batches: int | None) -> None:
        self._left = batches

    def __call__(self) -> bool:
        """Return whether there is time for one more."""
        if self._left is None:
            return True
        self._left -= 1
        return self._left >= 0


class Account:
    """One account with everything in it."""

    def __init__(self, cloud: Cloud, gate: Gate, limits: Limits) -> None:
        self.gate = gate
        self._limits = limits
        self.evidence_max_bytes = MOST_BYTES
        self.retention_years = 10
        self.vault = FakeVault()
        self.expiring_soon = EXPIRING_SOON
        self.time = datetime.now(UTC)
        self.heard: list[Heard] = []
        self.closed: dict[str, int] = {}
        self.permissions: dict[str, tuple[SignedRequest, bytes]] = {}
        self._cloud = cloud
        self._account = cloud.open_account()
        self.start_process()

    def start_process(self) -> None:
        """Make everything that a process keeps in its memory."""
        cloud = self._cloud
        self.sessions = self.index = DynamoSessionStore(
            cloud.connection, self.pause, an_origin, self._limits
        )
        self.courses = DynamoCourseStore(cloud.connection, self.pause, an_origin)
        self.sheet_uses = DynamoSheetUses()
        self.records = DynamoRecordStore(self.pause)
        self.compliance = DynamoComplianceStore()
        self.outbox = DynamoOutbox(self._limits)
        self.trail = DynamoAuditTrail(self.pause, an_origin)
        self.evidence = S3EvidenceStore(cloud.s3, self._account.bucket, LINK_SECONDS)
        self.finalizations = DynamoFinalizationStore(
            cloud.connection, self.sessions, self.pause, self._limits
        )
        self.publisher = EventBridgePublisher(cloud.events, BUS, logger)

    def now(self) -> datetime:
        """Return the moment of the current call."""
        return self.time

    @staticmethod
    def pause(_attempt: int) -> None:
        """Return at once: no other process runs."""

    def owed(self) -> list[str]:
        """Return the sessions that have an outbox entry."""
        return sorted(str(item.session_id) for item in OutboxItem.scan(consistent_read=True))

    def send(self, upload_id: str) -> int | str:
        """PUT a file as the client with the permission."""
        if upload_id not in self.permissions:
            return "not permitted"
        link, data = self.permissions[upload_id]
        answer = self._cloud.http.request(link.method, link.url, headers=link.headers, content=data)
        return answer.status_code

    def version_of(self, key: str) -> ObjectVersion | None:
        """Return the one version of an object, if it exists."""
        found = self._cloud.s3.list_object_versions(Bucket=self._account.bucket, Prefix=key)
        versions = [version["VersionId"] for version in found.get("Versions", [])]
        assert len(versions) <= 1, "the bucket takes an object once"
        return ObjectVersion(key, versions[0]) if versions else None

    def listen(self) -> None:
        """Take the messages that the bus delivered since."""
        queue = self._account.queue
        while messages := self._cloud.sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10
        ).get("Messages", []):
            for message in messages:
                self._hear(message["Body"])
                self._cloud.sqs.delete_message(
                    QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"]
                )

    def _hear(self, body: str) -> None:
        event = json.loads(body)
        detail = event["detail"]
        if event["detail-type"] == "SessionFinalized":
            self.closed[detail["finalizationId"]] = detail["records"]
            return
        self.heard.append(
            Heard(
                detail["sessionId"],
                detail["courseId"],
                detail["finalizationId"],
                tuple(detail["personnelIds"]),
            )
        )


def seen_verdict(verdict: DomainVerdict) -> Verdict:
    """Return a verdict in the model's terms."""
    based_on = _SESSION_OF[verdict.record_id] if verdict.record_id else None
    return str(verdict.colour), based_on, verdict.expiry_date
