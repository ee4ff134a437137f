"""The settings of a function, read from its environment once and checked."""

import base64
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.domain.tampering import Table
from shared.storage.database import Tables

# An optional parameter of the template that was not given.
_NONE = "none"


def _by_name(text: object) -> object:
    """The value of each name, from `name=value` with blanks between."""
    if not isinstance(text, str):
        return text
    return dict(pair.split("=", 1) for pair in text.split())


OriginKeyIds = Annotated[dict[str, str], BeforeValidator(_by_name)]
WitnessMappings = Annotated[dict[Table, str], BeforeValidator(_by_name)]


class Settings(BaseModel):
    """The settings the template gives every function; its role limits which it can use."""

    # The environment holds credentials, and a validation error is logged.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    region: str = Field(alias="AWS_REGION")
    sessions_table: str = Field(alias="SESSIONS_TABLE")
    courses_table: str = Field(alias="COURSES_TABLE")
    course_audit_table: str = Field(alias="COURSE_AUDIT_TABLE")
    records_table: str = Field(alias="RECORDS_TABLE")
    compliance_table: str = Field(alias="COMPLIANCE_TABLE")
    outbox_table: str = Field(alias="OUTBOX_TABLE")
    audit_table: str = Field(alias="AUDIT_TABLE")
    sheets_table: str = Field(alias="SHEETS_TABLE")
    evidence_bucket: str = Field(alias="EVIDENCE_BUCKET")
    evidence_max_bytes: int = Field(alias="EVIDENCE_MAX_BYTES", gt=0)
    evidence_link_seconds: int = Field(alias="EVIDENCE_LINK_SECONDS", gt=0)
    retention_years: int = Field(alias="RETENTION_YEARS", gt=0)
    signing_key: str = Field(alias="SIGNING_KEY")
    report_key: str = Field(alias="REPORT_KEY")
    # Only functions that write entries of a trail have one; only those that check them have all.
    origin_key: str = Field(default="", alias="ORIGIN_KEY")
    origin_keys: OriginKeyIds = Field(default={}, alias="ORIGIN_KEYS")
    # Only the nightly check sees whether the witness follows these tables.
    witness_mappings: WitnessMappings = Field(default={}, alias="WITNESS_MAPPINGS")
    event_bus: str = Field(alias="EVENT_BUS_NAME")
    time_stamp_authority_url: str = Field(alias="TIME_STAMP_AUTHORITY_URL")
    time_stamp_authority_root: str = Field(alias="TIME_STAMP_AUTHORITY_ROOT")
    time_stamps_since: date = Field(alias="TIME_STAMPS_SINCE")
    seal_check_days: int = Field(alias="SEAL_CHECK_DAYS", gt=0)
    expiring_soon_days: int = Field(alias="EXPIRING_SOON_DAYS", ge=0)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """
        The settings in *environment*.

        Raises:
            pydantic.ValidationError: Names every variable that is missing or wrong.
        """
        return cls.model_validate(dict(environment))

    @property
    def has_time_stamp_authority(self) -> bool:
        return self.time_stamp_authority_url != _NONE

    @property
    def time_stamp_roots(self) -> list[bytes]:
        """The root certificates (DER) by which time stamps are trusted: none without authority."""
        if not self.has_time_stamp_authority:
            return []
        return [base64.b64decode(root) for root in self.time_stamp_authority_root.split(",")]

    @property
    def tables(self) -> Tables:
        return Tables(
            sessions=self.sessions_table,
            courses=self.courses_table,
            course_audit=self.course_audit_table,
            records=self.records_table,
            compliance=self.compliance_table,
            outbox=self.outbox_table,
            audit=self.audit_table,
            sheets=self.sheets_table,
        )

    @property
    def witnessed_tables(self) -> dict[Table, str]:
        return {
            Table.SESSIONS: self.sessions_table,
            Table.RECORDS: self.records_table,
            Table.AUDIT: self.audit_table,
            Table.COURSES: self.courses_table,
            Table.COURSE_AUDIT: self.course_audit_table,
        }
