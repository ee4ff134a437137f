"""The nightly reports in the vault: reading those of earlier nights, and storing tonight's."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from shared.application.ports.parts import WithAuthority, WithRegister, WithReporter, WithVault
from shared.application.stamps import stamped_at
from shared.domain.canonical import canonical, sha256
from shared.domain.evidence import ObjectVersion
from shared.domain.night import FRESH_NIGHTS
from shared.domain.report import (
    Checked,
    Report,
    chain_faults,
    read_report,
    report_v2,
)
from shared.domain.stored_versions import first_versions, put_over
from shared.domain.time_stamp import report_stamp_fault


class ReportPorts(WithVault, WithRegister, WithReporter, WithAuthority, Protocol):
    """The ports of reading and storing reports."""

    @property
    def retention_years(self) -> int:
        """How long evidence is kept if its course does not say."""

    @property
    def seal_check_days(self) -> int:
        """The number of nights in which each seal is checked once."""

    @property
    def time_stamps_since(self) -> date:
        """The first day whose reports need a time stamp, if there is an authority."""


class ReportExists(Exception):
    """There is a report of this very second: another run made it. This one is to be repeated."""


@dataclass(frozen=True, slots=True)
class EarlierReports:
    """
    What the reports of the nights before say: the last end of each trail, the sessions that the
    last of them did not reach, and what is wrong with the reports themselves.
    """

    last: Report | None
    trail_ends: Mapping[str, str]
    not_reached: tuple[str, ...]
    faults: tuple[str, ...]


def read_reports(now: datetime, ports: ReportPorts) -> EarlierReports:
    """Read the reports since each seal was checked last, and look for traces on all others."""
    found = ports.register.reports()
    first = first_versions(found)
    keys = sorted(key for key in first if key.endswith(".json"))
    since = now - timedelta(days=ports.seal_check_days + FRESH_NIGHTS)
    # One more, so that a gap shows on both of its sides.
    oldest = max(bisect_left(keys, ports.vault.report_keys(since).report) - 1, 0)
    recent = keys[oldest:]
    reports = {key: _signed(key, first, ports) for key in recent}
    ours = [report for report in reports.values() if report is not None]
    copied = [report for report in ours if report.link.key != _own_key(report, ports)]
    signed = [report for report in ours if report not in copied]
    copies = (f"{one.link.key} is a copy of {_own_key(one, ports)}" for one in copied)
    unsigned = (f"{key} is not signed with our key" for key in recent if reports[key] is None)
    chain = chain_faults(signed, now.date(), has_older=oldest > 0)
    return EarlierReports(
        last=signed[-1] if signed else None,
        trail_ends={name: end for report in signed for name, end in report.trail_ends.items()},
        not_reached=signed[-1].not_reached if signed else (),
        faults=(*put_over(found), *unsigned, *copies, *chain, *_stamp_faults(signed, now, ports)),
    )


def store_report(checked: Checked, ports: ReportPorts) -> None:
    """
    Store the signature and then the report, so that there is no report without one.

    Raises:
        ReportExists: Another run reports at the same second.
    """
    report = canonical(report_v2(checked))
    keys = ports.vault.report_keys(checked.at)
    until = checked.at + timedelta(days=365 * ports.retention_years)
    parts = (
        (keys.signature, ports.reporter.sign(sha256(report)), "application/octet-stream"),
        (keys.report, report, "application/json"),
    )
    for key, body, content_type in parts:
        is_new = ports.vault.put_once(key, body, content_type, until)
        # Of a try whose answer was lost, the next one finds its own work.
        if not is_new and ports.vault.read(key) != body:
            raise ReportExists(keys.report)


def _stamp_faults(reports: Sequence[Report], now: datetime, ports: ReportPorts) -> Iterator[str]:
    """
    What is wrong with the time stamp of the newest report that had two nights to get it.

    Each report names the one before: what vouches for one vouches for all before it.
    """
    days = (ports.time_stamps_since, now.date() - timedelta(days=2))
    due = [one for one in reports if one.version > 1 and days[0] <= one.night <= days[1]]
    if ports.authority is not None and due:
        link, night = due[-1].link, due[-1].night
        found = stamped_at(link.key, link.sha256, ports.vault, ports.authority)
        fault = report_stamp_fault(night, found)
        if fault:
            yield f"{link.key} {fault}"


def _own_key(report: Report, ports: ReportPorts) -> str:
    """Where the report belongs: a genuine one says nothing of any other night."""
    return ports.vault.report_keys(report.at).report


def _signed(key: str, first: Mapping[str, ObjectVersion], ports: ReportPorts) -> Report | None:
    """The report, if its signature is there and ours."""
    content = ports.vault.read_version(first[key])
    signature = first.get(f"{key.removesuffix('.json')}.sig")
    if signature is None:
        return None
    is_ours = ports.reporter.is_valid(sha256(content), ports.vault.read_version(signature))
    return read_report(key, content) if is_ours else None
