"""The product: the real stores on the server, and what its surroundings do and see."""

import json
from dataclasses import dataclass

import pytest

from shared.domain.compliance import Verdict as DomainVerdict
from shared.domain.evidence import ObjectVersion
from shared.domain.records import record_id
from shared.domain.sheets import SignedRequest
from shared.finalization.resume import Finalizing
from shared.messaging.eventbridge import EventBridgePublisher
from shared.runtime.observability import logger
from shared.storage.audit import DynamoAuditTrail
from shared.storage.compliance import DynamoComplianceStore
from shared.storage.courses import DynamoCourseStore
from shared.storage.evidence import S3EvidenceStore
from shared.storage.finalizations import DynamoFinalizationStore
from shared.storage.models import OutboxItem
from shared.storage.outbox import DynamoOutbox
from shared.storage.records import DynamoRecordStore
from shared.storage.sessions import DynamoSessionStore
from tests.model.cloud import BUS, Cloud
from tests.model.gate import Gate
from tests.model.state import PEOPLE, SESSIONS, Limits, Verdict

MOST_BYTES = 200
LINK_SECONDS = 900

# Whose record in which session an id stands for.
_SESSION_OF = {record_id(name, person): name for name in SESSIONS for person in PEOPLE}


@dataclass(frozen=True)
class Heard:
    """A request for recalculation, as the bus handed it on."""

    session: str
    course: str
    fid: str
    people: tuple[str, ...]


class Countdown:
    """Time for so many portions of work; for any number if there is none."""

    def __init__(self, portions: int | None) -> None:
        self._left = portions

    def __call__(self) -> bool:
        """Tell whether there is time for one more."""
        if self._left is None:
            return True
        self._left -= 1
        return self._left >= 0


def impose(limits: Limits, patch: pytest.MonkeyPatch) -> None:
    """Make the product keep to other limits than those of AWS."""
    patch.setattr("shared.storage.limits.MAX_ACTIONS", limits.actions)
    patch.setattr("shared.storage.finalizations.RECORDS_PER_BATCH", limits.batch)
    patch.setattr("shared.storage.finalizations.LANES", limits.lanes)
    # A relay asks every shard; two are enough to be several.
    for module in ("domain", "storage"):
        patch.setattr(f"shared.{module}.outbox.SHARDS", ("0", "1"))
    patch.setattr("shared.domain.portions.ROWS_PER_TRANSACTION", limits.rows)


class World:
    """One account with everything in it."""

    def __init__(self, cloud: Cloud, gate: Gate) -> None:
        self.gate = gate
        self.heard: list[Heard] = []
        self.closed: dict[str, int] = {}
        self.permissions: dict[str, tuple[SignedRequest, bytes]] = {}
        self._cloud = cloud
        self._account = cloud.open_account()
        self.start_process()

    def start_process(self) -> None:
        """Make everything anew that a process keeps in its memory."""
        cloud = self._cloud
        self.sessions = DynamoSessionStore(cloud.connection, self.pause)
        self.courses = DynamoCourseStore()
        self.records = DynamoRecordStore(self.pause)
        self.compliance = DynamoComplianceStore()
        self.outbox = DynamoOutbox()
        self.trail = DynamoAuditTrail(self.pause)
        self.evidence = S3EvidenceStore(cloud.s3, self._account.bucket, LINK_SECONDS)
        self._finalizations = DynamoFinalizationStore(cloud.connection, self.sessions, self.pause)
        self._publisher = EventBridgePublisher(cloud.events, BUS, logger)

    @staticmethod
    def pause(_attempt: int) -> None:
        """Go on at once: nobody else is under way."""

    def finalizing(self, portions: int | None = None) -> Finalizing:
        """Return the ports of a finalization that has time for so many portions."""
        return Finalizing(
            self.sessions,
            self._finalizations,
            self._publisher,
            self.outbox,
            self.pause,
            Countdown(portions),
        )

    def owed(self) -> list[str]:
        """Return the sessions for which the outbox owes work."""
        return sorted(item.session_id for item in OutboxItem.scan(consistent_read=True))

    def send(self, upload_id: str) -> int | str:
        """PUT a file as the client that was permitted to."""
        if upload_id not in self.permissions:
            return "not permitted"
        link, data = self.permissions[upload_id]
        answer = self._cloud.http.request(link.method, link.url, headers=link.headers, content=data)
        return answer.status_code

    def version_of(self, key: str) -> ObjectVersion | None:
        """Return the one version an object has, if it exists."""
        found = self._cloud.s3.list_object_versions(Bucket=self._account.bucket, Prefix=key)
        versions = [version["VersionId"] for version in found.get("Versions", [])]
        assert len(versions) <= 1, "the bucket takes an object once"
        return ObjectVersion(key, versions[0]) if versions else None

    def listen(self) -> None:
        """Take what the bus handed on since."""
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
    """Return a verdict as the model says it."""
    based_on = _SESSION_OF[verdict.record_id] if verdict.record_id else None
    return str(verdict.colour), based_on, verdict.expiry_date
