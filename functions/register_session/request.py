"""The body of PUT /sessions/{sessionId}."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.contracts.body import Body
from shared.contracts.fields import PEOPLE_LIMIT, Identifier, Line, Moment, RosterCuid, Timezone
from shared.domain.roster import Enrolment
from shared.domain.session import SessionDetails, SessionStatus, Trainer


class TrainerBody(Body):
    id: Line
    name: Line
    qualification: Line | None = None


class EnrolmentBody(Body):
    personnel_id: RosterCuid
    name: Line
    job_title: Line | None = None


class SessionBody(Body):
    """
    A session and its whole roster. Without a status a session stays as it is, and a new one is
    scheduled.
    """

    course_id: Identifier
    title: Line
    status: Literal["SCHEDULED", "IN_PROGRESS", "CANCELLED"] | None = None
    starts_at: Moment
    ends_at: Moment
    timezone: Timezone
    location: Line | None = None
    trainer: TrainerBody
    attendees: Annotated[list[EnrolmentBody], Field(max_length=PEOPLE_LIMIT)]

    @field_validator("ends_at", mode="after")
    @classmethod
    def _ends_after_it_starts(cls, ends_at: datetime, others: ValidationInfo) -> datetime:
        starts_at = others.data.get("starts_at")
        if starts_at is not None and ends_at < starts_at:
            raise PydanticCustomError("order", "endsAt must not be before startsAt")
        return ends_at

    @property
    def wanted_status(self) -> SessionStatus | None:
        return SessionStatus(self.status) if self.status else None

    @property
    def details(self) -> SessionDetails:
        return SessionDetails(
            course_id=self.course_id,
            title=self.title,
            starts_at=self.starts_at.astimezone(UTC),
            ends_at=self.ends_at.astimezone(UTC),
            timezone=self.timezone,
            trainer=Trainer(self.trainer.id, self.trainer.name, self.trainer.qualification),
            location=self.location,
        )

    @property
    def roster(self) -> list[Enrolment]:
        return [Enrolment(a.personnel_id, a.name, a.job_title) for a in self.attendees]
