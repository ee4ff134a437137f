"""The proof of a session and its audit pack, where the stack has them."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import httpx
import pytest
from playwright.sync_api import expect

from testing.api import Json, Session, a_finalized_session
from testing.desk import Desk
from tests.stack.operator import Operator

SUBJECTS = (
    "SHEET",
    "MANIFEST",
    "SIGNATURE",
    "SESSION",
    "RECORDS",
    "AUDIT_TRAIL",
    "SEAL",
    "WITNESS",
    "TIME_STAMP",
)
# Three functions may start for the first time.
SEALED_WITHIN_MS = 240_000
NOTE = "it was stamped at 2026-01-05 08:00:03 UTC, 3 seconds after the decision"
LONG_AGO = "2026-01-05T08:00:00Z"


def verified(**faults: list[str]) -> Json:
    """Return the answer of a verification that found these faults, by subject."""
    checks = [
        {
            "subject": subject,
            "intact": subject not in faults,
            "faultCount": len(faults.get(subject, [])),
            "faults": faults.get(subject, []),
            "notes": [NOTE] if subject == "TIME_STAMP" else [],
        }
        for subject in SUBJECTS
    ]
    return {"intact": not faults, "checks": checks, "verifiedAt": LONG_AGO}


@pytest.fixture(scope="module")
def finalized(admin: httpx.Client) -> Session:
    """A session with records to verify."""
    return a_finalized_session(admin)


def test_a_session_proves_itself_soon_after_it_was_finalized(
    desk: Desk, finalized: Session
) -> None:
    """
    Without a made-up answer, it is sealed, verified and packed. It is verified for a person who
    asks, and not for one who opens the page.
    """
    asked: list[str] = []
    desk.page.on("request", lambda it: asked.append(it.url))
    desk.open(finalized)
    expect(desk.page.get_by_role("region", name="Records").get_by_role("row")).to_have_count(4)
    assert [url for url in asked if "verification" in url] == []
    desk.button("Verify").click()

    expect(desk.text("nothing was changed since.")).to_be_visible(timeout=SEALED_WITHIN_MS)
    desk.button("Audit pack").click()

    pack = desk.page.get_by_role("link", name="Download the audit pack")
    expect(pack).to_be_visible(timeout=SEALED_WITHIN_MS)
    content = httpx.get(pack.get_attribute("href") or "", trust_env=False).content
    assert "VERIFY.md" in {name.rpartition("/")[2] for name in ZipFile(BytesIO(content)).namelist()}


def test_an_intact_session_says_so(desk: Desk, finalized: Session) -> None:
    """There is one sentence for the manager, and each link of the chain for the auditor."""
    desk.page.route("**/verification", lambda route: route.fulfill(json=verified()))

    desk.open(finalized)
    desk.button("Verify").click()

    expect(desk.text("nothing was changed since.")).to_be_visible()
    expect(desk.text("Intact", exact=True)).to_have_count(len(SUBJECTS))
    expect(desk.text(NOTE)).to_be_visible()
    desk.picture("proof")


def test_what_is_not_intact_is_named(desk: Desk, finalized: Session) -> None:
    """The page names the broken link, and what exactly is wrong with it."""
    broken = verified(RECORDS=["The record of Person 0001 says PASSED; FAILED was decided."])
    desk.page.route("**/verification", lambda route: route.fulfill(json=broken))

    desk.open(finalized)
    desk.button("Verify").click()

    expect(desk.text("Something is not as it was")).to_be_visible()
    expect(desk.text("FAILED was decided.")).to_be_visible()
    expect(desk.text("Not intact", exact=True)).to_have_count(1)


def test_a_record_that_was_removed_is_missed(
    desk: Desk, admin: httpx.Client, operator: Operator
) -> None:
    """The page names the person whose record is missing, so that the rest is not taken for all."""
    session = a_finalized_session(admin)
    operator.delete_record(session, session.people[1])

    desk.open(session)

    found = desk.page.get_by_role("region", name="Records", exact=True)
    expect(found).to_contain_text("1 record missing.")
    expect(found.get_by_role("listitem")).to_have_text(["Person 0001"])
    expect(found.get_by_role("row")).to_have_count(1 + len(session.people) - 1)
    desk.picture("record-missing")


def test_records_that_could_not_be_read_are_asked_for_again(desk: Desk, finalized: Session) -> None:
    """The page says that there was an outage, and one click gets the records when it is over."""
    outage = {"title": "Internal Error", "status": 500, "detail": "Something went wrong here."}
    desk.page.route("**/records?*", lambda route: route.fulfill(status=500, json=outage), times=1)
    desk.open(finalized)
    found = desk.page.get_by_role("region", name="Records", exact=True)
    expect(found.get_by_role("alert")).to_contain_text("Something went wrong here.")

    found.get_by_role("button", name="Try again").click()

    expect(found.get_by_role("row")).to_have_count(1 + len(finalized.people))
    expect(found.get_by_role("alert")).to_have_count(0)


def test_a_session_that_is_being_sealed_is_no_alarm(desk: Desk, finalized: Session) -> None:
    """Right after Finalize the seal does not exist yet; the page looks again by itself."""
    pending = {"type": "urn:problem:training:seal-pending", "status": 409, "detail": "Wait."}
    desk.page.route("**/verification", lambda route: route.fulfill(json=verified()))
    desk.page.route(
        "**/verification", lambda route: route.fulfill(status=409, json=pending), times=1
    )

    desk.open(finalized)
    desk.button("Verify").click()

    expect(desk.text("is being sealed.")).to_be_visible()
    expect(desk.page.get_by_role("alert")).to_have_count(0)
    expect(desk.text("nothing was changed since.")).to_be_visible()


def test_the_audit_pack_is_handed_over_on_request(desk: Desk, finalized: Session) -> None:
    """It is built on request, and then there is a link to it."""
    link = {"url": f"{desk.console}/pack.zip", "expiresAt": LONG_AGO}
    desk.page.route("**/audit-pack", lambda route: route.fulfill(json=link))
    desk.open(finalized)

    desk.button("Audit pack").click()

    pack = desk.page.get_by_role("link", name="Download the audit pack")
    assert pack.get_attribute("href") == link["url"]


def test_proof_is_for_those_who_inspect(sits_down: Callable[..., Desk], finalized: Session) -> None:
    """A trainer is not offered the proof."""
    trainer = sits_down("trainer")

    trainer.open(finalized)

    expect(trainer.heading("Records")).to_be_visible()
    expect(trainer.heading("Proof")).to_have_count(0)
