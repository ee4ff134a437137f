"""The body of PUT /courses/{courseId}."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from shared.contracts.body import Body
from shared.contracts.fields import Line, Name
from shared.domain.course import Course
from shared.domain.validity import Validity


def _as_text(version: object) -> object:
    """The version as text: some course modules send numbers, and here it is only displayed."""
    return str(version) if isinstance(version, int) and not isinstance(version, bool) else version


_Version = Annotated[str, Field(min_length=1, max_length=40), BeforeValidator(_as_text), Name]


class CourseBody(Body):
    """
    A course's rules. Without a validity (absent or null) a pass never expires; without a retention
    evidence is kept for the company's general period.
    """

    title: Line
    requires_verify: bool
    version: _Version | None = None
    validity_months: Annotated[int, Field(ge=1, le=1200)] | None = None
    retention_years: Annotated[int, Field(ge=1, le=100)] | None = None

    def course(self, course_id: str) -> Course:
        return Course(
            course_id=course_id,
            title=self.title,
            requires_verify=self.requires_verify,
            version=self.version,
            validity=Validity(self.validity_months) if self.validity_months else None,
            retention_years=self.retention_years,
        )
