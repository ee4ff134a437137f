"""PATCH /sessions/{sessionId}/attendance: the grid, saved as a draft."""

import httpx
import pytest

from tests.stack.backstage import Backstage
from tests.stack.problems import (
    INVALID,
    NOT_FOUND,
    STALE_VIEW,
    UNKNOWN_PEOPLE,
    pointers,
    problem,
)
from tests.stack.story import (
    Json,
    Session,
    a_plan,
    a_roster,
    a_session,
    etag,
    fresh,
    grid,
    mark,
    marks,
    seen,
)

pytestmark = pytest.mark.stack


def test_attendance_is_drafted_part_by_part(trainer: httpx.Client, admin: httpx.Client) -> None:
    """
    A partial list changes those it names and leaves the rest as it is (spec §4 B).
    """
    session = a_session(admin)
    one, two, three = session.people

    first = trainer.patch(session.attendance, json=grid(mark(one), mark(two, passed=False)))
    second = trainer.patch(session.attendance, json=grid(mark(two), mark(three, present=False)))

    assert (first.status_code, second.status_code) == (200, 200)
    assert (first.json()["updated"], second.json()["updated"]) == (2, 2)
    drafted = {
        row["personnelId"]: (row["isPresent"], row["hasPassed"])
        for row in seen(admin, session)["attendees"]
    }
    assert drafted == {one: (True, True), two: (True, True), three: (False, True)}


def test_a_draft_is_answered_with_the_version_it_made(admin: httpx.Client) -> None:
    """
    The answer's version and ETag are those of the session as it is now.
    """
    session = a_session(admin)

    response = admin.patch(session.attendance, json=marks(session))

    version = seen(admin, session)["version"]
    assert response.json() == {"updated": 3, "version": version}
    assert response.headers["ETag"] == f'"{version}"'


def test_a_draft_creates_no_records(admin: httpx.Client, backstage: Backstage) -> None:
    """
    However often a draft is saved, there is no record of anybody (spec §1).
    """
    session = a_session(admin)

    admin.patch(session.attendance, json=marks(session)).raise_for_status()

    assert backstage.records(session) == []
    assert backstage.outbox(session) == []


def test_remarks_stay_until_they_are_cleared(admin: httpx.Client) -> None:
    """
    A mark without remarks leaves them, and an empty text clears them (DESIGN §5.7).
    """
    session = a_session(admin, people=2)
    kept, cleared = session.people
    admin.patch(session.attendance, json=marks(session, remarks="Left early. Knie verdreht 😬"))

    admin.patch(session.attendance, json=grid(mark(kept), mark(cleared, remarks="")))

    rows = {row["personnelId"]: row.get("remarks") for row in seen(admin, session)["attendees"]}
    assert rows == {kept: "Left early. Knie verdreht 😬", cleared: None}


def test_unknown_keys_are_ignored(admin: httpx.Client) -> None:
    """
    As with Zod's object, what the schema does not name is no fault.
    """
    session = a_session(admin)
    body = marks(session, nickname="Frankie") | {"sentBy": "the new console"}

    response = admin.patch(session.attendance, json=body)

    assert response.status_code == 200


def test_an_empty_draft_changes_nobody(admin: httpx.Client, backstage: Backstage) -> None:
    """
    Saving nothing is no fault either.
    """
    session = a_session(admin)
    before = backstage.rows(session)

    response = admin.patch(session.attendance, json=grid())

    assert response.status_code == 200
    assert response.json()["updated"] == 0
    assert backstage.rows(session) == before


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"personnelId": "frank"}, {"/attendees/0/personnelId"}),
        ({"personnelId": 7}, {"/attendees/0/personnelId"}),
        ({"isPresent": "true"}, {"/attendees/0/isPresent"}),
        ({"hasPassed": 1}, {"/attendees/0/hasPassed"}),
        ({"remarks": None}, {"/attendees/0/remarks"}),
        ({"remarks": "x" * 5001}, {"/attendees/0/remarks"}),
        (
            {"personnelId": "", "isPresent": None, "hasPassed": "no", "remarks": []},
            {
                f"/attendees/0/{name}"
                for name in ("personnelId", "isPresent", "hasPassed", "remarks")
            },
        ),
    ],
)
def test_a_bad_mark_is_refused(
    change: Json, wrong: set[str], admin: httpx.Client, backstage: Backstage
) -> None:
    """
    Every bad field is named by its JSON pointer, all at once, and no mark of the list is saved.
    """
    session = a_session(admin)
    good = mark(session.people[1])
    before = backstage.rows(session)

    response = admin.patch(session.attendance, json=grid(mark(session.people[0]) | change, good))

    assert problem(response) == INVALID
    assert pointers(response) == wrong
    assert backstage.rows(session) == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ("", ""),
        ("[]", ""),
        ("{}", "/attendees"),
        ('{"attendees": {}}', "/attendees"),
        ('{"attendees": [{}', ""),
    ],
)
def test_a_body_that_is_no_list_of_marks_is_refused(
    body: str, pointer: str, admin: httpx.Client
) -> None:
    """
    Whatever else is sent is refused with a pointer to where it goes wrong.
    """
    session = a_session(admin)

    response = admin.patch(session.attendance, content=body)

    assert problem(response) == INVALID
    assert pointers(response) == {pointer}


def test_people_who_are_not_on_the_roster_are_refused(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    All strangers are listed, and not even the marks of the others are saved.
    """
    session = a_session(admin)
    first, second = (person["personnelId"] for person in a_roster(2))
    before = backstage.rows(session)

    response = admin.patch(
        session.attendance, json=grid(mark(first), mark(session.people[0]), mark(second))
    )

    assert problem(response) == UNKNOWN_PEOPLE
    assert pointers(response) == {"/attendees/0/personnelId", "/attendees/2/personnelId"}
    assert first in response.text
    assert second in response.text
    assert backstage.rows(session) == before


def test_a_person_is_marked_only_once(admin: httpx.Client, backstage: Backstage) -> None:
    """
    Two marks of one person would leave it to chance which of them counts (DESIGN §5.7).
    """
    session = a_session(admin)
    person = session.people[0]
    before = backstage.rows(session)

    response = admin.patch(session.attendance, json=grid(mark(person), mark(person, present=False)))

    assert problem(response) == INVALID
    assert pointers(response) == {"/attendees/1/personnelId"}
    assert backstage.rows(session) == before


def test_attendance_of_no_session_is_refused(admin: httpx.Client, backstage: Backstage) -> None:
    """
    There is no grid of a session that nobody planned, and none is made.
    """
    session = Session(fresh("session"), a_plan("any"))

    response = admin.patch(session.attendance, json=marks(session))

    assert problem(response) == NOT_FOUND
    assert backstage.rows(session) == []


def test_a_draft_of_the_view_it_names_is_saved(admin: httpx.Client) -> None:
    """
    Each draft's ETag is the condition for the next one.
    """
    session = a_session(admin)
    first = admin.patch(session.attendance, json=marks(session), headers=etag(admin, session))

    second = admin.patch(
        session.attendance, json=marks(session), headers={"If-Match": first.headers["ETag"]}
    )

    assert (first.status_code, second.status_code) == (200, 200)


def test_a_draft_of_a_stale_view_is_refused(
    trainer: httpx.Client, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    Whoever marks a grid that somebody changed meanwhile gets 412 and overwrites nothing.
    """
    session = a_session(admin)
    opened = etag(trainer, session)
    admin.patch(session.attendance, json=marks(session, remarks="Corrected")).raise_for_status()
    before = backstage.rows(session)

    response = trainer.patch(session.attendance, json=marks(session), headers=opened)

    assert problem(response) == STALE_VIEW
    assert backstage.rows(session) == before
