"""
The body of PUT /courses/{courseId}.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from shared.contracts.body import Body
from shared.contracts.fields import Line
from shared.domain.course import Course


def _as_text(version: object) -> object:
    """
    Course modules number versions or name them; here a version is only ever quoted.
    """
    return str(version) if isinstance(version, int) and not isinstance(version, bool) else version


_Version = Annotated[str, Field(min_length=1, max_length=40), BeforeValidator(_as_text)]


class CourseBody(Body):
    """
    A course's rules; a validity that is absent or null means that a pass never expires, a
    retention that is absent or null that evidence is kept as long as in general.
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
            validity_months=self.validity_months,
            retention_years=self.retention_years,
        )
