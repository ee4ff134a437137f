"""S3's notification that a sheet has arrived: check the sheet."""

from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.hash_evidence.use_case import CheckOutcome, hash_evidence
from shared.domain.audit import ChangeContext
from shared.domain.evidence import ObjectVersion
from shared.domain.people import Person
from shared.runtime import clock
from shared.runtime.observability import count, logger, observed, release
from shared.runtime.wiring import wiring

# The person in the audit trail: sheets are accepted and rejected automatically.
CHECKER = Person("system:hash_evidence", "Automatic check")

_METRICS = {
    CheckOutcome.ACCEPTED: "EvidenceAccepted",
    CheckOutcome.REJECTED: "EvidenceRejected",
    CheckOutcome.LATE: "EvidenceLate",
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
        # Raised after all sheets were checked: Lambda retries the whole event, which is idempotent.
        raise ExceptionGroup("sheets could not be checked", failures)


def _try(record: dict[str, Any], request_id: str) -> Exception | None:
    try:
        _check(record, ChangeContext(CHECKER, clock.now(), request_id, release()))
    except Exception as failure:  # noqa: BLE001 - collected, and raised by the caller
        # Of the group that is raised Lambda logs the message, and nothing of what is in it.
        logger.exception("sheet not checked")
        return failure
    return None


def _check(record: dict[str, Any], change: ChangeContext) -> None:
    found = record["s3"]["object"]
    version = ObjectVersion(unquote_plus(found["key"]), found["versionId"])
    outcome = hash_evidence(version, change, wiring())
    logger.info(
        "sheet checked",
        extra={**_ids(version.key), "version_id": version.version_id, "outcome": outcome},
    )
    if outcome in _METRICS:
        count(_METRICS[outcome])
    if outcome is CheckOutcome.STRAY:
        logger.error("tamper note", extra={"note": _note_key(version.key)})
        count("TamperNotes")


def _ids(key: str) -> dict[str, str]:
    """The ids of an object for the log; its file name may hold a person's name and stays out."""
    address = wiring().evidence.address_of(key)
    if address is None:
        return {}
    return {"session_id": address.session_id, "upload_id": address.upload_id}


def _note_key(key: str) -> str:
    evidence = wiring().evidence
    return evidence.stray_note_key(evidence.folder_of(key) or "", key)
