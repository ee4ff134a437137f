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
    """Ask where somebody stands."""
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
    """Whoever doubts a GREEN can look up the record."""
    records = send("view_session", "records").body["items"]

    answer = view(asOf="2027-01-01")

    (item,) = answer.body["items"]
    (record,) = [record for record in records if record["personnelId"] == ADAEZE]
    assert answer.headers == {"content-type": "application/json", "cache-control": "no-store"}
    assert answer.body["personnelId"] == ADAEZE
    assert item["basedOn"] == record["recordId"]
    assert item["expiryDate"] == "2027-11-10"


@pytest.mark.usefixtures("finalized")
def test_compliance_of_whoever_failed_is_red() -> None:
    """A failure is proof of the attempt, and shown as such, and grants nothing."""
    (item,) = view(EMRE, asOf="2027-01-01").body["items"]

    assert [record["result"] for record in item.pop("records")] == ["FAILED"]
    assert item == {"courseId": "working-at-height", "status": "RED"}


@pytest.mark.usefixtures("stack")
def test_compliance_of_whoever_has_no_record_is_empty() -> None:
    """Nobody knows the person here, and that is no error."""
    answer = view()

    assert (answer.status, answer.body["items"]) == (200, [])


@pytest.mark.usefixtures("stack")
def test_compliance_is_as_of_today_unless_asked_otherwise() -> None:
    """Today is the day in UTC."""
    before = datetime.now(UTC).date()

    answer = view()

    assert answer.body["asOf"] in {str(before), str(datetime.now(UTC).date())}


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
    ],
)
def test_compliance_as_of_no_day_is_refused(day: str) -> None:
    """Only a calendar day as ISO 8601 writes it in full is unmistakable."""
    answer = view(asOf=day)

    assert (answer.status, answer.pointers) == (400, ["/asOf"])
    assert "2026-05-31" in answer.body["detail"]
