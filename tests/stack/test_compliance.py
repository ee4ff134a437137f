"""GET /personnel/{personnelId}/compliance: who may do the work, today and on any other day."""

from datetime import date, datetime

import httpx
import pytest

from tests.stack.backstage import Backstage
from tests.stack.problems import INVALID, problem
from tests.stack.story import (
    Session,
    a_course,
    a_finalized_session,
    a_roster,
    a_session_to_finalize,
    calculated,
    marks,
    records,
    standing,
)
from tests.stack.waiting import wait_until

pytestmark = pytest.mark.stack

LONG_AGO = "2025-01-01T07:00:00Z"


@pytest.fixture(scope="module")
def last_year(admin: httpx.Client) -> Session:
    """A session of one person, on 15 March 2025; a pass is valid through 15 March 2026."""
    return a_finalized_session(
        admin,
        a_course(admin, validityMonths=12),
        people=1,
        startsAt="2025-03-15T07:00:00Z",
        endsAt="2025-03-15T15:00:00Z",
    )


def test_finalizing_recalculates_everybody_on_the_roster(
    auditor: httpx.Client, admin: httpx.Client
) -> None:
    """
    A pass turns GREEN; a failure and an absence are RED, and that is calculated too (DESIGN §5.9).
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


def test_a_pending_competency_grants_nothing(auditor: httpx.Client, admin: httpx.Client) -> None:
    """
    Until a verifier has signed off nobody is covered, passed or not.
    """
    session = a_finalized_session(admin, a_course(admin, requiresVerify=True), people=1)

    found = calculated(auditor, session.people[0], session)

    assert found["status"] == "RED"
    assert "basedOn" not in found


@pytest.mark.parametrize(
    ("day", "colour"),
    [
        ("2025-03-14", "RED"),
        ("2025-03-15", "GREEN"),
        ("2026-02-12", "GREEN"),
        ("2026-02-13", "AMBER"),
        ("2026-03-15", "AMBER"),
        ("2026-03-16", "RED"),
        ("9999-12-31", "RED"),
        ("0001-01-01", "RED"),
    ],
)
def test_the_colour_is_a_matter_of_the_day(
    day: str, colour: str, auditor: httpx.Client, last_year: Session
) -> None:
    """
    GREEN from the session's day, AMBER in the last 30 days, through the expiry date, else RED.
    """
    found = standing(auditor, last_year.people[0], last_year, day)

    assert found["status"] == colour


def test_a_pass_without_expiry_stays_green(auditor: httpx.Client, admin: httpx.Client) -> None:
    """
    A course without validity never runs out.
    """
    session = a_finalized_session(admin, a_course(admin, validityMonths=None), people=1)

    found = standing(auditor, session.people[0], session, "9999-12-31")

    assert found["status"] == "GREEN"
    assert "expiryDate" not in found


def test_of_two_passes_the_one_that_lasts_longer_counts(
    auditor: httpx.Client, admin: httpx.Client
) -> None:
    """
    A refresher extends what the first training granted.
    """
    first = a_finalized_session(admin, people=1, endsAt="2026-05-01T15:00:00Z", startsAt=LONG_AGO)
    (person,) = first.people
    second = a_finalized_session(
        admin, attendees=first.plan["attendees"], endsAt="2026-08-01T15:00:00Z", startsAt=LONG_AGO
    )

    found = standing(auditor, person, second, "2027-06-01")

    assert (found["status"], found["expiryDate"]) == ("GREEN", "2027-08-01")
    assert found["basedOn"] == records(admin, second)[person]["recordId"]


def test_today_is_meant_if_no_day_is_named(auditor: httpx.Client, last_year: Session) -> None:
    """
    Without asOf the answer is for today, and says so.
    """
    person = last_year.people[0]

    answer = auditor.get(f"/personnel/{person}/compliance").json()

    assert answer["personnelId"] == person
    assert abs(date.fromisoformat(answer["asOf"]) - date.today()).days <= 1  # noqa: DTZ011 - either side of midnight


def test_nothing_is_known_of_somebody_who_was_never_on_a_roster(auditor: httpx.Client) -> None:
    """
    A stranger has no standing in anything, which is an answer and no error.
    """
    (person,) = a_roster(1)

    response = auditor.get(f"/personnel/{person['personnelId']}/compliance")

    assert response.status_code == 200
    assert response.json()["items"] == []


@pytest.mark.parametrize(
    "day", ["yesterday", "2026-02-30", "2026-2-3", "20260203", "", "10000-01-01"]
)
def test_a_day_that_is_none_is_refused(day: str, auditor: httpx.Client, last_year: Session) -> None:
    """
    A day is written as YYYY-MM-DD and is in the calendar.
    """
    person = last_year.people[0]

    response = auditor.get(f"/personnel/{person}/compliance", params={"asOf": day})

    assert problem(response) == INVALID


@pytest.mark.parametrize("person", ["frank", "c-with-hyphens", "c" * 256])
def test_a_person_who_is_none_is_refused(person: str, auditor: httpx.Client) -> None:
    """
    People go by their cuid.
    """
    response = auditor.get(f"/personnel/{person}/compliance")

    assert problem(response) == INVALID


def test_a_record_deleted_by_hand_takes_compliance_with_it(
    auditor: httpx.Client, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    There is no un-finalize; an admin who deletes a record by hand is followed (DESIGN §5.8).
    """
    session = a_finalized_session(admin, people=2)
    gone, stays = session.people
    assert calculated(auditor, gone, session)["status"] == "GREEN"

    backstage.delete_record(session, gone)

    wait_until(
        f"the stored standing of {gone} to turn RED",
        lambda: backstage.standing(session, gone).get("status") == {"S": "RED"},
    )
    assert standing(auditor, gone, session)["status"] == "RED"
    assert standing(auditor, stays, session)["status"] == "GREEN"
