"""The body of PATCH /sessions/{sessionId}/attendance: the spec's `UpdateAttendanceSchema`."""

from typing import Annotated

from pydantic import Field

from shared.contracts.body import Body
from shared.contracts.fields import MARKS_LIMIT, REMARKS_LIMIT, Cuid
from shared.domain.attendance import Mark
from shared.domain.errors import FieldError, InvalidRequest


class MarkBody(Body):
    """One row; remarks may be missing but not null, as in Zod's `optional()`."""

    personnel_id: Cuid
    is_present: bool
    has_passed: bool
    remarks: Annotated[str, Field(max_length=REMARKS_LIMIT)] = ""

    @property
    def mark(self) -> Mark:
        given = "remarks" in self.model_fields_set
        return Mark(
            self.personnel_id, self.is_present, self.has_passed, self.remarks if given else None
        )


class AttendanceBody(Body):
    attendees: Annotated[list[MarkBody], Field(max_length=MARKS_LIMIT)]

    def marks(self) -> list[Mark]:
        """
        The rows as marks.

        Raises:
            InvalidRequest: A person is marked twice, so which mark counts is undefined.
        """
        marks = [row.mark for row in self.attendees]
        first: dict[str, int] = {}
        twice = [
            FieldError(f"/attendees/{index}/personnelId", f"{mark.personnel_id} is marked twice.")
            for index, mark in enumerate(marks)
            if first.setdefault(mark.personnel_id, index) != index
        ]
        if twice:
            raise InvalidRequest("Mark each person once. Nothing was saved.", twice)
        return marks
