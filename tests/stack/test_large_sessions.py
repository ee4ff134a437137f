"""Rosters too large for one transaction: planned, drafted and viewed."""

import httpx
import pytest

from testing.api import (
    Session,
    a_course,
    a_plan,
    a_roster,
    a_session,
    fresh,
    grid,
    mark,
    marks,
    seen,
)
from tests.stack.operator import Operator

pytestmark = [pytest.mark.stack, pytest.mark.dynamodb]


@pytest.mark.parametrize("size", [250, 1000])
def test_a_large_roster_is_planned_drafted_and_shown(size: int, admin: httpx.Client) -> None:
    """With any number of transactions, everyone is on the grid, with the mark they were given."""
    session = Session(fresh("session"), a_plan(a_course(admin), people=size))

    planned = admin.put(session.path, json=session.plan)
    drafted = admin.patch(session.attendance, json=marks(session, failed=session.people[::2]))

    assert (planned.status_code, planned.json()["rosterCount"]) == (201, size)
    assert (drafted.status_code, drafted.json()["updated"]) == (200, size)
    assert [
        (row["personnelId"], row["isPresent"], row["hasPassed"])
        for row in seen(admin, session)["attendees"]
    ] == [(person, True, place % 2 == 1) for place, person in enumerate(session.people)]


def test_a_large_roster_is_replaced(admin: httpx.Client) -> None:
    """Half of it leaves, others join, and those who stay keep their marks."""
    session = a_session(admin, people=250)
    admin.patch(session.attendance, json=marks(session)).raise_for_status()
    staying, joining = session.plan["attendees"][:125], a_roster(125)

    response = admin.put(session.path, json=session.plan | {"attendees": [*staying, *joining]})

    assert (response.status_code, response.json()["rosterCount"]) == (200, 250)
    rows = {row["personnelId"]: row["isPresent"] for row in seen(admin, session)["attendees"]}
    assert rows == {person["personnelId"]: True for person in staying} | {
        person["personnelId"]: False for person in joining
    }


def test_a_stranger_in_a_large_draft_stops_all_of_it(
    admin: httpx.Client, operator: Operator
) -> None:
    """A list of several transactions is checked as a whole before the first is written."""
    session = a_session(admin, people=250)
    (stranger,) = a_roster(1)
    before = operator.rows(session)

    response = admin.patch(
        session.attendance,
        json=grid(*marks(session)["attendees"], mark(stranger["personnelId"])),
    )

    assert response.status_code == 400
    assert operator.rows(session) == before
