"""The four views of sessions."""

import base64
from collections.abc import Callable

import pytest

from local import samples
from tests.handlers import steps
from tests.handlers.calls import PROBLEM, Answer, Json, invoke, request, send
from tests.handlers.stack import BUCKET, Stack
from tests.handlers.steps import CALLED_OFF, FORKLIFT, UPCOMING, WORKING_AT_HEIGHT

BAD_QUERIES: list[tuple[dict[str, str], str]] = [
    ({"limit": "0"}, "/limit"),
    ({"limit": "1001"}, "/limit"),
    ({"limit": "-1"}, "/limit"),
    ({"limit": "ten"}, "/limit"),
    ({"limit": ""}, "/limit"),
    ({"status": "DONE"}, "/status"),
    ({"status": "completed"}, "/status"),
    ({"status": ""}, "/status"),
    ({"cursor": "x"}, "/cursor"),
    ({"cursor": "////"}, "/cursor"),
    ({"cursor": "gICA"}, "/cursor"),
    ({"cursor": "a" * 1_001}, "/cursor"),
]
# No base64, or base64 of nothing.
EMPTY_CURSORS = ["", "!!!!", "é", "===="]


def listed(**query: str) -> Answer:
    """List sessions."""
    return send("view_session", "list", query=query)


def rename() -> Answer:
    """Give the session another title."""
    return steps.put(FORKLIFT, {**samples.sessions()[FORKLIFT], "title": "Forklift, repeated"})


def pages(function: str, case: str, limit: int) -> list[list[Json]]:
    """Follow the cursors from page to page."""
    found, cursor = [], ""
    while True:
        query = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        body = send(function, case, query=query).body
        found.append(body["items"])
        if "nextCursor" not in body:
            return found
        cursor = body["nextCursor"]


@pytest.fixture
def _three_sessions(stack: Stack) -> None:  # noqa: ARG001 - the tables must be there first
    """Register the three sample sessions."""
    for session_id in samples.sessions():
        steps.enter(session_id)


@pytest.mark.usefixtures("stack")
def test_session_is_shown_as_it_was_registered() -> None:
    """The view has the session's details, in the session's own time zone, and its course."""
    steps.enter()

    answer = send("view_session", session_id=FORKLIFT)

    session = samples.sessions()[FORKLIFT]
    same = ("title", "status", "timezone", "location", "trainer", "startsAt", "endsAt")
    assert answer.status == 200
    assert {name: answer.body[name] for name in same} == {
        "title": session["title"],
        "status": session["status"],
        "timezone": session["timezone"],
        "location": session["location"],
        "trainer": session["trainer"],
        "startsAt": session["startsAt"],
        "endsAt": session["endsAt"],
    }
    assert answer.body["course"]["courseId"] == session["courseId"]
    assert len(answer.body["attendees"]) == len(session["attendees"])


@pytest.mark.usefixtures("stack")
def test_session_is_answered_with_its_tag_and_never_cached() -> None:
    """The ETag is the condition of the next change; no cache stores the answer."""
    steps.enter()

    answer = send("view_session", session_id=FORKLIFT)

    assert answer.headers == {
        "content-type": "application/json",
        "cache-control": "no-store",
        "etag": answer.etag,
    }
    assert answer.etag.startswith('"1.1.')


@pytest.mark.usefixtures("stack")
def test_session_that_did_not_change_is_not_sent_again() -> None:
    """A page that looks again learns so from a few bytes."""
    steps.enter()
    seen = send("view_session", session_id=FORKLIFT).etag
    event = request("view_session", session_id=FORKLIFT, headers={"If-None-Match": f"W/{seen}"})

    result = invoke("view_session", event)

    assert (result["statusCode"], result["body"]) == (304, "")
    assert result["multiValueHeaders"] == {"Cache-Control": ["no-store"], "ETag": [seen]}


def test_session_is_looked_at_again_without_its_roster(stack: Stack) -> None:
    """Ten thousand rows are not read to say that they did not change."""
    steps.enter()
    seen = send("view_session", session_id=FORKLIFT).etag
    stack.lose_row(FORKLIFT, samples.attendance(FORKLIFT)[0]["personnelId"])
    event = request("view_session", session_id=FORKLIFT, headers={"If-None-Match": seen})

    assert invoke("view_session", event)["statusCode"] == 304


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("change", [rename, steps.upload, steps.mark])
def test_session_that_changed_is_sent_again(change: Callable[[], object]) -> None:
    """A new version, a new sheet, or new rules of the course."""
    steps.enter()
    seen = send("view_session", session_id=FORKLIFT).etag
    change()

    answer = send("view_session", session_id=FORKLIFT, headers={"If-None-Match": seen})

    assert answer.status == 200
    assert answer.etag != seen


@pytest.mark.usefixtures("stack")
def test_session_that_is_unknown_stays_unknown() -> None:
    """A condition makes nothing of what is not there."""
    answer = send("view_session", "unknown_session", headers={"If-None-Match": "*"})

    assert answer.status == 404


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br"])
def test_session_is_compressed_for_a_client_that_accepts_it(accepted: str) -> None:
    """A large grid compresses well, and the bytes are the same grid."""
    steps.enter()
    event = request("view_session", session_id=FORKLIFT, headers={"Accept-Encoding": accepted})

    result = invoke("view_session", event)

    assert result["isBase64Encoded"] is True
    assert result["multiValueHeaders"]["Content-Encoding"] == ["gzip"]
    assert send("view_session", session_id=FORKLIFT).body["sessionId"] == FORKLIFT


@pytest.mark.usefixtures("stack")
def test_list_is_compressed_as_every_answer_is() -> None:
    """No route has to declare that its answers may be large."""
    event = request("view_session", "list", headers={"Accept-Encoding": "gzip"})

    result = invoke("view_session", event)

    assert result["multiValueHeaders"]["Content-Encoding"] == ["gzip"]


@pytest.mark.usefixtures("stack")
def test_session_shows_an_attendee_without_marks() -> None:
    """Without marks, attendees are absent and passed, and have no remarks."""
    steps.enter()

    attendee = send("view_session", session_id=FORKLIFT).body["attendees"][0]

    assert attendee.items() >= {"isPresent": False, "hasPassed": True}.items()
    assert "remarks" not in attendee


@pytest.mark.usefixtures("stack")
def test_session_says_what_stands_against_finalizing() -> None:
    """The button is disabled by the same rules that refuse the request."""
    steps.enter()

    finalization = send("view_session", session_id=FORKLIFT).body["finalization"]

    assert finalization["allowed"] is False
    assert finalization["blockers"] == ["evidence-missing"]


def test_session_previews_exactly_what_finalize_writes(stack: Stack) -> None:
    """The number in the confirmation dialog is the number written."""
    steps.make_ready(stack)
    finalization = send("view_session").body["finalization"]

    written = steps.finalize().body

    assert (finalization["allowed"], finalization["blockers"]) == (True, [])
    assert written.items() >= finalization["preview"].items()


def test_session_shows_who_finalized_it(stack: Stack) -> None:
    """Afterwards the view shows what was done, under the rules of that day."""
    steps.make_ready(stack)
    steps.finalize()
    send("register_course", body={"title": "Other rules", "requiresVerify": True})

    body = send("view_session").body

    assert body["status"] == "COMPLETED"
    assert body["finalization"]["finalizedBy"]["name"] == "Ingrid Solheim"
    assert body["finalization"]["blockers"] == ["session-finalized"]
    assert body["finalization"]["preview"]["trainingRecords"] == 13
    assert body["course"]["title"] == "Working at Height"


@pytest.mark.usefixtures("_three_sessions")
def test_list_shows_the_latest_session_first() -> None:
    """The latest sessions are the ones that are looked for most."""
    answer = listed()

    assert answer.status == 200
    assert answer.headers == {"content-type": "application/json", "cache-control": "no-store"}
    assert [item["sessionId"] for item in answer.body["items"]] == [
        FORKLIFT,
        WORKING_AT_HEIGHT,
        CALLED_OFF,
    ]
    assert answer.body["items"][0]["rosterCount"] == 6


@pytest.mark.usefixtures("_three_sessions")
@pytest.mark.parametrize(
    ("status", "expected"),
    [("IN_PROGRESS", 2), ("CANCELLED", 1), ("COMPLETED", 0), ("FINALIZING", 0), ("SCHEDULED", 0)],
)
def test_list_can_be_of_one_status(status: str, expected: int) -> None:
    """A status without sessions gives an empty list."""
    answer = listed(status=status)

    assert [item["status"] for item in answer.body["items"]] == [status] * expected


@pytest.mark.usefixtures("_three_sessions")
def test_list_tells_where_the_sheet_of_each_session_stands(stack: Stack) -> None:
    """A missing sheet is seen without opening the session."""
    steps.hand_in(stack, WORKING_AT_HEIGHT)
    steps.upload(FORKLIFT)

    answer = listed()

    assert {item["sessionId"]: item["evidenceState"] for item in answer.body["items"]} == {
        FORKLIFT: "PENDING",
        WORKING_AT_HEIGHT: "ACCEPTED",
        CALLED_OFF: "NONE",
    }


@pytest.mark.usefixtures("stack")
def test_list_of_nothing_is_empty() -> None:
    """A new stack has no sessions, and that is no error."""
    assert listed().body == {"items": []}


@pytest.mark.usefixtures("_three_sessions")
def test_list_is_the_same_page_by_page() -> None:
    """Following the cursors shows every session once, in the same order."""
    found = {limit: pages("view_session", "list", limit) for limit in (1, 2, 3, 4)}

    assert all(len(page) <= limit for limit, each in found.items() for page in each)
    for each in found.values():
        assert [item["sessionId"] for page in each for item in page] == [
            FORKLIFT,
            WORKING_AT_HEIGHT,
            CALLED_OFF,
        ]


@pytest.mark.usefixtures("_three_sessions")
def test_list_goes_on_behind_a_session_that_is_gone() -> None:
    """A cursor is a place in the order, so nothing is skipped when sessions come or change."""
    cursor = listed(limit="1").body["nextCursor"]
    send(
        "register_session",
        body={**samples.sessions()[FORKLIFT], "startsAt": "2026-10-01T09:00:00+02:00"},
    )

    body = listed(limit="1", cursor=cursor).body

    assert body["items"][0]["sessionId"] == WORKING_AT_HEIGHT


@pytest.mark.parametrize(("query", "pointer"), BAD_QUERIES)
def test_list_refuses_a_bad_query(query: dict[str, str], pointer: str) -> None:
    """A query without a meaning is refused instead of guessed at."""
    answer = listed(**query)

    assert (answer.status, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.pointers == [pointer]


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("cursor", EMPTY_CURSORS)
@pytest.mark.parametrize("case", ["list", "records"])
def test_cursor_of_nothing_is_refused(case: str, cursor: str) -> None:
    """DynamoDB takes no empty key, so a cursor without content must not reach it."""
    steps.enter(WORKING_AT_HEIGHT)

    answer = send("view_session", case, query={"cursor": cursor})

    assert (answer.status, answer.pointers) == (400, ["/cursor"])


def test_list_refusal_names_every_bad_parameter() -> None:
    """A client can correct all faults after one answer."""
    answer = send("view_session", "bad_query")

    assert sorted(answer.pointers) == ["/limit", "/status"]


@pytest.mark.usefixtures("stack")
def test_list_ignores_parameters_it_does_not_know() -> None:
    """Parameters added by a proxy or a newer client do no harm."""
    answer = listed(utm_source="mail", statuses="ALL", after="x")

    assert answer.status == 200


def test_records_of_a_session_that_is_open_are_none(stack: Stack) -> None:
    """Before Finalize there is no record, with any draft."""
    steps.make_ready(stack)

    answer = send("view_session", "records")

    assert (answer.status, answer.body) == (200, {"items": []})


def test_records_show_all_they_rest_on(stack: Stack) -> None:
    """A record names person, course, result, dates and the exact sheet that was signed."""
    steps.make_ready(stack)
    sheet = send("view_session").body["evidence"]
    steps.finalize()

    records = send("view_session", "records").body["items"]

    emre = next(record for record in records if record["personName"] == "Emre Yildiz")
    assert len(records) == 13
    assert (
        emre.items()
        >= {
            "kind": "TRAINING",
            "result": "FAILED",
            "status": "FAILED",
            "personnelId": "cm3wqguu1pkka6bkibmrrlnw2",
            "courseId": "working-at-height",
            "sessionId": WORKING_AT_HEIGHT,
            "sessionDate": "2026-11-10",
            "expiryDate": "2027-11-10",
            "evidenceFileKey": sheet["attendanceFileKey"],
            "evidenceFileVersionId": sheet["attendanceFileVersionId"],
            "evidenceFileHash": sheet["attendanceFileHash"],
            "remarks": "Missed a cut in the harness webbing twice; repeats the practical part.",
        }.items()
    )
    assert emre["finalizedBy"]["name"] == "Ingrid Solheim"


def test_records_are_the_same_page_by_page(stack: Stack) -> None:
    """Following the cursors shows every record once, in the order of the people's ids."""
    steps.make_ready(stack)
    steps.finalize()

    found = {limit: pages("view_session", "records", limit) for limit in (5, 13, 14)}

    assert {limit: [len(page) for page in each] for limit, each in found.items()} == {
        5: [5, 5, 3],
        13: [13],
        14: [13],
    }
    people = [
        [record["personnelId"] for page in each for record in page] for each in found.values()
    ]
    assert people == [sorted(people[0])] * 3


def test_records_may_be_removed_by_hand(stack: Stack) -> None:
    """
    As the spec describes it, a record that was removed is not listed; its person is
    named instead.
    """
    steps.make_ready(stack)
    steps.finalize()
    item = stack.items("Records")[0]
    stack.dynamodb.delete_item(
        TableName="Records", Key={name: item[name] for name in ("personnelId", "recordId")}
    )

    page = send("view_session", "records").body

    assert len(page["items"]) == 12
    assert page["missing"] == [item["personnelId"]["S"]]


def test_evidence_is_a_link_to_the_exact_version(stack: Stack) -> None:
    """The link is valid for a quarter of an hour, and the hash proves what it gives."""
    steps.make_ready(stack)
    sheet = send("view_session").body["evidence"]

    answer = send("view_session", "evidence")

    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert sheet["attendanceFileVersionId"] in answer.body["url"]
    assert BUCKET in answer.body["url"]
    assert "X-Amz-Expires=900" in answer.body["url"]
    same = ("attendanceFileKey", "attendanceFileVersionId", "attendanceFileHash", "fileName")
    assert [answer.body[name] for name in same] == [sheet[name] for name in same]


@pytest.mark.usefixtures("stack")
def test_evidence_of_a_session_without_a_sheet_is_not_found() -> None:
    """An upload that is still being checked is no evidence yet."""
    steps.enter(UPCOMING)
    steps.upload(UPCOMING)

    answer = send("view_session", "evidence", session_id=UPCOMING)

    assert (answer.status, answer.slug) == (404, "not-found")
    assert "no accepted attendance sheet" in answer.body["detail"]


@pytest.mark.usefixtures("_three_sessions")
def test_cursor_is_opaque_but_safe_in_an_address() -> None:
    """A client may put it into a query as it is."""
    cursor = listed(limit="2").body["nextCursor"]

    assert base64.urlsafe_b64encode(base64.urlsafe_b64decode(cursor)).decode() == cursor
    assert "+" not in cursor
    assert "/" not in cursor


def test_session_of_the_first_release_is_read_in_parts_if_it_must(stack: Stack) -> None:
    """What was accepted before rosters had a bound can still be read, and each row once."""
    steps.enter(WORKING_AT_HEIGHT)
    people = [row["personnelId"] for row in samples.attendance(WORKING_AT_HEIGHT)]
    for person in people:
        stack.edit_row(WORKING_AT_HEIGHT, person, "remarks", {"S": "z" * 390_000})
    stack.edit(WORKING_AT_HEIGHT, "rosterBytes", {"NULL": True})

    first = send("view_session", session_id=WORKING_AT_HEIGHT)
    query = {"cursor": first.body["nextCursor"]}
    second = send("view_session", session_id=WORKING_AT_HEIGHT, query=query)

    rows = first.body["attendees"] + second.body["attendees"]
    assert sorted(row["personnelId"] for row in rows) == sorted(people)
    assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)
    assert "nextCursor" not in second.body
    assert second.body["version"] == first.body["version"]


@pytest.mark.usefixtures("stack")
def test_session_that_fits_is_one_answer() -> None:
    """A cursor is given only where it must be, and leads to what is left."""
    steps.enter()

    whole = send("view_session", session_id=FORKLIFT).body
    rest = send("view_session", session_id=FORKLIFT, query={"cursor": "NA=="}).body

    assert "nextCursor" not in whole
    assert rest["attendees"] == whole["attendees"][4:]


@pytest.mark.parametrize("cursor", ["!", "eA==", "LTE=", "MTIzNDU2"])
def test_session_has_no_part_that_a_strange_cursor_names(cursor: str) -> None:
    """Text, a negative number, and more rows than any roster has."""
    answer = send("view_session", session_id=FORKLIFT, query={"cursor": cursor})

    assert (answer.status, answer.pointers) == (400, ["/cursor"])
