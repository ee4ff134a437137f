"""
Real stores and clients, made from the settings when first needed and kept for the life of the
process.
"""

import random
import secrets
import time
import uuid
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from shared.domain.contention import GoOn
from shared.finalization.resume import Finalizing
from shared.messaging.eventbridge import EventBridgePublisher
from shared.messaging.kms import KmsSigner
from shared.runtime.observability import logger
from shared.runtime.settings import settings
from shared.storage.audit import DynamoAuditTrail
from shared.storage.compliance import DynamoComplianceStore
from shared.storage.courses import DynamoCourseStore
from shared.storage.database import (
    CONNECT_SECONDS,
    READ_SECONDS,
    RETRIES,
    Connection,
    connect,
)
from shared.storage.evidence import S3EvidenceStore
from shared.storage.finalizations import DynamoFinalizationStore
from shared.storage.outbox import DynamoOutbox
from shared.storage.packs import S3PackStore
from shared.storage.records import DynamoRecordStore
from shared.storage.sessions import DynamoSessionStore
from shared.storage.sheets import DynamoSheetUses
from shared.storage.vault import S3Vault
from shared.verification.verify import Verifying

_LONGEST_PAUSE = 0.8


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return str(uuid.uuid4())


def new_token() -> str:
    return secrets.token_hex(8)


def pause(attempt: int) -> None:
    """
    Sleep a random while, twice as long each time up to 0.8 seconds.
    """
    time.sleep(random.uniform(0, min(0.05 * 2**attempt, _LONGEST_PAUSE)))  # noqa: S311 - no secret


@cache
def sessions() -> DynamoSessionStore:
    return DynamoSessionStore(_connection(), pause)


@cache
def courses() -> DynamoCourseStore:
    _connection()
    return DynamoCourseStore()


@cache
def records() -> DynamoRecordStore:
    _connection()
    return DynamoRecordStore(pause)


@cache
def compliance() -> DynamoComplianceStore:
    _connection()
    return DynamoComplianceStore()


@cache
def outbox() -> DynamoOutbox:
    _connection()
    return DynamoOutbox()


@cache
def finalizations() -> DynamoFinalizationStore:
    return DynamoFinalizationStore(_connection(), sessions(), pause)


@cache
def trail() -> DynamoAuditTrail:
    _connection()
    return DynamoAuditTrail(pause)


@cache
def sheet_uses() -> DynamoSheetUses:
    _connection()
    return DynamoSheetUses()


def finalizing(go_on: GoOn) -> Finalizing:
    return Finalizing(sessions(), finalizations(), publisher(), outbox(), pause, go_on)


@cache
def publisher() -> EventBridgePublisher:
    return EventBridgePublisher(_client("events"), settings().event_bus, logger)


@cache
def evidence() -> S3EvidenceStore:
    return S3EvidenceStore(
        _client("s3"), settings().evidence_bucket, settings().evidence_link_seconds
    )


@cache
def vault() -> S3Vault:
    return S3Vault(_client("s3"), settings().evidence_bucket)


@cache
def signer() -> KmsSigner:
    return KmsSigner(_client("kms"), settings().signing_key)


@cache
def reporter() -> KmsSigner:
    return KmsSigner(_client("kms"), settings().report_key)


@cache
def packs() -> S3PackStore:
    return S3PackStore(_client("s3"), settings().evidence_bucket, settings().evidence_link_seconds)


def verifying() -> Verifying:
    return Verifying(sessions(), records(), evidence(), trail(), vault(), signer(), pause)


@cache
def _connection() -> Connection:
    return connect(settings().tables, settings().region)


def _client(service: Any) -> Any:  # noqa: ANN401 - the stubs' overloads take literals
    return boto3.client(
        service,
        region_name=settings().region,
        config=Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": RETRIES},
            response_checksum_validation="when_required",
            signature_version="s3v4" if service == "s3" else None,
            # Links name the bucket's own region: elsewhere a young bucket answers with a redirect,
            # which no browser follows before it has permission to send a file.
            s3={"addressing_style": "virtual"} if service == "s3" else None,
        ),
    )


def forget() -> None:
    """
    Drop everything made so far; for a process whose environment changes, which only a test's does.
    """
    for made in (
        sessions,
        courses,
        records,
        compliance,
        outbox,
        finalizations,
        publisher,
        evidence,
        trail,
        sheet_uses,
        vault,
        signer,
        packs,
        reporter,
        _connection,
    ):
        made.cache_clear()
    settings.cache_clear()
