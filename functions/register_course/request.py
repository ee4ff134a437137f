"""
The body of PUT /courses/{courseId}.
"""

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from shared.contracts.body import Body
from shared.contracts.fields import Line
from shared.domain.course import Course

_Version = Annotated[str, Field(min_length=1, max_length=40)] | Annotated[StrictInt, Field(ge=0)]


class CourseBody(Body):
    """
    A course's rules; a validity that is absent or null means that a pass never expires, a
    retention that is absent or null that evidence is kept as long as in general.
    """

    title: Line
    requires_verify: StrictBool
    version: _Version | None = None
    validity_months: Annotated[int, Field(ge=1, le=1200)] | None = None
    retention_years: Annotated[int, Field(ge=1, le=100)] | None = None

    def course(self, course_id: str) -> Course:
        return Course(
            course_id=course_id,
            title=self.title,
            requires_verify=self.requires_verify,
            version=None if self.version is None else str(self.version),
            validity_months=self.validity_months,
            retention_years=self.retention_years,
        )
