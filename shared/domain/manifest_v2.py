"""
Version 2 of the manifest: it says on which days the training took place, by which clocks, who was
never marked, and which warnings there were.

Every name is spelled out, so that none follows from a class attribute. Once it is released its
output never changes (docs/decisions/0026).
"""

from collections.abc import Sequence
from datetime import date

from shared.domain.canonical import Json, moment, without_absent
from shared.domain.course import Course
from shared.domain.days import TrainingDays
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
from shared.domain.warning import GateWarning

# The meaning of the signature, which stands beside name and time (21 CFR 11.50).
MEANING = (
    "I attest that the attendance listed here agrees with the signed attendance sheet named here, "
    "and that the records listed here follow from it."
)


def days(details: SessionDetails) -> TrainingDays:
    """The days of a session's records are those on which it took place, in its own time zone."""
    return details.days


def manifest(
    decided: DecidedSession, attendees: Sequence[Attendee], records: Sequence[Record]
) -> dict[str, Json]:
    """
    The whole document.

    *auditHead* is the SHA-256 of the last audit entry before the decision, and so covers all
    entries up to it.
    """
    session, decision = decided.session, decided.decision
    return {
        "manifestVersion": 2,
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
            "warnings": [_warning(warning) for warning in decision.warnings],
            "acknowledged": list(decision.acknowledged),
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
            "firstDay": _day(written.first_day),
            "sessionDate": _day(written.session_date),
            "expiryDate": _day(written.expiry_date),
            "timeZone": written.time_zone,
            "evidenceFileKey": written.evidence_file_key,
            "evidenceFileVersionId": written.evidence_file_version_id,
            "evidenceFileHash": written.evidence_file_hash,
            "remarks": written.remarks,
            "trainer": _trainer(written.trainer),
            "finalizationId": written.finalization_id,
            "finalizedAt": moment(written.finalized_at),
            "finalizedBy": _person(written.finalized_by),
            "manifestSha256": written.manifest_sha256,
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
            "firstDay": _day(details.days.first),
            "lastDay": _day(details.days.last),
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
            "changedAt": moment(course.changed_at) if course.changed_at else None,
            # Not "auditHead": the check of a pack looks for the one of the session by name.
            "trailHead": course.audit_head,
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


def _warning(warning: GateWarning) -> Json:
    return {"slug": warning.slug, "detail": warning.detail, "people": list(warning.people)}


def _attendee(attendee: Attendee) -> Json:
    return without_absent(
        {
            "personnelId": attendee.personnel_id,
            "name": attendee.name,
            "jobTitle": attendee.job_title,
            "isPresent": attendee.is_present,
            "hasPassed": attendee.has_passed,
            "isMarked": attendee.was_marked,
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
        "sessionDate": _day(record.session_date),
        "expiryDate": _day(record.expiry_date),
        "expiryRule": record.expiry_rule,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
