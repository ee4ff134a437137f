// Written by `make format` from shared/contracts. What is null is left out of an answer.

export interface AttendeeResponse {
  personnelId: string;
  name: string;
  jobTitle?: string;
  isPresent: boolean;
  hasPassed: boolean;
  isMarked: boolean;
  remarks?: string;
}

export interface AuditEntryResponse {
  sequence: number;
  action: "REGISTERED" | "ATTENDANCE_SAVED" | "SHEET_ANNOUNCED" | "SHEET_WITHDRAWN" | "SHEET_ACCEPTED" | "SHEET_REJECTED" | "SHEET_LATE" | "FINALIZED" | "SIGNED" | "VERIFIED";
  at: string;
  by: PersonResponse;
  requestId: string;
  changes: FieldChangeResponse[];
  previous: string;
  sha256: string;
  release?: string;
}

export interface AuditTrailPage {
  items: AuditEntryResponse[];
  nextCursor?: string;
}

export interface CheckResponse {
  subject: "SHEET" | "MANIFEST" | "SIGNATURE" | "SESSION" | "RECORDS" | "AUDIT_TRAIL" | "SEAL" | "WITNESS" | "TIME_STAMP";
  intact: boolean;
  faultCount: number;
  faults: string[];
  notes?: string[];
}

export interface ComplianceResponse {
  personnelId: string;
  asOf: string;
  judgedAt?: string;
  items: StandingResponse[];
}

export interface CountsResponse {
  trainingRecords: number;
  competencyRecords: number;
  passed: number;
  failed: number;
  absent: number;
}

export interface CourseResponse {
  courseId: string;
  title: string;
  version?: string;
  requiresVerify: boolean;
  validityMonths?: number;
  retentionYears?: number;
}

export interface EvidenceResponse {
  state: "NONE" | "PENDING" | "ACCEPTED" | "REJECTED";
  fileName?: string;
  attendanceFileKey?: string;
  attendanceFileVersionId?: string;
  attendanceFileHash?: string;
  contentType?: string;
  sizeBytes?: number;
  uploadedAt?: string;
  uploadedBy?: PersonResponse;
  reason?: string;
  endsEarly?: boolean;
  alsoUsedBy?: string[];
}

export interface FieldChangeResponse {
  subject: string;
  field: string;
  old?: string | number | boolean;
  new?: string | number | boolean;
}

export interface FinalizationResponse {
  allowed: boolean;
  blockers: string[];
  warnings: WarningResponse[];
  acknowledged?: ("nobody-marked" | "people-unmarked" | "absent-but-failed" | "sheet-ends-early" | "sheet-used-elsewhere" | "already-expired" | "course-changed")[];
  preview: CountsResponse;
  sessionDate: string;
  expiryDate?: string;
  attestation?: string;
  progress?: ProgressResponse;
  finalizedAt?: string;
  finalizedBy?: PersonResponse;
  release?: string;
}

export interface FinalizedResponse {
  trainingRecords: number;
  competencyRecords: number;
  passed: number;
  failed: number;
  absent: number;
  sessionId: string;
  status: "SCHEDULED" | "IN_PROGRESS" | "FINALIZING" | "COMPLETED" | "CANCELLED";
  finalizedAt: string;
  finalizedBy: PersonResponse;
}

export interface PackLink {
  url: string;
  expiresAt: string;
  sha256: string;
  manifestSha256: string;
}

export interface PersonResponse {
  id: string;
  name: string;
}

export interface ProgressResponse {
  written: number;
  total: number;
}

export interface RecordPage {
  items: RecordResponse[];
  missing?: string[];
  nextCursor?: string;
}

export interface RecordResponse {
  recordId: string;
  kind: "TRAINING" | "COMPETENCY";
  personnelId: string;
  personName: string;
  jobTitle?: string;
  courseId: string;
  courseTitle: string;
  courseVersion?: string;
  sessionId: string;
  result: "PASSED" | "FAILED";
  status: "PASSED" | "FAILED" | "PENDING_VERIFICATION" | "VERIFIED" | "REJECTED";
  firstDay?: string;
  sessionDate: string;
  expiryDate?: string;
  expiryRule: string;
  timeZone?: string;
  evidenceFileKey: string;
  evidenceFileVersionId: string;
  evidenceFileHash: string;
  remarks?: string;
  trainer: TrainerResponse;
  finalizedAt: string;
  finalizedBy: PersonResponse;
}

export interface RegisteredResponse {
  sessionId: string;
  status: "SCHEDULED" | "IN_PROGRESS" | "FINALIZING" | "COMPLETED" | "CANCELLED";
  rosterCount: number;
  version: number;
}

export interface SavedResponse {
  updated: number;
  version: number;
}

export interface SessionLine {
  sessionId: string;
  title: string;
  status: "SCHEDULED" | "IN_PROGRESS" | "FINALIZING" | "COMPLETED" | "CANCELLED";
  courseId: string;
  startsAt: string;
  endsAt: string;
  timezone: string;
  location?: string;
  rosterCount: number;
  finalizedAt?: string;
  evidenceState: "NONE" | "PENDING" | "ACCEPTED" | "REJECTED";
}

export interface SessionPage {
  items: SessionLine[];
  nextCursor?: string;
}

export interface SessionResponse {
  sessionId: string;
  title: string;
  status: "SCHEDULED" | "IN_PROGRESS" | "FINALIZING" | "COMPLETED" | "CANCELLED";
  startsAt: string;
  endsAt: string;
  timezone: string;
  location?: string;
  trainer: TrainerResponse;
  course: CourseResponse;
  evidence: EvidenceResponse;
  attendees: AttendeeResponse[];
  finalization: FinalizationResponse;
  version: number;
  nextCursor?: string;
}

export interface SheetLink {
  url: string;
  expiresAt: string;
  fileName: string;
  attendanceFileKey: string;
  attendanceFileVersionId: string;
  attendanceFileHash: string;
  contentType: string;
  sizeBytes: number;
}

export interface StandingResponse {
  courseId: string;
  status: "GREEN" | "AMBER" | "RED";
  expiryDate?: string;
  changesAt?: string;
  basedOn?: string;
  calculatedAt?: string;
  records: RecordResponse[];
  olderRecords?: number;
}

export interface TrainerResponse {
  id: string;
  name: string;
  qualification?: string;
}

export interface UploadPermission {
  uploadId: string;
  attendanceFileKey: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  expiresAt: string;
}

export interface UploadReceived {
  uploadId: string;
  attendanceFileKey: string;
  state: "NONE" | "PENDING" | "ACCEPTED" | "REJECTED";
}

export interface VerificationResponse {
  sessionId: string;
  finalizationId: string;
  manifestSha256: string;
  verifiedAt: string;
  intact: boolean;
  checks: CheckResponse[];
}

export interface WarningResponse {
  slug: "nobody-marked" | "people-unmarked" | "absent-but-failed" | "sheet-ends-early" | "sheet-used-elsewhere" | "already-expired" | "course-changed";
  detail: string;
  people?: string[];
}
