"""The summary: what a court reads of a manifest, on paper."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from functions.seal_session.pdf import effort
from functions.seal_session.statements import about, statement
from functions.seal_session.summary import MOST_EFFORT, summary_of
from shared.domain.canonical import canonical, sha256
from shared.domain.gate import Gate, warnings_at
from shared.domain.manifest import manifest_of
from shared.domain.plan import planned_records
from shared.domain.seal import is_summary_of
from shared.domain.session import Attendee, Snapshot
from shared.domain.warning import GateWarning, WarningSlug
from testing.builders import (
    NOW,
    RELEASE,
    SESSION_ID,
    a_course,
    a_cuid,
    a_decided,
    a_session,
    an_absentee,
    an_attendee,
    attendees,
    some_details,
)
from tests.first_release import the_manifest

MORNING, EVENING = datetime(2026, 3, 10, 7, tzinfo=UTC), datetime(2026, 3, 10, 23, tzinfo=UTC)


def a_manifest(*people: Attendee, version: int = 2, **decision: Any) -> bytes:  # noqa: ANN401 - as the builders
    """Return the manifest of a decision about these people."""
    decided = a_decided(manifest_version=version, **decision)
    return canonical(manifest_of(decided, people, planned_records(decided, people)))


def pages(manifest: bytes) -> Sequence[str]:
    """Return what each page of the summary says, as a search finds it."""
    return [page.extract_text() for page in PdfReader(BytesIO(summary_of(manifest))).pages]


def said(*people: Attendee, **decision: Any) -> str:  # noqa: ANN401 - as the builders
    """Return what the summary of a decision about these people says."""
    return "\n".join(pages(a_manifest(*people, **decision)))


def test_summary_names_session_sheet_and_hashes() -> None:
    """Whoever holds it knows which session it is of, on which sheet and which manifest it rests."""
    manifest = a_manifest(an_attendee(1))

    text = "\n".join(pages(manifest))

    decided = json.loads(manifest)
    for part in (
        f"session: {SESSION_ID}",
        "place: Hall 3",
        f"SHA-256: {decided['evidence']['sha256']}",
        decided["auditHead"],
        "Working at height",
    ):
        assert part in text


@pytest.mark.parametrize("version", [1, 2])
def test_summary_names_the_account_of_whoever_acted(version: int) -> None:
    """Two people can have one name, and a name can be changed; an account's id is one person's."""
    text = said(an_attendee(1), version=version).replace("\n", " ")

    assert "by Frank Okafor (account u-admin)" in text
    assert "uploaded by Frank Okafor (account u-admin)" in text
    assert "Ines Duarte (id t-7)" in text


def test_summary_names_the_software_that_decided() -> None:
    """As far as the manifest does: before version 3 none did, and their summaries stay the same."""
    text = said(an_attendee(1), version=3).replace("\n", " ")

    assert f"decided by the software of version {RELEASE.version}" in text
    assert f"SHA-256 of its function: {RELEASE.function_sha256}" in text
    assert "software of version" not in said(an_attendee(1), version=2)


def test_summary_tells_when_it_was_signed_by_the_clocks_of_the_place() -> None:
    """And by those of everywhere, because a zone's rules are forgotten sooner than UTC."""
    assert "on 2026-03-10 at 16:10:00 (Europe/Berlin), 2026-03-10 15:10:00 UTC" in said()


@pytest.mark.parametrize("version", [1, 2])
def test_summary_lists_everybody_in_the_order_of_the_sheet_with_their_ids(version: int) -> None:
    """An id is beside every name, and those who were absent are on the list too."""
    people = (an_attendee(1, name="Zoe"), an_absentee(2, name="Yan"), an_attendee(3, name="Abe"))

    text = said(*people, version=version)

    places = [
        text.index(part)
        for n, name in ((3, "Abe"), (2, "Yan"), (1, "Zoe"))
        for part in (name, a_cuid(n))
    ]
    assert places == sorted(places)


def test_summary_tells_the_absent_from_those_whom_nobody_marked() -> None:
    """Somebody who was forgotten was not shown to be absent."""
    text = said(an_absentee(1, is_marked=True), an_absentee(2))

    rows = [line.split()[-1] for line in text.splitlines() if "Scaffolder" in line]
    assert rows == ["absent", "marked"]
    assert "1 of them never marked" in text


def test_summary_calls_no_failure_valid() -> None:
    """A failure has the date that the specification computes, but no paper calls it a validity."""
    text = said(an_attendee(1, has_passed=False))

    assert "failed" in text
    assert "2027-03-10" not in text


def test_summary_says_what_waits_for_verification() -> None:
    """A competency covers nobody before it is verified, and no paper lets it look so."""
    course = a_course(requires_verify=True)

    text = said(an_attendee(1), an_attendee(2, has_passed=False), course=course)

    assert " ".join(text.split()).count("pending verification") == 1
    assert " ".join(text.split()).count("2027-03-10, once") == 1


def test_summary_shows_remarks_whole() -> None:
    """A remark of any length is printed to its last word, over as many lines as it takes."""
    remark = " ".join(f"word{number}" for number in range(500))

    text = said(an_attendee(1, remarks=remark), an_attendee(2))

    assert set(remark.split()) <= set(text.split())


def test_summary_is_drawn_in_time_whatever_people_write() -> None:
    """What takes minutes to draw is left to the manifest, and everybody is listed all the same."""
    every_script = "李م" * 50
    people = [an_attendee(number, remarks=every_script) for number in range(1, 5)]

    document = summary_of(a_manifest(*people), 3 * effort(every_script))

    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)
    assert text.count("remarks: in manifest.json under this id") == 1
    assert all(person.personnel_id in text for person in people)


def test_largest_roster_in_one_language_is_printed_whole() -> None:
    """4.2 MB are two million letters of Arabic, or one and a half of Chinese."""
    thousandth = MOST_EFFORT / 1_000

    assert effort("م" * 2_100) < thousandth
    assert effort("李" * 1_400) < thousandth
    assert effort("Nguyễn ế" * 200) < thousandth
    assert effort("李م" * 1_000) > thousandth


def test_summary_numbers_its_pages_and_names_itself_on_each() -> None:
    """A page that is gone is missed, and one of another session is noticed."""
    found = pages(a_manifest(*attendees(100)))

    assert len(found) > 2
    for number, page in enumerate(found, start=1):
        assert f"session {SESSION_ID}, manifest " in page
        assert f"page {number} of {len(found)}" in page
    assert all(page.startswith("name and id") for page in found[1:])


def test_summary_shows_what_was_warned_of_and_who_acknowledged_it() -> None:
    """Whoever reads it learns what was known, and whether the admin said to have seen it."""
    warnings = (
        GateWarning(WarningSlug.SHEET_ENDS_EARLY, "Upload it again."),
        GateWarning(WarningSlug.PEOPLE_UNMARKED, "Mark them.", (a_cuid(1),)),
    )
    people = (an_absentee(1, name="Zoe"), an_attendee(2))

    text = said(*people, warnings=warnings, acknowledged=(WarningSlug.SHEET_ENDS_EARLY,))

    seen = "warning: The file of the sheet ended early: its last part was missing."
    words = " ".join(text.split())
    assert f"{seen} acknowledged by Frank Okafor (account u-admin)" in words
    assert f"about Zoe ({a_cuid(1)}) not acknowledged" in words


LOST = an_absentee(3, name="Lea", has_passed=False, is_marked=True)
SHARED = (
    "The same sheet was also handed in for other sessions: s-1, s-2 and 3 more. "
    "Make sure that it is the sheet of this one."
)
TUESDAY = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("slug", "people", "words"),
    [
        (
            WarningSlug.NOBODY_MARKED,
            (an_absentee(1), an_absentee(2)),
            "Nobody on the list had been marked: 2 people counted as absent, without a record.",
        ),
        (
            WarningSlug.PEOPLE_UNMARKED,
            (an_absentee(1), an_attendee(2)),
            (
                "1 of 2 people on the list had never been marked, and counted as absent, "
                "without a record."
            ),
        ),
        (
            WarningSlug.ABSENT_BUT_FAILED,
            (LOST,),
            "1 person had been marked as failed and as absent: no record tells of a failure.",
        ),
        (
            WarningSlug.SHEET_USED_ELSEWHERE,
            (),
            "The same sheet had also been handed in for other sessions: s-1, s-2 and 3 more.",
        ),
        (
            WarningSlug.ALREADY_EXPIRED,
            (an_attendee(1),),
            "The records had expired when they were written: the last valid day was 2027-03-10.",
        ),
        (
            WarningSlug.COURSE_CHANGED,
            (),
            (
                "The rules of the course had been changed on 2026-03-11 at 00:30:00 "
                "(Europe/Berlin), 2026-03-10 23:30:00 UTC, after the training had begun. The "
                "records followed the "
                "changed rules: training records, a validity of 12 months."
            ),
        ),
    ],
)
def test_warnings_are_told_as_what_was_so(
    slug: WarningSlug, people: Sequence[Attendee], words: str
) -> None:
    """Instructions to an admin, years later, read as if they still waited to be followed."""
    manifest = a_manifest(
        *people, course=a_course(changed_at=TUESDAY), warnings=(GateWarning(slug, SHARED),)
    )
    decided = json.loads(manifest)

    (warning,) = decided["finalization"]["warnings"]

    assert statement(warning, decided) == words


def test_statement_of_a_shared_sheet_is_made_of_the_words_of_the_gate() -> None:
    """Its facts are in these words alone, so that they cannot change without this paper."""
    gate = Gate(Snapshot(a_session(), ()), a_course(), ["s-1", "s-2"], NOW)
    (warning,) = (one for one in warnings_at(gate) if one.slug == WarningSlug.SHEET_USED_ELSEWHERE)

    words = statement({"slug": warning.slug, "detail": warning.detail, "people": []}, {})

    assert words == "The same sheet had also been handed in for other sessions: s-1, s-2."


@pytest.mark.parametrize("slug", [*WarningSlug, "warning-of-a-later-version"])
def test_warning_without_facts_is_told_as_the_admin_was(slug: str) -> None:
    """A summary leaves no warning out, be it one that only a later version knows."""
    decided = json.loads(a_manifest(course=a_course(changed_at=None)))

    words = statement({"slug": slug, "detail": "Look again.", "people": []}, decided)

    assert words in {"Look again.", "The file of the sheet ended early: its last part was missing."}


def test_warning_names_the_first_people_and_counts_the_others() -> None:
    """The manifest names as many; who the others are, the list says."""
    people = [an_absentee(number, name=f"Person {number}") for number in range(1, 6)]
    decided = json.loads(a_manifest(*people))
    named = {"slug": WarningSlug.NOBODY_MARKED, "people": [a_cuid(1), a_cuid(2)]}

    assert about(named, decided) == [
        *("Person 1", f"({a_cuid(1)}),"),
        *("Person 2", f"({a_cuid(2)}), and 3 more"),
    ]
    assert about({"slug": WarningSlug.SHEET_ENDS_EARLY, "people": []}, decided) == []


def test_summary_shows_who_was_marked_both_as_failed_and_as_absent() -> None:
    """No record tells of it, so this paper has to."""
    text = " ".join(said(LOST, an_absentee(4, is_marked=True)).split())

    assert "absent, 1 of them marked as failed name and id" in text
    assert re.search(r"Lea Scaffolder absent, \w+ marked as failed", text)


@pytest.mark.parametrize(("version", "shown"), [("B-7", "B-7"), (None, "none was given")])
def test_summary_names_the_version_of_the_course(version: str | None, shown: str) -> None:
    """That there was none is said in words, since a version may be called anything."""
    assert f"version of the course: {shown}" in said(course=a_course(version=version))


WINTER, SUMMER = "(UTC+00:00)", "(UTC+01:00)"


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "zone", "shown"),
    [
        (
            datetime(2026, 11, 25, 21, tzinfo=UTC),
            datetime(2026, 11, 26, 17, 30, tzinfo=UTC),
            "Europe/Berlin",
            "from 2026-11-25 22:00 (UTC+01:00) to 2026-11-26 18:30 (UTC+01:00)",
        ),
        (
            datetime(2026, 10, 24, 23, 30, tzinfo=UTC),
            datetime(2026, 10, 25, 1, 15, tzinfo=UTC),
            "Europe/London",
            f"from 2026-10-25 00:30 {SUMMER} to 2026-10-25 01:15 {WINTER}",
        ),
        (
            MORNING,
            EVENING,
            "Europe/Berlin",
            "from 2026-03-10 08:00 (UTC+01:00) to 2026-03-10 24:00 (UTC+01:00)",
        ),
        (
            MORNING,
            MORNING,
            "Asia/Kolkata",
            "from 2026-03-10 12:30 (UTC+05:30) to 2026-03-10 12:30 (UTC+05:30)",
        ),
    ],
)
def test_summary_tells_from_when_to_when_by_the_clocks_of_the_place(
    starts_at: datetime, ends_at: datetime, zone: str, shown: str
) -> None:
    """
    Each end has its day, or two days read as hours of each day; and its distance from UTC, or an
    hour at which clocks were changed is two hours.
    """
    details = some_details(starts_at=starts_at, ends_at=ends_at, timezone=zone)
    decided = a_decided(a_session(details=details), manifest_version=2)

    text = "\n".join(pages(canonical(manifest_of(decided, [], []))))

    assert f"{shown}, by the clocks of {zone}" in text


def test_midnight_of_a_first_manifest_is_that_of_the_next_day() -> None:
    """Version 1 counts it so, and names no days."""
    details = some_details(starts_at=MORNING, ends_at=EVENING)
    decided = a_decided(a_session(details=details), manifest_version=1)

    text = "\n".join(pages(canonical(manifest_of(decided, [], []))))

    assert "to 2026-03-11 00:00 (UTC+01:00), by the clocks of Europe/Berlin" in text


def test_summary_of_the_first_release_is_still_written() -> None:
    """A manifest of version 1 has no days, no marks and no warnings."""
    manifest = the_manifest()

    text = "\n".join(pages(manifest))

    assert all(person["personnelId"] in text for person in json.loads(manifest)["attendees"])


def test_summary_of_one_manifest_has_the_same_bytes_each_time() -> None:
    """It is signed by its hash, so a retry has to write what the first try wrote."""
    manifest = a_manifest(an_attendee(1, name="محمد"), an_attendee(2, name="李小龍"))

    assert summary_of(manifest) == summary_of(manifest)


OTHER = "ab" * 32
LOOKALIKE = f"/Subject (manifest {OTHER})"


@pytest.mark.parametrize(
    "title", [LOOKALIKE, f") {LOOKALIKE}", f"\\) {LOOKALIKE}", f"Ł {LOOKALIKE}"]
)
def test_summary_names_its_own_manifest_whatever_people_write(title: str) -> None:
    """Who gives a session the right title cannot make its summary pass for that of another one."""
    details = some_details(title=title, location=title)
    manifest = canonical(manifest_of(a_decided(a_session(details=details)), [], []))

    summary = summary_of(manifest)

    assert is_summary_of(summary, sha256(manifest))
    assert not is_summary_of(summary, OTHER)
