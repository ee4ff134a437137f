"""
The tables as PynamoDB models: the attributes of their items and the stored names. There are no
rules here.

Python names equal the domain's, so that `shared.storage.mapping` can copy by name. Table names are
set by `shared.storage.database.connect`, never at import.
"""

from pynamodb.attributes import (
    BooleanAttribute,
    DiscriminatorAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model

from shared.domain.compliance import Colour
from shared.domain.evidence import Rejection, Upload
from shared.domain.people import Person
from shared.domain.records import RecordKind, RecordStatus, Result
from shared.domain.release import Release
from shared.domain.session import Counts, SessionStatus, Trainer
from shared.domain.warning import GateWarning, WarningSlug
from shared.storage.attributes import (
    CourseAttribute,
    DateAttribute,
    EnumAttribute,
    IntegerAttribute,
    LenientTextAttribute,
    ValidityAttribute,
    ValueAttribute,
    ValuesAttribute,
)

SESSION = "SESSION"
ATTENDEE = "ATTENDEE#"
LISTED = [
    # PynamoDB filters each query by this attribute, so the index must project it.
    "kind",
    "title",
    "courseId",
    "startsAt",
    "endsAt",
    "timezone",
    "location",
    "rosterCount",
    "finalizedAt",
    "attendanceUploadId",
    "pendingUpload",
    "rejection",
]


class ByStatus(GlobalSecondaryIndex["SessionItem"]):  # type: ignore[no-untyped-call]
    """Sessions of one status, in the order of their starts."""

    class Meta:
        index_name = "byStatus"
        projection = IncludeProjection(LISTED)

    status = EnumAttribute(SessionStatus, hash_key=True)
    start_order = UnicodeAttribute(range_key=True, attr_name="startOrder")


class SessionPartition(Model):
    """Everything under one session id: one Query reads a whole snapshot."""

    class Meta:
        table_name = "Sessions"

    session_id = UnicodeAttribute(hash_key=True, attr_name="sessionId")
    item = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()


class SessionItem(SessionPartition, discriminator="SESSION"):
    course_id = UnicodeAttribute(attr_name="courseId")
    title = UnicodeAttribute()
    status = EnumAttribute(SessionStatus)
    start_order = UnicodeAttribute(attr_name="startOrder")
    starts_at = UTCDateTimeAttribute(attr_name="startsAt")
    ends_at = UTCDateTimeAttribute(attr_name="endsAt")
    timezone = UnicodeAttribute()
    location = UnicodeAttribute(null=True)
    trainer: ValueAttribute[Trainer] = ValueAttribute(Trainer)
    version = IntegerAttribute()
    audit_head = UnicodeAttribute(attr_name="auditHead")
    roster_count = IntegerAttribute(attr_name="rosterCount")
    attendance_sum = IntegerAttribute(attr_name="attendanceSum")
    roster_bytes = IntegerAttribute(null=True, attr_name="rosterBytes")
    roster_change = UnicodeAttribute(null=True, attr_name="rosterChange")
    attendance_file_key = UnicodeAttribute(null=True, attr_name="attendanceFileKey")
    attendance_file_version_id = UnicodeAttribute(null=True, attr_name="attendanceFileVersionId")
    attendance_file_hash = UnicodeAttribute(null=True, attr_name="attendanceFileHash")
    attendance_file_type = UnicodeAttribute(null=True, attr_name="attendanceFileType")
    attendance_file_size = IntegerAttribute(null=True, attr_name="attendanceFileSize")
    attendance_file_name = UnicodeAttribute(null=True, attr_name="attendanceFileName")
    attendance_upload_id = UnicodeAttribute(null=True, attr_name="attendanceUploadId")
    attendance_uploaded_at = UTCDateTimeAttribute(null=True, attr_name="attendanceUploadedAt")
    attendance_uploaded_by: ValueAttribute[Person] = ValueAttribute(
        Person, null=True, attr_name="attendanceUploadedBy"
    )
    attendance_file_ends_early = BooleanAttribute(null=True, attr_name="attendanceFileEndsEarly")
    pending: ValueAttribute[Upload] = ValueAttribute(Upload, null=True, attr_name="pendingUpload")
    rejection: ValueAttribute[Rejection] = ValueAttribute(Rejection, null=True)
    finalization_id = UnicodeAttribute(null=True, attr_name="finalizationId")
    finalized_at = UTCDateTimeAttribute(null=True, attr_name="finalizedAt")
    finalized_by: ValueAttribute[Person] = ValueAttribute(
        Person, null=True, attr_name="finalizedBy"
    )
    course_as_finalized = CourseAttribute(null=True, attr_name="courseAsFinalized")
    counts: ValueAttribute[Counts] = ValueAttribute(Counts, null=True)
    request_key = UnicodeAttribute(null=True, attr_name="requestKey")
    request_id = UnicodeAttribute(null=True, attr_name="finalizationRequestId")
    decided_on = UnicodeAttribute(null=True, attr_name="finalizationAuditHead")
    manifest_sha256 = UnicodeAttribute(null=True, attr_name="manifestSha256")
    manifest_version = IntegerAttribute(null=True, attr_name="manifestVersion")
    warnings: ValuesAttribute[GateWarning] = ValuesAttribute(GateWarning, null=True)
    acknowledged: ValuesAttribute[WarningSlug] = ValuesAttribute(WarningSlug, null=True)
    release: ValueAttribute[Release] = ValueAttribute(Release, null=True)

    by_status = ByStatus()


class AttendeeItem(SessionPartition, discriminator="ATTENDEE"):
    personnel_id = UnicodeAttribute(attr_name="personnelId")
    name = UnicodeAttribute()
    job_title = UnicodeAttribute(null=True, attr_name="jobTitle")
    is_present = BooleanAttribute(attr_name="isPresent")
    has_passed = BooleanAttribute(attr_name="hasPassed")
    remarks = UnicodeAttribute(null=True)
    revision = IntegerAttribute()
    is_marked = BooleanAttribute(null=True, attr_name="isMarked")


class CourseItem(Model):
    class Meta:
        table_name = "Courses"

    course_id = UnicodeAttribute(hash_key=True, attr_name="courseId")
    title = UnicodeAttribute()
    version = UnicodeAttribute(null=True)
    requires_verify = BooleanAttribute(attr_name="requiresVerify")
    validity = ValidityAttribute(null=True, attr_name="validityMonths")
    retention_years = IntegerAttribute(null=True, attr_name="retentionYears")
    revision = IntegerAttribute()
    changed_at = UTCDateTimeAttribute(null=True, attr_name="changedAt")
    audit_head = UnicodeAttribute(null=True, attr_name="auditHead")


class CourseAuditItem(Model):
    class Meta:
        table_name = "CourseAudit"

    course_id = UnicodeAttribute(hash_key=True, attr_name="courseId")
    sequence = IntegerAttribute(range_key=True)
    content = UnicodeAttribute()
    sha256 = UnicodeAttribute()
    origin = UnicodeAttribute(null=True)


class RecordItem(Model):
    class Meta:
        table_name = "Records"

    personnel_id = UnicodeAttribute(hash_key=True, attr_name="personnelId")
    record_id = UnicodeAttribute(range_key=True, attr_name="recordId")
    kind = EnumAttribute(RecordKind)
    person_name = UnicodeAttribute(attr_name="personName")
    job_title = UnicodeAttribute(null=True, attr_name="jobTitle")
    session_id = UnicodeAttribute(attr_name="sessionId")
    course_id = UnicodeAttribute(attr_name="courseId")
    course_title = UnicodeAttribute(attr_name="courseTitle")
    course_version = UnicodeAttribute(null=True, attr_name="courseVersion")
    validity = ValidityAttribute(null=True, attr_name="validityMonths")
    result = EnumAttribute(Result)
    status = EnumAttribute(RecordStatus)
    session_date = DateAttribute(attr_name="sessionDate")
    expiry_date = DateAttribute(null=True, attr_name="expiryDate")
    first_day = DateAttribute(null=True, attr_name="firstDay")
    time_zone = UnicodeAttribute(null=True, attr_name="timeZone")
    evidence_file_key = UnicodeAttribute(attr_name="evidenceFileKey")
    evidence_file_version_id = UnicodeAttribute(attr_name="evidenceFileVersionId")
    evidence_file_hash = UnicodeAttribute(attr_name="evidenceFileHash")
    remarks = UnicodeAttribute(null=True)
    trainer: ValueAttribute[Trainer] = ValueAttribute(Trainer)
    finalization_id = UnicodeAttribute(attr_name="finalizationId")
    finalized_at = UTCDateTimeAttribute(attr_name="finalizedAt")
    finalized_by: ValueAttribute[Person] = ValueAttribute(Person, attr_name="finalizedBy")
    manifest_sha256 = UnicodeAttribute(attr_name="manifestSha256")


class AuditItem(Model):
    class Meta:
        table_name = "Audit"

    session_id = UnicodeAttribute(hash_key=True, attr_name="sessionId")
    sequence = IntegerAttribute(range_key=True)
    content = UnicodeAttribute()
    sha256 = UnicodeAttribute()
    origin = UnicodeAttribute(null=True)


class SheetUseItem(Model):
    class Meta:
        table_name = "Sheets"

    sha256 = UnicodeAttribute(hash_key=True)
    session_id = UnicodeAttribute(range_key=True, attr_name="sessionId")


class ComplianceItem(Model):
    class Meta:
        table_name = "Compliance"

    personnel_id = UnicodeAttribute(hash_key=True, attr_name="personnelId")
    course_id = UnicodeAttribute(range_key=True, attr_name="courseId")
    status = EnumAttribute(Colour)
    based_on = UnicodeAttribute(null=True, attr_name="basedOn")
    expiry_date = DateAttribute(null=True, attr_name="expiryDate")
    changes_at = UTCDateTimeAttribute(null=True, attr_name="changesAt")
    calculated_at = UTCDateTimeAttribute(attr_name="calculatedAt")
    revision = IntegerAttribute()


class OutboxItem(Model):
    class Meta:
        table_name = "Outbox"

    shard = UnicodeAttribute(hash_key=True)
    due = UnicodeAttribute(range_key=True)
    session_id = LenientTextAttribute(attr_name="sessionId")
