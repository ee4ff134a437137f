"""
Version 1 of the manifest. Its output never changes, because records are proved by it years later.

Every name is spelled out, so that none follows from a class attribute. A manifest that says more,
or says it in another way, is a new version beside this one (docs/decisions/0026).
"""

from collections.abc import Sequence

from shared.domain.canonical import Json, moment, without_absent
from shared.domain.course import Course
from shared.domain.days import TrainingDays, local_day
from shared.domain.evidence import Sheet
from shared.domain.people import Person
from shared.domain.records import Record
from shared.domain.session import (
    Attendee,
    Counts,
    DecidedSession,
    SessionDetails,
    Trainer,
)
from shared.domain.validity import Validity

# The meaning of the signature, which stands beside name and time (21 CFR 11.50).
MEANING = (
    "I attest that the attendance listed here agrees with the signed attendance sheet named here, "
    "and that the records listed here follow from it."
)


def days(details: SessionDetails) -> TrainingDays:
    """The date of a session's records is the day on which it ended, even if that was midnight."""
    return TrainingDays(local_day(details.ends_at, details.timezone))


def manifest(
    decided: DecidedSession, attendees: Sequence[Attendee], records: Sequence[Record]
) -> Json:
    """
    The whole document.

    *auditHead* is the SHA-256 of the last audit entry before the decision, and so covers all
    entries up to it.
    """
    session, decision = decided.session, decided.decision
    return {
        "manifestVersion": 1,
        "sessionId": session.session_id,
        "session": _details(session.details),
        "course": _course(decision.course),
        "evidence": _sheet(decided.sheet),
        "auditHead": decision.audit_head,
        "finalization": {
            "finalizationId": decision.finalization_id,
            "finalizedAt": moment(decision.finalized_at),
            "finalizedBy": _person(decision.finalized_by),
            "meaning": MEANING,
            "counts": _counts(decision.counts),
        },
        "attendees": [_attendee(one) for one in sorted(attendees, key=lambda a: a.personnel_id)],
        "records": [_listed(record) for record in sorted(records, key=lambda r: r.personnel_id)],
    }


def record(written: Record) -> Json:
    """The content of a record in this version, to compare with what is stored."""
    return without_absent(
        {
            "recordId": written.record_id,
            "kind": written.kind,
            "personnelId": written.personnel_id,
            "personName": written.person_name,
            "jobTitle": written.job_title,
            "sessionId": written.session_id,
            "courseId": written.course_id,
            "courseTitle": written.course_title,
            "courseVersion": written.course_version,
            "validityMonths": _months(written.validity),
            "result": written.result,
            "status": written.status,
            "sessionDate": written.session_date.isoformat(),
            "expiryDate": _expiry_date(written),
            "evidenceFileKey": written.evidence_file_key,
            "evidenceFileVersionId": written.evidence_file_version_id,
            "evidenceFileHash": written.evidence_file_hash,
            "remarks": written.remarks,
            "trainer": _trainer(written.trainer),
            "finalizationId": written.finalization_id,
            "finalizedAt": moment(written.finalized_at),
            "finalizedBy": _person(written.finalized_by),
            "manifestSha256": written.manifest_sha256,
            # Records of this version have neither; one that was given them was changed.
            "firstDay": None if written.first_day is None else written.first_day.isoformat(),
            "timeZone": written.time_zone,
        }
    )


def _details(details: SessionDetails) -> Json:
    return without_absent(
        {
            "courseId": details.course_id,
            "title": details.title,
            "startsAt": moment(details.starts_at),
            "endsAt": moment(details.ends_at),
            "timezone": details.timezone,
            "trainer": _trainer(details.trainer),
            "location": details.location,
        }
    )


def _trainer(trainer: Trainer) -> Json:
    return without_absent(
        {"id": trainer.id, "name": trainer.name, "qualification": trainer.qualification}
    )


def _course(course: Course) -> Json:
    return without_absent(
        {
            "courseId": course.course_id,
            "title": course.title,
            "requiresVerify": course.requires_verify,
            "version": course.version,
            "validityMonths": _months(course.validity),
            "retentionYears": course.retention_years,
            "revision": course.revision,
        }
    )


def _months(validity: Validity | None) -> int | None:
    return validity.months if validity else None


def _sheet(sheet: Sheet) -> Json:
    return {
        "uploadId": sheet.upload_id,
        "key": sheet.key,
        "versionId": sheet.version_id,
        "sha256": sheet.sha256,
        "contentType": sheet.content_type,
        "sizeBytes": sheet.size_bytes,
        "fileName": sheet.file_name,
        "uploadedAt": moment(sheet.uploaded_at),
        "uploadedBy": _person(sheet.uploaded_by),
    }


def _person(person: Person) -> Json:
    return {"id": person.id, "name": person.name}


def _counts(counts: Counts) -> Json:
    return {
        "trainingRecords": counts.training_records,
        "competencyRecords": counts.competency_records,
        "passed": counts.passed,
        "failed": counts.failed,
        "absent": counts.absent,
    }


def _attendee(attendee: Attendee) -> Json:
    return without_absent(
        {
            "personnelId": attendee.personnel_id,
            "name": attendee.name,
            "jobTitle": attendee.job_title,
            "isPresent": attendee.is_present,
            "hasPassed": attendee.has_passed,
            "remarks": attendee.remarks,
            "revision": attendee.revision,
        }
    )


def _listed(record: Record) -> Json:
    """
    The fields in which records of a session differ; the others stand once, above. Here no expiry
    is written as null.
    """
    return {
        "recordId": record.record_id,
        "personnelId": record.personnel_id,
        "kind": record.kind,
        "result": record.result,
        "status": record.status,
        "sessionDate": record.session_date.isoformat(),
        "expiryDate": _expiry_date(record),
        "expiryRule": record.expiry_rule,
    }


def _expiry_date(record: Record) -> str | None:
    return None if record.expiry_date is None else record.expiry_date.isoformat()
