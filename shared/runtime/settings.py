"""
The environment, read once and checked.
"""

import os
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from shared.storage.database import Tables


class Settings(BaseModel):
    """
    What the template sets for every function; what a function may use of it is up to its role.
    """

    # The environment holds credentials, and what is wrong with it is logged.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    region: str = Field(alias="AWS_REGION")
    sessions_table: str = Field(alias="SESSIONS_TABLE")
    courses_table: str = Field(alias="COURSES_TABLE")
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
    event_bus: str = Field(alias="EVENT_BUS_NAME")
    expiring_soon_days: int = Field(alias="EXPIRING_SOON_DAYS", ge=0)

    @property
    def tables(self) -> Tables:
        return Tables(
            sessions=self.sessions_table,
            courses=self.courses_table,
            records=self.records_table,
            compliance=self.compliance_table,
            outbox=self.outbox_table,
            audit=self.audit_table,
            sheets=self.sheets_table,
        )


@cache
def settings() -> Settings:
    """
    The settings of this process.

    Raises:
        pydantic.ValidationError: Naming every variable that is missing or wrong.
    """
    return Settings.model_validate(dict(os.environ))
