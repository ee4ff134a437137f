"""GET /personnel/{personnelId}/compliance."""

from datetime import UTC, datetime

import pytest

from tests.handlers import steps
from tests.handlers.calls import Answer, send
from tests.handlers.stack import Stack

ADAEZE = "cm3aehuybwkxusi4jqjxv3rhk"
EMRE = "cm3wqguu1pkka6bkibmrrlnw2"

# Working at Height on 2026-11-10, valid for twelve months; AMBER is thirty days before the end.
COLOURS = {
    "2026-11-09": "RED",
    "2026-11-10": "GREEN",
    "2027-10-10": "GREEN",
    "2027-10-11": "AMBER",
    "2027-11-10": "AMBER",
    "2027-11-11": "RED",
}


def view(personnel_id: str = ADAEZE, **query: str) -> Answer:
    """Ask for a person's compliance."""
    return send("view_compliance", personnel_id=personnel_id, query=query)


@pytest.fixture
def finalized(stack: Stack) -> Stack:
    """Finalize the session in November."""
    steps.make_ready(stack)
    steps.finalize()
    return stack


@pytest.mark.usefixtures("finalized")
def test_compliance_follows_the_day() -> None:
    """A pass counts from the session's date through its last valid day."""
    answers = {day: view(asOf=day).body for day in COLOURS}

    assert {day: body["items"][0]["status"] for day, body in answers.items()} == COLOURS
    assert all(body["asOf"] == day for day, body in answers.items())


@pytest.mark.usefixtures("finalized")
def test_compliance_names_the_record_it_rests_on() -> None:
    """A GREEN can be checked by looking up the record."""
    records = send("view_session", "records").body["items"]

    answer = view(asOf="2027-01-01")

    (item,) = answer.body["items"]
    (record,) = [record for record in records if record["personnelId"] == ADAEZE]
    assert answer.headers == {"content-type": "application/json", "cache-control": "no-store"}
    assert answer.body["personnelId"] == ADAEZE
    assert item["basedOn"] == record["recordId"]
    assert item["expiryDate"] == "2027-11-10"


@pytest.mark.usefixtures("finalized")
def test_compliance_of_a_person_who_failed_is_red() -> None:
    """A failure is shown as proof of the attempt, and gives no cover."""
    (item,) = view(EMRE, asOf="2027-01-01").body["items"]

    assert [record["result"] for record in item.pop("records")] == ["FAILED"]
    assert item == {"courseId": "working-at-height", "status": "RED"}


@pytest.mark.usefixtures("stack")
def test_compliance_of_a_person_without_records_is_empty() -> None:
    """An unknown person is no error."""
    answer = view()

    assert (answer.status, answer.body["items"]) == (200, [])


@pytest.mark.usefixtures("stack")
def test_compliance_is_judged_at_this_moment_unless_asked_otherwise() -> None:
    """The answer says at which moment; its day is that in UTC, and decides nothing."""
    before = datetime.now(UTC)

    answer = view()

    judged_at = datetime.fromisoformat(answer.body["judgedAt"])
    assert before <= judged_at <= datetime.now(UTC)
    assert answer.body["asOf"] == str(judged_at.date())


@pytest.mark.usefixtures("finalized")
def test_compliance_judged_at_this_moment_says_when_it_changes() -> None:
    """A client knows how long a colour holds; one judged by a calendar day has no such moment."""
    (now,) = view().body["items"]
    (on_a_day,) = view(asOf="2027-01-01").body["items"]

    # Thirty days before the last day, at midnight in Berlin; or from the training on.
    assert now["changesAt"] in {"2026-11-09T23:00:00Z", "2027-10-10T22:00:00Z"}
    assert "changesAt" not in on_a_day
    assert "judgedAt" not in view(asOf="2027-01-01").body


@pytest.mark.parametrize(
    "day",
    [
        "",
        "today",
        "10.11.2027",
        "2027-11-31",
        "2027-13-01",
        "20271110",
        "2027-W45-3",
        "2027-11-10T00:00:00Z",
        " 2027-11-10",
        "2027-1-1",
        "0000-01-01",
        "1969-12-31",
        "2201-01-01",
        "9999-12-31",
    ],
)
def test_compliance_as_of_no_day_is_refused(day: str) -> None:
    """Only a full calendar day in ISO 8601 is unmistakable."""
    answer = view(asOf=day)

    assert (answer.status, answer.pointers) == (400, ["/asOf"])
    assert "2026-05-31" in answer.body["detail"]
