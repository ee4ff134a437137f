"""Reports of a night, and the chain they form."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.domain.audit import AuditEntry
from shared.domain.canonical import canonical, sha256
from shared.domain.report import (
    Checked,
    CheckedSession,
    Report,
    ReportLink,
    chain_faults,
    lost_end,
    read_report,
    report_v2,
)
from testing.builders import SESSION_ID
from tests.first_release import FULL_ID, frozen

NIGHT = date(2026, 11, 27)
AT = datetime(2026, 11, 27, 2, 45, 0, 123456, tzinfo=UTC)
BEFORE = ReportLink("reports/2026/11/26/024500.json", "cd" * 32)


def a_night(back: int, follows: Report | None = None) -> Report:
    """Return the report of a night before *NIGHT*."""
    night = NIGHT - timedelta(days=back)
    link = ReportLink(f"reports/{night:%Y/%m/%d}/024500.json", f"{back:064}")
    return Report(
        link, 2, datetime.combine(night, AT.timetz()), follows.link if follows else None, {}, ()
    )


def nights(*back: int) -> list[Report]:
    """Return reports of these nights, each following the one before."""
    reports: list[Report] = []
    for number in back:
        reports.append(a_night(number, reports[-1] if reports else None))
    return reports


def faults(*reports: Report, has_older: bool = False) -> list[str]:
    """Return what is wrong with the reports before *NIGHT*."""
    return list(chain_faults(reports, NIGHT, has_older=has_older))


def test_report_reads_back() -> None:
    """It says which night it is of, what it follows, where trails ended, and what is open."""
    checked = Checked(
        AT,
        BEFORE,
        ["a gap"],
        [CheckedSession("s-1", (), "ab" * 32), CheckedSession("s-2", ("SHEET: it is gone",), None)],
        ["s-3"],
    )
    content = canonical(report_v2(checked))

    report = read_report("reports/x.json", content)

    assert report == Report(
        ReportLink("reports/x.json", sha256(content)),
        2,
        AT,
        BEFORE,
        {"s-1": "ab" * 32},
        ("s-3",),
    )


def test_report_is_written_to_the_byte() -> None:
    """A report with other content is a new version."""
    sessions = [CheckedSession("s-1", ("SHEET: it is gone",), None)]

    assert canonical(report_v2(Checked(AT, None, [], sessions, []))) == (
        b'{"faults":[],"follows":null,"night":"2026-11-27","notReached":[],"reportVersion":2,'
        b'"sessions":[{"faults":["SHEET: it is gone"],"intact":false,"sessionId":"s-1",'
        b'"trailEnd":null}],"verifiedAt":"2026-11-27T02:45:00.123456Z"}'
    )


def test_report_of_the_first_release_is_read() -> None:
    """It knew no chain, and vouches for the ends of trails all the same."""
    content = frozen(
        "functions/report.v1.json",
        "aea377cab3eea57708794609ccecd2293fd958bc47ef2c7491593efb399814ce",
    )

    report = read_report("reports/2026/09/01/023000.json", content)

    assert (report.version, report.night, report.follows) == (1, date(2026, 9, 1), None)
    assert report.trail_ends == {
        FULL_ID: "e089fe1350e7ca3139c9fa67f8b5e4c1a3f9fad36d254adec6e21fa337c1d031",
        "first-aid": "ab" * 32,
    }
    assert report.not_reached == ()


@pytest.mark.parametrize(
    "reports", [[], nights(1), nights(3, 2, 1), nights(1, 0, 0), nights(0)], ids=len
)
def test_reports_that_follow_each_other_have_no_fault(reports: list[Report]) -> None:
    """A stack's first report follows none, and a night that is repeated has several."""
    assert faults(*reports) == []


def test_reports_of_two_runs_at_once_have_no_fault() -> None:
    """Both follow the one that both have seen."""
    first, second = nights(2, 1)

    assert faults(first, second, replace(second, link=ReportLink("reports/x.json", "x"))) == []


def test_missing_report_is_missed_by_the_next() -> None:
    """Whoever removes one has to remove all that follow it."""
    first, lost, last = nights(3, 2, 1)

    assert faults(first, last) == [
        f"{last.link.key} follows {lost.link.key}, which is not there as it was",
        "there is no report between the nights of 2026-11-24 and 2026-11-26",
    ]


def test_exchanged_report_is_missed_by_the_next() -> None:
    """Another one under the same name has another hash."""
    first, last = nights(2, 1)
    other = replace(first, link=replace(first.link, sha256="0" * 64))

    assert faults(other, last) == [
        f"{last.link.key} follows {first.link.key}, which is not there as it was"
    ]


def test_chain_never_begins_anew() -> None:
    """A report that follows none hides what came before it."""
    assert faults(a_night(2), a_night(1)) == [f"{a_night(1).link.key} names no report before it"]


def test_oldest_report_that_is_read_may_follow_an_older_one() -> None:
    """The two were held against each other when both were read."""
    _, *later = nights(3, 2, 1)

    assert faults(*later, has_older=True) == []
    assert len(faults(*later)) == 1


def test_reports_of_the_first_release_need_no_chain() -> None:
    """The first of this release follows the last of them."""
    old, new = nights(2, 1)

    assert faults(replace(a_night(3), version=1), replace(old, version=1), new) == []


@pytest.mark.parametrize(
    ("back", "fault"),
    [
        ((2,), "there is no report between the nights of 2026-11-25 and 2026-11-27"),
        ((9, 1), "there is no report between the nights of 2026-11-18 and 2026-11-26"),
        ((9, 3, 2, 1), "there is no report between the nights of 2026-11-18 and 2026-11-24"),
    ],
)
def test_gap_in_the_nights_is_a_fault(back: tuple[int, ...], fault: str) -> None:
    """Nobody can stop the check unnoticed. It is told in several nights, in case that one fails."""
    assert faults(*nights(*back)) == [fault]


def test_gap_that_was_told_in_several_nights_is_told_no_more() -> None:
    """The alarm must be free for what comes next."""
    assert faults(*nights(9, 4, 3, 2, 1)) == []


def test_trail_has_the_end_that_was_reported() -> None:
    """It may have gone on since."""
    entries = [AuditEntry(SESSION_ID, number, "{}", f"{number:064}") for number in (1, 2, 3)]

    assert list(lost_end(entries[1].sha256, entries)) == []
    assert list(lost_end(None, entries)) == []
    assert list(lost_end("ab" * 32, entries)) == [
        f"the entry {'ab' * 32} is gone, with which a report says that it ended"
    ]
