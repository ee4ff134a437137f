"""If-Match and ETag: no client overwrites or finalizes what it has not seen."""

import pytest

from local import samples
from tests.handlers import steps
from tests.handlers.calls import Answer, call, request, send
from tests.handlers.steps import FORKLIFT

pytestmark = pytest.mark.usefixtures("stack")

# The session is at version 1, its course at revision 1.
CURRENT = {
    "exact": '"1.1"',
    "version only": '"1"',
    "weak, as a compressing proxy makes it": 'W/"1.1"',
    "one of several": '"7.3", W/"1.1","9"',
    "any": "*",
    "any, with blanks": " * ",
}
STALE = {
    "another version": '"2.1"',
    "version 0": '"0"',
    "several others": '"2.1", "3.1"',
    "unquoted": "1.1",
    "not closed": '"1.1',
    "text": "garbage",
    "empty": "",
    "empty tag": '""',
    "another server's": '"33a64df551425fcc55e4d42a148795d9f25f89d4"',
    "longer than any number of ours": f'"{"1" * 5_000}"',
    "negative": '"-1"',
    "between two tags": '"abc"1.1"def"',
    "no list": '"1.1" "2.1"',
    "any, and one more": '*, "1.1"',
}
UNMET = {
    "any": "*",
    "this one": '"1.1"',
    "this one, weak": 'W/"1.1"',
    "this version": '"1"',
    "one of several": '"7.3", "1.1"',
}


def saved(if_match: str) -> Answer:
    """Save the marks under a condition."""
    return send("save_attendance", headers={"If-Match": if_match})


def put(if_match: str) -> Answer:
    """Register the session again, elsewhere, under a condition."""
    body = {**steps.SESSIONS[FORKLIFT], "location": "Hall 4"}
    return send("register_session", body=body, headers={"If-Match": if_match})


def finalized(if_match: str) -> Answer:
    """Finalize under a condition."""
    return send("finalize_session", session_id=FORKLIFT, headers={"If-Match": if_match})


@pytest.mark.parametrize("if_match", CURRENT.values(), ids=CURRENT)
def test_condition_that_holds_lets_a_change_pass(if_match: str) -> None:
    """A client that saw the current state may change it, or finalize it if there is a sheet."""
    steps.enter()

    refusal, answer = finalized(if_match), saved(if_match)

    assert refusal.slug == "evidence-missing"
    assert (answer.status, answer.body["version"]) == (200, 2)


@pytest.mark.parametrize("if_match", CURRENT.values(), ids=CURRENT)
def test_condition_that_holds_lets_a_registration_pass(if_match: str) -> None:
    """A session is replaced under the same conditions."""
    steps.enter()

    answer = put(if_match)

    assert (answer.status, answer.etag) == (200, '"2.1"')


@pytest.mark.parametrize("if_match", STALE.values(), ids=STALE)
def test_condition_that_fails_changes_nothing(if_match: str) -> None:
    """Another tag than the session's, even an unknown one, is refused."""
    steps.enter()

    answers = [change(if_match) for change in (saved, put, finalized)]

    assert [(answer.status, answer.slug) for answer in answers] == [(412, "stale-view")] * 3
    assert send("view_session", session_id=FORKLIFT).body["version"] == 1


@pytest.mark.parametrize("if_match", ['"1.1"', "*"])
def test_condition_on_a_session_that_is_not_there_fails(if_match: str) -> None:
    """A client that saw another session is refused; "*" requires that there is one."""
    steps.enter_course("forklift-operator-practical")

    answer = put(if_match)

    assert answer.status == 412


def test_etag_follows_every_change() -> None:
    """Each answer's tag is the condition for the next change, and the one before is outdated."""
    steps.enter()
    seen = send("view_session", session_id=FORKLIFT).etag

    first = saved(seen)
    late, second = saved(seen), saved(first.etag)

    assert (first.status, late.status, second.status) == (200, 412, 200)
    assert first.etag == '"2"'


def test_etag_stays_where_nothing_changes() -> None:
    """What is sent again as it is stored gets no new version, so that no view is outdated."""
    steps.enter()
    seen = saved("*").etag

    answers = saved(seen), send("register_session", headers={"If-Match": seen})

    assert [(answer.status, answer.body["version"]) for answer in answers] == [(200, 2)] * 2
    assert answers[0].etag == seen
    assert len(send("view_audit", session_id=FORKLIFT).body["items"]) == 2


def test_etag_of_a_view_names_the_course_as_well() -> None:
    """New rules of the course change what Finalize would write, so the view is outdated for it."""
    steps.enter()
    seen = send("view_session", session_id=FORKLIFT).etag
    rules = {**samples.courses()["forklift-operator-practical"], "validityMonths": 7}
    send("register_course", course_id="forklift-operator-practical", body=rules)

    answers = finalized(seen), saved(seen)

    assert [answer.status for answer in answers] == [412, 200]
    assert seen.startswith('"1.1.')


def test_etag_of_an_uploaded_sheet_is_a_new_one() -> None:
    """A sheet that arrives changes what is finalized, so it makes views outdated too."""
    steps.enter()
    seen = send("view_session", session_id=FORKLIFT).etag

    steps.upload()

    assert saved(seen).status == 412


@pytest.mark.parametrize("if_match", ['"1.1"', "*"])
def test_condition_on_what_is_not_there_is_no_matter(if_match: str) -> None:
    """Where there would be a 404 without a condition, there is one with it (RFC 9110 §13.2.1)."""
    answers = saved(if_match), finalized(if_match)

    assert [answer.status for answer in answers] == [404, 404]


@pytest.mark.parametrize("unwanted", UNMET.values(), ids=UNMET)
@pytest.mark.parametrize("function", ["register_session", "save_attendance"])
def test_change_is_refused_where_it_meets_what_it_must_not(function: str, unwanted: str) -> None:
    """If-None-Match keeps a client from replacing what it did not know of (RFC 9110 §13.1.2)."""
    steps.enter()

    answer = send(function, headers={"If-None-Match": unwanted})

    assert (answer.status, answer.slug) == (412, "session-exists")
    assert send("view_session", session_id=FORKLIFT).body["version"] == 1


@pytest.mark.parametrize("unwanted", ["*", '"1.1"', '"2.1"'])
def test_session_that_is_not_there_can_be_created_only_then(unwanted: str) -> None:
    """Whoever creates a session says with "*" that there must not be one."""
    steps.enter_course("forklift-operator-practical")

    answer = send("register_session", headers={"If-None-Match": unwanted})

    assert answer.status == 201


@pytest.mark.parametrize("function", ["register_session", "save_attendance"])
def test_change_passes_what_it_does_not_refuse(function: str) -> None:
    """Another version than the unwanted ones is changed."""
    steps.enter()

    assert send(function, headers={"If-None-Match": '"7.3", "abc"'}).status == 200


@pytest.mark.parametrize("header", ["", "1.1", '"1.1', '"abc"1.1"def"'])
@pytest.mark.parametrize("function", ["register_session", "save_attendance"])
def test_change_under_a_condition_that_is_none_is_refused(function: str, header: str) -> None:
    """What cannot be read is not taken for a condition that holds."""
    steps.enter()

    answer = send(function, headers={"If-None-Match": header})

    assert (answer.status, answer.slug) == (400, "invalid-request")


def test_condition_in_several_lines_is_one_list() -> None:
    """Lines of one header are one list, whatever a gateway makes of them (RFC 9110 §5.3)."""
    steps.enter()
    event = request("save_attendance", headers={"If-Match": '"7.3"'})
    event["multiValueHeaders"]["If-Match"] = ['"1.1"', '"7.3"']

    assert call("save_attendance", event).status == 200
