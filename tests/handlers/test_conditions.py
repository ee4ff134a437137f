"""If-Match and ETag: nobody overwrites or finalizes what they have not seen."""

import pytest

from tests.handlers import steps
from tests.handlers.calls import Answer, send
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
}


def saved(if_match: str) -> Answer:
    """Save the marks under a condition."""
    return send("save_attendance", headers={"If-Match": if_match})


def put(if_match: str) -> Answer:
    """Register the session again under a condition."""
    return send("register_session", headers={"If-Match": if_match})


def finalized(if_match: str) -> Answer:
    """Press Finalize under a condition."""
    return send("finalize_session", session_id=FORKLIFT, headers={"If-Match": if_match})


@pytest.mark.parametrize("if_match", CURRENT.values(), ids=CURRENT)
def test_condition_that_holds_lets_a_change_pass(if_match: str) -> None:
    """Whoever saw the session as it is may finalize it, were there a sheet, and change it."""
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
    """A tag that is not the session's, or none of ours at all, is refused rather than trusted."""
    steps.enter()

    answers = [change(if_match) for change in (saved, put, finalized)]

    assert [(answer.status, answer.slug) for answer in answers] == [(412, "stale-view")] * 3
    assert send("view_session", session_id=FORKLIFT).etag == '"1.1"'


@pytest.mark.parametrize("if_match", ['"1.1"', "*"])
def test_condition_on_a_session_that_is_not_there_fails(if_match: str) -> None:
    """Whoever saw a session that does not exist saw something else; "*" says there is one."""
    steps.enter_course("forklift-operator-practical")

    answer = put(if_match)

    assert answer.status == 412


def test_etag_follows_every_change() -> None:
    """Each answer's tag is the condition for the next change, and the one before is stale."""
    steps.enter()
    seen = send("view_session", session_id=FORKLIFT).etag

    first = saved(seen)
    late, second = saved(seen), saved(first.etag)

    assert (first.status, late.status, second.status) == (200, 412, 200)
    assert first.etag == '"2"'


def test_etag_of_a_view_names_the_course_as_well() -> None:
    """New rules of the course change what Finalize would write, so the view is stale for it."""
    steps.enter()
    seen = send("view_session", session_id=FORKLIFT).etag
    steps.enter_course("forklift-operator-practical")

    answers = finalized(seen), saved(seen)

    assert [answer.status for answer in answers] == [412, 200]
    assert seen == '"1.1"'


def test_etag_of_an_uploaded_sheet_is_a_new_one() -> None:
    """A sheet that arrives changes what is finalized, so it makes views stale too."""
    steps.enter()
    seen = send("view_session", session_id=FORKLIFT).etag

    steps.upload()

    assert saved(seen).status == 412
