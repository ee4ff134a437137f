"""
The report of a night: what was checked, and where each audit trail ended. Each report names the one
before, so that none can be exchanged or left out without being missed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from shared.domain.audit import AuditEntry
from shared.domain.canonical import Json, moment, sha256
from shared.domain.night import FRESH_NIGHTS


@dataclass(frozen=True, slots=True)
class CheckedSession:
    """
    The result for one session: its faults by subject, or why it could not be verified; and the
    SHA-256 of the last entry of its trail.
    """

    session_id: str
    faults: tuple[str, ...]
    trail_end: str | None

    @property
    def broken(self) -> list[str]:
        """What is not intact, without any value."""
        return list(dict.fromkeys(fault.partition(":")[0] for fault in self.faults))


@dataclass(frozen=True, slots=True)
class ReportLink:
    """A stored report, by its key and the SHA-256 of its content."""

    key: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Report:
    """
    A report as read back. *follows* is the report before; None in a stack's first one, and in all
    of version 1, which knew no chain.
    """

    link: ReportLink
    version: int
    at: datetime
    follows: ReportLink | None
    trail_ends: Mapping[str, str]
    not_reached: tuple[str, ...]

    @property
    def night(self) -> date:
        return self.at.date()


@dataclass(frozen=True, slots=True)
class Checked:
    """All that a night has to report: *faults* are those of the reports before."""

    at: datetime
    follows: ReportLink | None
    faults: Sequence[str]
    sessions: Sequence[CheckedSession]
    not_reached: Sequence[str]


def report_v2(checked: Checked) -> Json:
    """The content of a report, version 2. A report with other content is a new version."""
    follows = checked.follows
    return {
        "reportVersion": 2,
        "verifiedAt": moment(checked.at),
        "night": checked.at.date().isoformat(),
        "follows": {"key": follows.key, "sha256": follows.sha256} if follows else None,
        "faults": list(checked.faults),
        "sessions": [
            {
                "sessionId": session.session_id,
                "intact": not session.faults,
                "faults": list(session.faults),
                "trailEnd": session.trail_end,
            }
            for session in checked.sessions
        ],
        "notReached": list(checked.not_reached),
    }


def read_report(key: str, content: bytes) -> Report:
    """A report of any version that was released."""
    says = json.loads(content)
    return Report(
        link=ReportLink(key, sha256(content)),
        version=says["reportVersion"],
        at=datetime.fromisoformat(says["verifiedAt"]),
        follows=ReportLink(**says["follows"]) if says.get("follows") else None,
        trail_ends={
            session["sessionId"]: session["trailEnd"]
            for session in says["sessions"]
            if session["trailEnd"]
        },
        not_reached=tuple(says.get("notReached", ())),
    )


def chain_faults(reports: Sequence[Report], night: date, *, has_older: bool) -> Iterator[str]:
    """
    What is wrong with the *reports* up to *night*, in their order: one that does not follow a
    report that is there, and nights without one. *has_older* says that these are not all.
    """
    stored = {report.link.key: report.link for report in reports}
    for number, report in enumerate(reports):
        is_first = number == 0
        if report.version == 1 or (is_first and (has_older or report.follows is None)):
            # The one before was held against it while both were young enough to be read.
            continue
        if report.follows is None:
            yield f"{report.link.key} names no report before it"
        elif stored.get(report.follows.key) != report.follows:
            yield f"{report.link.key} follows {report.follows.key}, which is not there as it was"
    yield from _gaps([*(report.night for report in reports), night])


def _gaps(nights: Sequence[date]) -> Iterator[str]:
    """A gap is told in the nights after it, as a fresh seal is checked in several nights."""
    for earlier, later in pairwise(nights):
        is_new = later >= nights[-1] - timedelta(days=FRESH_NIGHTS)
        if later - earlier > timedelta(days=1) and is_new:
            yield f"there is no report between the nights of {earlier} and {later}"


def lost_end(reported: str | None, entries: Sequence[AuditEntry]) -> Iterator[str]:
    """A trail that no longer has the entry with which the last report about it ended."""
    if reported is not None and reported not in {entry.sha256 for entry in entries}:
        yield f"the entry {reported} is gone, with which a report says that it ended"
