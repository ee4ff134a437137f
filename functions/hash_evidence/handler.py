"""
S3 tells that a sheet has arrived.
"""

from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.hash_evidence.use_case import Checking, Fate, hash_evidence
from shared.domain.audit import Change
from shared.domain.evidence import EvidenceKey, ObjectVersion
from shared.domain.people import Person
from shared.runtime import wiring
from shared.runtime.observability import count, logger, observed
from shared.runtime.settings import settings

# Nobody accepts or rejects a sheet in person; the audit trail says so.
CHECKER = Person("system:hash_evidence", "Automatic check")

_METRICS = {
    Fate.ACCEPTED: "EvidenceAccepted",
    Fate.REJECTED: "EvidenceRejected",
    Fate.LATE: "EvidenceLate",
}


@observed()
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:
    # When notifications are set up, S3 sends a test event, which has no records.
    failures = [
        failure
        for record in event.get("Records", [])
        if (failure := _try(record, context.aws_request_id))
    ]
    if failures:
        # Raised only after the others had their turn: the whole event comes again, and repeats are
        # harmless.
        raise ExceptionGroup("sheets could not be checked", failures)


def _try(record: dict[str, Any], request_id: str) -> Exception | None:
    try:
        _check(record, Change(CHECKER, wiring.now(), request_id))
    except Exception as failure:  # noqa: BLE001 - collected, and raised by the caller
        return failure
    return None


def _check(record: dict[str, Any], change: Change) -> None:
    found = record["s3"]["object"]
    version = ObjectVersion(unquote_plus(found["key"]), found["versionId"])
    using = Checking(
        wiring.sessions(),
        wiring.evidence(),
        wiring.trail(),
        settings().evidence_max_bytes,
        wiring.pause,
    )
    fate = hash_evidence(version, change, using)
    logger.info(
        "sheet checked",
        extra={**_ids(version.key), "version_id": version.version_id, "fate": fate},
    )
    if fate in _METRICS:
        count(_METRICS[fate])


def _ids(key: str) -> dict[str, str]:
    """
    What a log may say of an object; its file name is the client's and may be anybody's name.
    """
    parsed = EvidenceKey.parse(key)
    return {"session_id": parsed.session_id, "upload_id": parsed.upload_id} if parsed else {}
