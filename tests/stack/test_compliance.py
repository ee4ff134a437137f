"""GET /personnel/{personnelId}/compliance: who is covered, today and on any other day."""

from datetime import datetime

import httpx
import pytest

from testing.api import (
    a_finalized_session,
    a_session_to_finalize,
    calculated,
    marks,
    records,
    standing,
)
from testing.waiting import wait_until
from tests.stack.operator import Operator

pytestmark = [pytest.mark.stack, pytest.mark.dynamodb]


def test_finalizing_recalculates_everyone_on_the_roster(
    auditor: httpx.Client, admin: httpx.Client
) -> None:
    """
    A pass is GREEN; a failure and an absence are RED, and that is calculated too
    (DESIGN §5.9).
    """
    session = a_session_to_finalize(admin)
    passed, failed, absent = session.people
    admin.patch(session.attendance, json=marks(session, [absent], [failed])).raise_for_status()
    admin.post(session.finalize).raise_for_status()

    found = {person: calculated(auditor, person, session) for person in session.people}

    assert {person: it["status"] for person, it in found.items()} == {
        passed: "GREEN",
        failed: "RED",
        absent: "RED",
    }
    record = records(admin, session)[passed]
    assert found[passed]["basedOn"] == record["recordId"]
    assert found[passed]["expiryDate"] == record["expiryDate"]
    finalized_at = datetime.fromisoformat(record["finalizedAt"])
    assert all(datetime.fromisoformat(it["calculatedAt"]) > finalized_at for it in found.values())


def test_a_record_deleted_by_hand_takes_compliance_with_it(
    auditor: httpx.Client, admin: httpx.Client, operator: Operator
) -> None:
    """
    There is no un-finalize; a record that an admin deletes by hand no longer counts
    (DESIGN §5.8).
    """
    session = a_finalized_session(admin, people=2)
    gone, stays = session.people
    assert calculated(auditor, gone, session)["status"] == "GREEN"

    operator.delete_record(session, gone)

    wait_until(
        f"the stored standing of {gone} to turn RED",
        lambda: operator.standing(session, gone).get("status") == {"S": "RED"},
    )
    assert standing(auditor, gone, session)["status"] == "RED"
    assert standing(auditor, stays, session)["status"] == "GREEN"
