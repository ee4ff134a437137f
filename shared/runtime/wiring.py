"""
Real stores and clients, made from the settings when first needed and kept for the life of the
process.
"""

import os
import ssl
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from shared.application.ports.time_stamps import TimeStampAuthority
from shared.application.retry import Pause
from shared.application.time_left import HasTimeLeft
from shared.messaging.eventbridge import EventBridgePublisher
from shared.messaging.kms import KmsOrigin, KmsOrigins, KmsSigner
from shared.runtime import clock
from shared.runtime.observability import logger
from shared.runtime.settings import Settings
from shared.storage.audit import DynamoAuditTrail
from shared.storage.compliance import DynamoComplianceStore
from shared.storage.courses import DynamoCourseStore
from shared.storage.database import (
    CONNECT_SECONDS,
    READ_SECONDS,
    RETRIES,
    connect,
)
from shared.storage.evidence import S3EvidenceStore
from shared.storage.finalizations import DynamoFinalizationStore
from shared.storage.limits import AWS, Limits
from shared.storage.outbox import DynamoOutbox
from shared.storage.packs import S3PackStore
from shared.storage.records import DynamoRecordStore
from shared.storage.register import SealRegister
from shared.storage.sessions import DynamoSessionStore
from shared.storage.sheets import DynamoSheetUses
from shared.storage.vault import S3Vault
from shared.storage.watch import StreamWatch
from shared.storage.witness import VaultWitness


class Wiring:
    """
    The stores and clients of one process over one connection, each made when first needed.

    It implements the ports of every use case, so that it can be passed to any of them.
    """

    def __init__(
        self, settings: Settings, pause: Pause = clock.pause, limits: Limits = AWS
    ) -> None:
        self.settings = settings
        self.pause = pause
        self.limits = limits
        self._connection = connect(settings.tables, settings.region)

    @cached_property
    def sessions(self) -> DynamoSessionStore:
        return DynamoSessionStore(self._connection, self.pause, self.origin_of, self.limits)

    @cached_property
    def index(self) -> DynamoSessionStore:
        return self.sessions

    @cached_property
    def courses(self) -> DynamoCourseStore:
        return DynamoCourseStore(self._connection, self.pause, self.origin_of)

    @cached_property
    def records(self) -> DynamoRecordStore:
        return DynamoRecordStore(self.pause)

    @cached_property
    def compliance(self) -> DynamoComplianceStore:
        return DynamoComplianceStore()

    @cached_property
    def outbox(self) -> DynamoOutbox:
        return DynamoOutbox(self.limits)

    @cached_property
    def finalizations(self) -> DynamoFinalizationStore:
        return DynamoFinalizationStore(self._connection, self.sessions, self.pause, self.limits)

    @cached_property
    def trail(self) -> DynamoAuditTrail:
        return DynamoAuditTrail(self.pause, self.origin_of)

    @cached_property
    def sheet_uses(self) -> DynamoSheetUses:
        return DynamoSheetUses()

    @cached_property
    def publisher(self) -> EventBridgePublisher:
        return EventBridgePublisher(self._client("events"), self.settings.event_bus, logger)

    @cached_property
    def evidence(self) -> S3EvidenceStore:
        return S3EvidenceStore(
            self._s3, self.settings.evidence_bucket, self.settings.evidence_link_seconds
        )

    @cached_property
    def vault(self) -> S3Vault:
        return S3Vault(self._s3, self.settings.evidence_bucket)

    @cached_property
    def witness(self) -> VaultWitness:
        return VaultWitness(self.vault)

    @property
    def witness_book(self) -> VaultWitness:
        return self.witness

    @cached_property
    def watch(self) -> StreamWatch:
        return StreamWatch(
            self._client("dynamodb"),
            self._client("lambda"),
            self.settings.witnessed_tables,
            self.settings.witness_mappings,
        )

    @cached_property
    def register(self) -> SealRegister:
        return SealRegister(self.vault)

    @cached_property
    def packs(self) -> S3PackStore:
        return S3PackStore(
            self._s3, self.settings.evidence_bucket, self.settings.evidence_link_seconds
        )

    @cached_property
    def signer(self) -> KmsSigner:
        return KmsSigner(self._kms, self.settings.signing_key)

    @property
    def signatures(self) -> KmsSigner:
        return self.signer

    @cached_property
    def origin_of(self) -> KmsOrigin:
        return KmsOrigin(lambda: self._kms, self.settings.origin_key)

    @cached_property
    def origin_keys(self) -> KmsOrigins:
        return KmsOrigins(lambda: self._kms, self.settings.origin_keys)

    @cached_property
    def reporter(self) -> KmsSigner:
        return KmsSigner(self._kms, self.settings.report_key)

    @cached_property
    def authority(self) -> TimeStampAuthority | None:
        if not self.settings.has_time_stamp_authority:
            return None
        # Imported here, because only functions that make or check stamps have its library.
        from shared.messaging.rfc3161 import Rfc3161Authority  # noqa: PLC0415

        return Rfc3161Authority(
            self.settings.time_stamp_authority_url, self.settings.time_stamp_roots
        )

    @property
    def authority_roots(self) -> bytes:
        """The roots of the time-stamp authority (PEM), empty if there is none."""
        return "".join(map(ssl.DER_cert_to_PEM_cert, self.settings.time_stamp_roots)).encode()

    @property
    def time_stamps_since(self) -> date:
        return self.settings.time_stamps_since

    @property
    def evidence_max_bytes(self) -> int:
        return self.settings.evidence_max_bytes

    @property
    def retention_years(self) -> int:
        return self.settings.retention_years

    @property
    def seal_check_days(self) -> int:
        return self.settings.seal_check_days

    @property
    def expiring_soon(self) -> timedelta:
        return timedelta(days=self.settings.expiring_soon_days)

    @staticmethod
    def now() -> datetime:
        return clock.now()

    def time_left(self, context: LambdaContext) -> HasTimeLeft:
        """True while an invocation has time for another batch of work and for its answer."""
        reserve = self.limits.answer_milliseconds
        return lambda: context.get_remaining_time_in_millis() > reserve

    @cached_property
    def _s3(self) -> Any:  # noqa: ANN401 - see _client
        return self._client("s3")

    @cached_property
    def _kms(self) -> Any:  # noqa: ANN401 - see _client
        return self._client("kms")

    def _client(self, service: Any) -> Any:  # noqa: ANN401 - the stubs' overloads take literals
        return boto3.client(
            service,
            region_name=self.settings.region,
            config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"mode": "standard", "total_max_attempts": RETRIES},
                response_checksum_validation="when_required",
                signature_version="s3v4" if service == "s3" else None,
                # Links name the bucket's own region: elsewhere a new bucket answers with a
                # redirect, and browsers do not follow redirects of a CORS preflight.
                s3={"addressing_style": "virtual"} if service == "s3" else None,
            ),
        )


@cache
def wiring() -> Wiring:
    """The wiring of this process, made when first needed and kept for its life."""
    return Wiring(Settings.read(os.environ))
