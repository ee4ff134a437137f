"""PUT /sessions/{sessionId}: a session, its details and its whole roster."""

import httpx
import pytest

from tests.stack.backstage import Backstage
from tests.stack.problems import INVALID, STALE_VIEW, pointers, problem
from tests.stack.story import (
    Json,
    Session,
    a_plan,
    a_roster,
    a_session,
    a_session_to_finalize,
    etag,
    fresh,
    seen,
    the_course,
)

pytestmark = pytest.mark.stack


def test_a_new_session_is_created(admin: httpx.Client) -> None:
    """
    A session that was not there is created, and is scheduled unless the plan says otherwise.
    """
    session = Session(fresh("session"), a_plan(the_course(admin), people=2))

    response = admin.put(session.path, json=session.plan)

    assert response.status_code == 201
    assert response.headers["ETag"] == etag(admin, session)["If-Match"]
    assert response.json() == {
        "sessionId": session.session_id,
        "status": "SCHEDULED",
        "rosterCount": 2,
        "version": 1,
    }


def test_everybody_is_absent_and_passed_at_first(admin: httpx.Client) -> None:
    """
    Until somebody says otherwise nobody was there, and whoever was there passed (spec §2).
    """
    session = a_session(admin)

    grid = seen(admin, session)["attendees"]

    assert [row["personnelId"] for row in grid] == session.people
    assert {(row["isPresent"], row["hasPassed"]) for row in grid} == {(False, True)}
    assert not any("remarks" in row for row in grid)


def test_a_replaced_session_keeps_the_marks_of_those_who_stay(admin: httpx.Client) -> None:
    """
    A full replacement changes who is on the roster, not what was noted about whoever stays.
    """
    session = a_session_to_finalize(admin)
    leaver, *stayers = session.plan["attendees"]
    (joiner,) = a_roster(1)

    response = admin.put(session.path, json=session.plan | {"attendees": [*stayers, joiner]})

    assert response.status_code == 200
    grid = {row["personnelId"]: row["isPresent"] for row in seen(admin, session)["attendees"]}
    assert grid == {
        stayers[0]["personnelId"]: True,
        stayers[1]["personnelId"]: True,
        joiner["personnelId"]: False,
    }
    assert leaver["personnelId"] not in grid


def test_a_replaced_session_has_its_new_details(admin: httpx.Client) -> None:
    """
    Every detail is as the last PUT says; what it leaves out is gone.
    """
    session = a_session(admin)
    plan = session.plan | {"title": "Moved indoors", "status": "IN_PROGRESS"}
    plan.pop("location")

    admin.put(session.path, json=plan)

    view = seen(admin, session)
    assert (view["title"], view["status"]) == ("Moved indoors", "IN_PROGRESS")
    assert "location" not in view


def test_a_replacement_without_a_status_leaves_the_status(admin: httpx.Client) -> None:
    """
    A plan that says nothing about the status does not bring a cancelled session back.
    """
    session = a_session(admin, status="CANCELLED")
    plan = {name: value for name, value in session.plan.items() if name != "status"}

    response = admin.put(session.path, json=plan)

    assert response.json()["status"] == "CANCELLED"


def test_a_replacement_of_the_view_it_names_is_accepted(admin: httpx.Client) -> None:
    """
    If-Match with the ETag that was shown last lets the change through.
    """
    session = a_session(admin)

    response = admin.put(session.path, json=session.plan, headers=etag(admin, session))

    assert response.status_code == 200


@pytest.mark.parametrize("view", ['"1.1"', '"999"', "nonsense", '""'])
def test_a_replacement_of_a_stale_view_is_refused(
    view: str, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    Whoever decided on an outdated view, or on none of ours, gets 412 and changes nothing.
    """
    session = a_session(admin)
    admin.put(session.path, json=session.plan | {"title": "Changed meanwhile"})
    before = backstage.state(session)

    response = admin.put(session.path, json=session.plan, headers={"If-Match": view})

    assert problem(response) == STALE_VIEW
    assert backstage.state(session) == before


def test_a_session_that_must_exist_is_not_created(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    A condition on a session that is not there cannot hold.
    """
    session = Session(fresh("session"), a_plan(the_course(admin)))

    response = admin.put(session.path, json=session.plan, headers={"If-Match": '"1.1"'})

    assert problem(response) == STALE_VIEW
    assert backstage.rows(session) == []


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"courseId": "no such course"}, {"/courseId"}),
        ({"title": ""}, {"/title"}),
        ({"status": "COMPLETED"}, {"/status"}),
        ({"startsAt": "2026-05-04T09:00:00"}, {"/startsAt"}),
        ({"startsAt": "yesterday", "endsAt": 7}, {"/startsAt", "/endsAt"}),
        ({"endsAt": "2001-01-01T00:00:00Z"}, {""}),
        ({"timezone": "Berlin"}, {"/timezone"}),
        ({"timezone": "../../etc/passwd"}, {"/timezone"}),
        ({"trainer": {"id": "t"}}, {"/trainer/name"}),
        ({"attendees": None}, {"/attendees"}),
        ({"attendees": [{"personnelId": "frank", "name": 5}]}, {
            "/attendees/0/personnelId", "/attendees/0/name",
        }),
    ],
)  # fmt: skip
def test_a_bad_plan_is_refused(
    change: Json, wrong: set[str], admin: httpx.Client, backstage: Backstage
) -> None:
    """
    Every field that is not as it should be is named, and nothing is stored.
    """
    session = Session(fresh("session"), a_plan(the_course(admin)))

    response = admin.put(session.path, json=session.plan | change)

    assert problem(response) == INVALID
    assert pointers(response) == wrong
    assert backstage.rows(session) == []


def test_a_session_of_no_course_is_refused(admin: httpx.Client, backstage: Backstage) -> None:
    """
    A session is of a course that exists, because the course decides what its records are.
    """
    session = Session(fresh("session"), a_plan("nobody-teaches-this"))

    response = admin.put(session.path, json=session.plan)

    assert problem(response) == INVALID
    assert pointers(response) == {"/courseId"}
    assert backstage.rows(session) == []


def test_a_person_is_on_a_roster_only_once(admin: httpx.Client, backstage: Backstage) -> None:
    """
    The second line of the same person is named, and nothing changes.
    """
    session = a_session(admin)
    one, two, three = session.plan["attendees"]
    before = backstage.state(session)

    response = admin.put(session.path, json=session.plan | {"attendees": [one, two, three, one]})

    assert problem(response) == INVALID
    assert pointers(response) == {"/attendees/3/personnelId"}
    assert backstage.state(session) == before


def test_an_address_that_is_no_id_is_refused(admin: httpx.Client) -> None:
    """
    A session's id has 1 to 64 letters, digits, "-" or "_".
    """
    response = admin.put("/sessions/not.an.id", json=a_plan(the_course(admin)))

    assert problem(response) == INVALID
