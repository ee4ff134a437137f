"""The variables of a function, with names for tables, bucket, bus and keys that only tests use."""

_ORIGIN_KEY = "alias/training-sessions-origin"
# The functions that write entries of a trail.
_WRITERS = (
    "register_session",
    "upload_evidence",
    "hash_evidence",
    "save_attendance",
    "finalize_session",
    "seal_session",
    "verify_session",
    "register_course",
)

ENVIRONMENT = {
    "SESSIONS_TABLE": "Sessions",
    "COURSES_TABLE": "Courses",
    "COURSE_AUDIT_TABLE": "CourseAudit",
    "RECORDS_TABLE": "Records",
    "COMPLIANCE_TABLE": "Compliance",
    "OUTBOX_TABLE": "Outbox",
    "AUDIT_TABLE": "Audit",
    "SHEETS_TABLE": "Sheets",
    "EVIDENCE_BUCKET": "training-sessions-evidence",
    "EVENT_BUS_NAME": "training-sessions",
    "EVIDENCE_MAX_BYTES": "52428800",
    "EVIDENCE_LINK_SECONDS": "900",
    "RETENTION_YEARS": "10",
    "SIGNING_KEY": "alias/training-sessions",
    "REPORT_KEY": "alias/training-sessions-reports",
    "ORIGIN_KEY": _ORIGIN_KEY,
    # Of no table: the stack of these tests has no streams.
    "WITNESS_MAPPINGS": "",
    "ORIGIN_KEYS": " ".join(f"{writer}={_ORIGIN_KEY}" for writer in _WRITERS),
    "EXPIRING_SOON_DAYS": "30",
    "SEAL_CHECK_DAYS": "90",
    "TIME_STAMP_AUTHORITY_URL": "none",
    "TIME_STAMP_AUTHORITY_ROOT": "none",
    "TIME_STAMPS_SINCE": "2020-01-01",
    "RELEASE": "unknown",
    "RELEASE_PYTHON": "unknown",
    "RELEASE_ARCHITECTURE": "unknown",
    "FUNCTION_SHA256": "unknown",
    "LAYER_SHA256": "unknown",
    "POWERTOOLS_SERVICE_NAME": "training-sessions",
    "POWERTOOLS_METRICS_NAMESPACE": "TrainingSessions",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",
}
