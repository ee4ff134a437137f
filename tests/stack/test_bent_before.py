"""
Somebody with all rights on the tables bends an open session without an entry of its trail; then an
admin, who knows nothing of it, finalizes.
"""

from collections.abc import Callable, Mapping

import httpx
import pytest

from testing.api import Session, a_course, a_session_to_finalize, records
from testing.waiting import wait_for
from tests.stack.operator import Item, Operator
from tests.stack.test_evidence_chain import faults, sealed

pytestmark = [pytest.mark.stack, pytest.mark.torture]


def rename_a_row(operator: Operator, session: Session) -> None:
    """Delete a person's row and put it back under the same revision, with another name."""
    row = next(row for row in operator.rows(session) if "personnelId" in row)
    operator.delete(operator.stack.tables.sessions, row, "sessionId", "item")
    operator.put(operator.stack.tables.sessions, {**row, "name": {"S": "Somebody Else"}})


def bend_the_course(operator: Operator, session: Session) -> None:
    """Give the course other rules for the minute of the decision."""
    course = operator.course(session.course_id)
    number = str(int(course["revision"]["N"]) + 1)
    bent: Mapping[str, Item] = {
        "validityMonths": {"N": "1200"},
        "revision": {"N": number},
        "auditHead": {"S": "f" * 64},
    }
    operator.put(operator.stack.tables.courses, {**course, **bent})


@pytest.mark.parametrize("bend", [rename_a_row, bend_the_course])
def test_what_was_bent_before_the_decision_is_signed_by_nobody(
    bend: Callable[[Operator, Session], None], admin: httpx.Client, operator: Operator
) -> None:
    """The sealer finds that the trail tells otherwise, says so, and stores nothing."""
    session = a_session_to_finalize(admin, course_id=a_course(admin))
    bend(operator, session)

    admin.post(session.finalize).raise_for_status()

    def refused() -> bool | None:
        lines = operator.lines("seal_session", session.session_id)
        return any("TrailDiffers" in str(line) for line in lines) or None

    wait_for(f"the refusal to seal {session.session_id}", refused)
    seals = operator.s3.list_object_versions(
        Bucket=operator.stack.bucket, Prefix=f"seals/{session.session_id}/"
    )
    assert "Versions" not in seals


def test_copy_of_a_session_beside_it_is_taken_for_nothing(
    admin: httpx.Client, operator: Operator
) -> None:
    """Its title would come first in the partition; the session keeps its own, and is intact."""
    session = a_session_to_finalize(admin)
    title = admin.get(session.path).json()["title"]
    decoy = {**operator.own_row(session), "item": {"S": "0"}, "title": {"S": "Crane operator"}}
    operator.put(operator.stack.tables.sessions, decoy)

    admin.post(session.finalize).raise_for_status()

    assert faults(admin, sealed(admin, session)) == {}
    assert admin.get(session.path).json()["title"] == title
    assert records(admin, session).keys() == set(session.people)
